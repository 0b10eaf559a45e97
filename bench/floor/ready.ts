import process from 'node:process';

/** Tells the bench that the floor takes work, and ends the process when asked to. */
export function ready(at: string): void {
  console.log(`ready ${at} `);
  process.once('SIGTERM', () => process.exit(0));
}

/** Of the environment that ours is given too. */
export function given(name: 'DATABASE_URL' | 'REDIS_URL' | 'ENCRYPTION_KEYS'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
