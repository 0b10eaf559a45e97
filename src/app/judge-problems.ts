import type { IntegrationProblemCode } from '../core/problems.ts';
import type { NewActivity } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { record, type After } from './change.ts';
import { locationTopic } from './topics.ts';

/** What the evidence says of one problem of a connection. */
export interface Finding {
  code: IntegrationProblemCode;
  /** the group it is about; null where it is about the connection */
  accessGroupId: string | null;
  /** what is wrong; null where nothing is, or no longer */
  message: string | null;
  /** told where it was open and nothing is wrong any more */
  mended: string;
}

/** Opens and closes problems, with an activity row at both ends, and tells who listens. A change of words alone is no new problem. */
export async function judgeProblems(tx: Tx, after: After, of: { id: string; locationId: string }, findings: Finding[]): Promise<void> {
  const rows: NewActivity[] = [];
  let seen = false;
  for (const { code, accessGroupId, message, mended } of findings) {
    const about = { code, accessGroupId };
    const told = message === null ? await close(tx, of.id, about, mended) : await open(tx, of.id, about, message);
    if (told === null) continue;
    seen = true;
    if (told !== '') {
      const problems = [{ code, opened: message !== null }];
      rows.push({
        locationId: of.locationId,
        at: tx.now,
        type: 'INTEGRATION_PROBLEM',
        accessGroupId,
        actor: 'system',
        detail: told,
        problems,
      });
    }
  }
  await record(tx, after, rows, seen ? [locationTopic(of.locationId)] : []);
}

type About = Pick<Finding, 'code' | 'accessGroupId'>;

/** What is to be told of it; empty where only the words have changed, null where nothing has. */
async function open(tx: Tx, integrationId: string, about: About, message: string): Promise<string | null> {
  const opened = await tx.integrations.openProblem(integrationId, { ...about, message });
  return opened === 'same' ? null : opened === 'opened' ? message : '';
}

async function close(tx: Tx, integrationId: string, about: About, mended: string): Promise<string | null> {
  return (await tx.integrations.closeProblem(integrationId, about)) ? mended : null;
}
