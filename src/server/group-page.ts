import type { GroupView } from '../ports/operator-view.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { activityTable, connectionTable, locationLink, moment, row, table, topOf } from './location-page.ts';
import type { GroupJob } from './queue-jobs.ts';
import { LOOKED_AT } from './queue-jobs.ts';

/** One access group: who is where, what is due, what was told, and the jobs about it. `jobs` null: the queue does not answer. */
export function groupPage(of: GroupView, jobs: readonly GroupJob[] | null): Html {
  return html`${topOf(of.name)}
    <p class="quiet">${locationLink(of)} · at the lock system <code>${of.externalId}</code> · <code>${of.id}</code></p>
    ${warnings(of)}
    <h2>Connection</h2>
    ${connectionTable(of.connection)}
    <h2>Memberships by state</h2>
    ${table(
      ['State', 'Wanted now', 'Managed', 'Memberships'],
      of.states.map(({ state, wanted, managed, memberships }) => row([state, yes(wanted), yes(managed), memberships])),
    )}
    <p>Next due: ${moment(of.nextDueAt) ?? 'nothing'}</p>
    <h2>Waiting for their next step, or for somebody</h2>
    ${table(
      ['Member', 'State', 'Cause', 'Wanted now', 'Tries', 'Due', 'Last error', 'Id'],
      of.waiting.map((one) =>
        row(
          [
            one.member,
            one.state,
            one.blockedCause,
            yes(one.wanted),
            one.attempts,
            moment(one.dueAt),
            one.lastError,
            html`<code>${one.id}</code>`,
          ],
          one.id,
        ),
      ),
    )}
    <h2>Jobs</h2>
    ${jobTable(jobs)}
    <h2>Newest activity</h2>
    ${activityTable(of.activity)}`;
}

const yes = (value: boolean): string => (value ? 'yes' : 'no');

function warnings({ scheduled, locks, strangers, missingSince, connection, siteExternalId }: GroupView): Html {
  const found = [
    ...(missingSince === null && siteExternalId === connection.siteExternalId ? [] : ['MISSING_AT_PROVIDER']),
    ...(scheduled ? [] : ['NO_TIME_SCHEDULE']),
    ...(locks > 0 ? [] : ['NO_LOCKS']),
    ...(strangers > 0 ? [`FOREIGN_MEMBERS: ${strangers}`] : []),
  ];
  return found.length === 0 ? html`` : html`<p class="bad">Warnings: ${found.join(', ')}</p>`;
}

function jobTable(jobs: readonly GroupJob[] | null): Html {
  if (jobs === null) return html`<p class="bad">The queue does not answer.</p>`;
  const rows = jobs.map(({ page, title, state, failure }) => row([html`<a href="${page}">${title}</a>`, state, failure]));
  return html`${table(['Job', 'State', 'Why it failed'], rows)}
    <p class="quiet">Among the next ${LOOKED_AT} of each state, and the ${LOOKED_AT} that failed last. Without a job the sweep finds what is due.</p>`;
}
