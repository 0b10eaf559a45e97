import type { ConnectionView, LocationView, OpenProblem, Overview, Place, ToldActivity } from '../ports/operator-view.ts';
import { utc } from './board.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { ADMIN } from './operators.ts';

const DASH = html`<span class="quiet">–</span>`;

export function topOf(title: string): Html {
  return html`<nav>
      <a href="${ADMIN}">What is wrong now</a><a href="${ADMIN}/queues/">Queues</a>
      <form action="${ADMIN}/find"><input name="id" required placeholder="an id of a job, a log line, the activity" /><button>Find</button></form>
    </nav>
    <h1>${title}</h1>`;
}

export function table(headings: readonly string[], rows: readonly Html[]): Html {
  if (rows.length === 0) return html`<p class="quiet">None.</p>`;
  const head = headings.map((heading) => html`<th scope="col">${heading}</th>`);
  return html`<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

export function row(cells: readonly (Html | string | number | null)[], id: string | null = null): Html {
  const tds = cells.map((cell) => html`<td>${cell ?? DASH}</td>`);
  return id === null ? html`<tr>${tds}</tr>` : html`<tr id="${id}">${tds}</tr>`;
}

export const moment = (at: number | null): Html | null => (at === null ? null : html`<time>${utc(at)}</time>`);

export const locationLink = (of: Place): Html =>
  html`<a href="${ADMIN}/locations/${of.locationId}">${of.location}</a> <span class="quiet">${of.orgId}</span>`;
export const groupLink = (id: string, name: string): Html => html`<a href="${ADMIN}/groups/${id}">${name}</a>`;

export function overviewPage({ problems, overdue, blocked }: Overview): Html {
  return html`${topOf('What is wrong now')}
    <h2>Open problems of connections</h2>
    ${table(
      ['Location', 'Problem', 'Since', 'Told to administrators'],
      problems.map((problem) => row([locationLink(problem), bad(problem.code), moment(problem.since), problem.message])),
    )}
    <h2>Groups with something due for more than a minute</h2>
    ${table(
      ['Location', 'Group', 'Memberships', 'Due since', 'Why'],
      overdue.map((late) =>
        row([
          locationLink(late),
          groupLink(late.groupId, late.group),
          late.memberships,
          moment(late.since),
          late.callable
            ? bad('the connection is usable: look at the failed jobs and the workers')
            : 'the connection is out, paused or not authorized',
        ]),
      ),
    )}
    <h2>Blocked memberships</h2>
    ${table(
      ['Location', 'Cause', 'Memberships'],
      blocked.map((some) => row([locationLink(some), some.cause, some.memberships])),
    )}`;
}

const bad = (text: string): Html => html`<span class="bad">${text}</span>`;

export function locationPage(of: LocationView): Html {
  return html`${topOf(of.location)}
    <p class="quiet">Organisation ${of.orgId} · external id ${of.externalId} · ${of.timeZone} · <code>${of.locationId}</code></p>
    <h2>Connection</h2>
    ${of.connection === null ? html`<p class="quiet">Never connected.</p>` : connectionTable(of.connection)}
    <h2>Open problems</h2>
    ${problemTable(of.problems)}
    <h2>Access groups</h2>
    ${table(
      ['Group', 'Memberships', 'Wanted now', 'Active', 'Blocked or unknown', 'Next due'],
      of.groups.map((group) =>
        row([
          groupLink(group.groupId, group.group),
          group.memberships,
          group.wanted,
          group.active,
          group.blocked > 0 ? bad(String(group.blocked)) : 0,
          moment(group.dueAt),
        ]),
      ),
    )}
    <h2>Newest activity</h2>
    ${activityTable(of.activity)}`;
}

export function connectionTable(connection: ConnectionView): Html {
  const { status, seatsTotal, seatsUsed } = connection;
  const seats = seatsTotal === null ? null : `${seatsUsed ?? '?'} of ${seatsTotal} taken`;
  return table(
    ['Status', 'Site', 'Seats', 'Paused until', 'Does not answer since', 'Last sync', 'Id'],
    [
      row(
        [
          status === 'CONNECTED' ? status : bad(status),
          connection.site ?? connection.siteExternalId,
          seats,
          moment(connection.pausedUntil),
          moment(connection.unavailableSince),
          moment(connection.lastSyncedAt),
          html`<code>${connection.id}</code>`,
        ],
        connection.id,
      ),
    ],
  );
}

export function problemTable(problems: readonly OpenProblem[]): Html {
  return table(
    ['Problem', 'Since', 'Told to administrators'],
    problems.map(({ code, since, message }) => row([bad(code), moment(since), message])),
  );
}

export function activityTable(activity: readonly ToldActivity[]): Html {
  return table(
    ['When', 'What', 'Member', 'Told', 'By', 'Id'],
    activity.map(({ id, at, type, member, groupId, detail, actor }) =>
      row([moment(at), groupId === null ? type : groupLink(groupId, type), member, detail, actor, html`<code>${id}</code>`], id),
    ),
  );
}
