import { escapeHtml, page } from './html.ts';
import { overview, type PersonAtDoor, type SiteOverview } from './overview.ts';
import type { SimulatorState } from './state.ts';

const REFRESH_SECONDS = 2;

const dash = '<span class="quiet">–</span>';

function row(cells: string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function table(headings: string[], rows: string[]): string {
  const head = headings.map((heading) => `<th scope="col">${heading}</th>`).join('');
  const body = rows.length > 0 ? rows.join('') : `<tr><td colspan="${headings.length}">${dash}</td></tr>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function names(list: string[], more: number): string {
  if (list.length === 0) return dash;
  return escapeHtml(list.join(', ')) + (more > 0 ? ` <span class="quiet">and ${more} more</span>` : '');
}

function refused(people: PersonAtDoor[]): string {
  const lines = people.filter((person) => !person.opens).map((person) => `${person.name} (${(person.reason ?? '').replaceAll('_', ' ')})`);
  return lines.length > 0 ? `<span class="no">${escapeHtml(lines.join(', '))}</span>` : dash;
}

function allowed(people: PersonAtDoor[], more: number): string {
  const list = people.filter((person) => person.opens).map((person) => person.name);
  return list.length > 0 ? `<span class="yes">${names(list, more)}</span>` : names([], more);
}

function siteSection(site: SiteOverview): string {
  const { taken, bought, suspended } = site.seats;
  const facts = [
    site.timeZone,
    `${taken} of ${bought} seats taken`,
    ...(suspended > 0 ? [`${suspended} suspended`] : []),
    ...(site.released ? [] : ['not released']),
    ...(site.mkeyCompatible ? [] : ['no mobile keys']),
  ];
  const doors = site.doors.map((door) =>
    row([
      `${escapeHtml(door.name)}${door.online ? '' : ' <span class="no">offline</span>'}`,
      allowed(door.people, door.more),
      refused(door.people),
    ]),
  );
  const groups = site.groups.map((group) =>
    row([
      escapeHtml(group.name),
      names(group.doors, 0),
      group.schedules.length > 0 ? names(group.schedules, 0) : '<span class="no">none: opens nothing</span>',
      names(group.members, group.more),
    ]),
  );
  const entries = site.entries.map((entry) =>
    row([
      escapeHtml(entry.at),
      escapeHtml(entry.door),
      escapeHtml(entry.person),
      `<span class="${entry.category === 'lock_opened' ? 'yes' : 'no'}">${escapeHtml(entry.category.replaceAll('_', ' '))}</span>`,
      escapeHtml(entry.detail ?? ''),
      escapeHtml(entry.accessBy),
    ]),
  );
  return `<section>
<h2>${escapeHtml(site.name)}</h2>
<p class="quiet">${escapeHtml(facts.join(' · '))}</p>
<h3>Doors, now</h3>${table(['Door', 'Opens for', 'Stays shut for'], doors)}
<h3>Access groups</h3>${table(['Group', 'Doors', 'Time schedules', 'Members'], groups)}
<h3>Last entries</h3>${table(['When', 'Door', 'Person', 'What', 'Detail', 'By'], entries)}
</section>`;
}

/** The simulator's state at a glance, redrawn every two seconds. */
export function doorsPage(state: SimulatorState): string {
  const seen = overview(state);
  const settings = state.switches.show();
  const switches = seen.changedSwitches.map((name) => row([name, `<code>${escapeHtml(JSON.stringify(settings[name]))}</code>`]));
  const body = `<body>
<h1>SALTO KS simulator</h1>
<p class="quiet">${escapeHtml(state.url)} · ${escapeHtml(seen.now)} · ${state.calls.find({}).length} calls · not the real thing</p>
${switches.length > 0 ? `<h3>Switches away from their default</h3>${table(['Switch', 'Value'], switches)}` : ''}
${seen.sites.map(siteSection).join('\n')}
</body>`;
  return page('SALTO KS simulator', body, `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">\n`);
}
