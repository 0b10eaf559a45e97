import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, type Browser } from '../support/browser.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, tokenFor, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startTestStack({ redis: true }), openBrowser()]);
  space = await openSpace(stack, stack.apis);
});
afterAll(async () => {
  await browser.close();
  await space.close();
  await stack.close();
});

/** `SCREENSHOTS=1 npx vitest run test/flow/dashboard-browser.test.ts` draws those of the documentation anew. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] === '1') await page.screenshot({ path: join('docs/screenshots', `${name}.png`) });
}

async function groupId(): Promise<string> {
  const [row] = await stack.sql<{ id: string }>('select id from access_group where "orgId" = $1 and name = $2', [space.org, ROOM]);
  return row?.id ?? '';
}

/** A job that fails for an honest reason: a table that it needs is not there. */
async function failedJob(accessGroupId: string) {
  await stack.sql('alter table group_claim rename to group_claim_away');
  const queue = stack.queues.find(({ name }) => name === 'access');
  const job = await queue?.add('grant', { accessGroupId, at: null }, { attempts: 1 });
  await expect.poll(() => job?.getState()).toBe('failed');
  if (job === undefined) throw new Error('There is no queue of that name.');
  return { job, repair: () => stack.sql('alter table group_claim_away rename to group_claim') };
}

test('an operator logs in, sees what is due and what failed and why, goes to the group and back, and has the job tried again', async () => {
  const { page } = browser;
  const [opensAt, id] = [Math.ceil(Date.now() / 60_000) * 60_000 + 2 * 3_600_000, await groupId()];
  await space.access(await space.member(), { from: opensAt });
  const { job, repair } = await failedJob(id);

  await page.goto(`${stack.front.url}/admin/queues`);
  await page.getByPlaceholder("an operator's token").fill(await tokenFor('--role', 'admin', '--org', space.org));
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('link', { name: 'access' }).first().click();

  await page.getByRole('link', { name: /^delayed/i }).click();
  const due = new Date(opensAt).toISOString().slice(0, 16).replace('T', ' ');
  const subject = `group ${id.slice(-12)}`;
  await page.getByText(`grant · ${subject} · due ${due} UTC`).waitFor();
  await page.getByText(`prepare · ${subject} · for ${due} UTC`).waitFor();
  expect(await page.getByText(id).count()).toBeGreaterThan(0);
  await picture(page, 'delayed');

  await page.getByRole('link', { name: /^failed/i }).click();
  const reason = await page.getByText('The log has it as').innerText();
  expect(reason).toMatch(/^The database refused a statement \(42P01\)\. The log has it as [\w-]{36}\.$/);
  expect(stack.logged()).toContain(`"errorId":"${reason.slice(-37, -1)}"`);
  expect(await page.content()).not.toContain('node_modules');
  await picture(page, 'failed');

  const [group] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'Its group' }).click()]);
  await group.getByRole('heading', { name: ROOM }).waitFor();
  await group.getByText(reason).waitFor();
  await picture(group, 'group');
  await group.locator(`a[href="/admin/queues/queue/access/${job.id}"]`).click();
  await group.getByText(`#${job.id}`).waitFor();

  await repair();
  const retry = group.locator('main ul li button').first();
  await retry.hover();
  await group.getByText('Retry', { exact: true }).waitFor();
  await retry.click();
  await group.getByRole('button', { name: 'Confirm' }).click();
  await expect.poll(() => job.getState(), { timeout: 10_000 }).toBe('completed');
  await group.goBack();
  await group.reload();
  await group.getByText('Jobs', { exact: true }).waitFor();
  expect(await group.getByText(reason).count()).toBe(0);
}, 60_000);
