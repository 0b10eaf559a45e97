import { performance } from 'node:perf_hooks';

interface StepResult {
  name: string;
  milliseconds: number;
  note: string;
}

/** Steps told as they happen, and a table of them at the end. The first that does not hold ends the journey. */
export class Journey {
  private readonly results: StepResult[] = [];
  private readonly begun = performance.now();

  /** `act` answers with what was seen, and with its latency where that counts from another moment than the step's beginning. */
  async step(name: string, act: () => Promise<string | { seen: string; milliseconds: number }>): Promise<void> {
    process.stdout.write(`  ${name} … `);
    const from = performance.now();
    try {
      const answer = await act();
      const elapsed = performance.now() - from;
      const { seen, milliseconds } = typeof answer === 'string' ? { seen: answer, milliseconds: elapsed } : answer;
      this.results.push({ name, milliseconds, note: seen });
      console.log(`${seen} (${show(milliseconds)})`);
    } catch (error) {
      console.log('does not hold');
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  chapter(title: string): void {
    console.log(`\n${title}`);
  }

  table(): string {
    const width = Math.max(...this.results.map(({ name }) => name.length));
    const rows = this.results.map(({ name, milliseconds, note }) => `${name.padEnd(width)}  ${show(milliseconds).padStart(9)}  ${note}`);
    const total = `${this.results.length} steps in ${((performance.now() - this.begun) / 1000).toFixed(1)} s, all as they should be.`;
    return [`${'step'.padEnd(width)}  ${'latency'.padStart(9)}  what was seen`, ...rows, '', total].join('\n');
  }
}

const show = (milliseconds: number): string => `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
