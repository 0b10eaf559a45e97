import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { debianProgram } from './debian-program.ts';

export interface Browser {
  page: Page;
  close(): Promise<void>;
}

/** Nothing but what a test asks for: no first-run pages, no updates, no sync, no calls home. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium with an empty profile of its own. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await debianProgram({
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    folders: [],
    package: 'chromium',
    missing: 'The dashboard is tested in a real browser: install Chromium (Debian: sudo apt-get install chromium).',
  });
  const profile = await mkdtemp(join(tmpdir(), 'latchkey-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 720 },
    locale: 'en-US',
    // Operators sit anywhere: what is told in UTC must not depend on where.
    timezoneId: 'Pacific/Chatham',
    // Chromium's own sandbox cannot be had as root, as in a container.
    args: [...QUIET, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  return {
    page: context.pages()[0] ?? (await context.newPage()),
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
