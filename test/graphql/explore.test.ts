import { test } from 'vitest';
import { createWorld, callerOf } from './world.ts';
import { plantHarbour } from './harbour.ts';

test('explore', async () => {
  const world = await createWorld();
  try {
  const h = await plantHarbour(world);
  const show = async (caller: any, q: string, v = {}) => {
    let r: any; const s = await world.statements(async () => { r = await world.answer(caller, q, v); });
    console.log(q, '\n', JSON.stringify(r, null, 1).slice(0, 3000), '\n', s.length, s.map((x) => x.length > 1500 ? x.slice(0, 1500) + '…' : x).join('\n --\n'));
    for (const e of r.errors ?? []) if (e.originalError) console.log(e.originalError);
  };
  const admin = callerOf('admin');
  await show(admin, '{ location(ref: {externalId: "harbour"}) { id name digitalKey { id status label hiddenReason location { name } } } }');
  await show(admin, '{ locations { edges { cursor node { name plans(first: 1) { pageInfo { hasNextPage } edges { node { name accessGroup { name warnings { code } locks { name } } } } } } } } }');
  await show(admin, '{ location(ref: {externalId: "harbour"}) { integration { status site { name } availableSites { name } problems { code } accessGroups { edges { node { name memberships { edges { node { state lastError member { firstName } rights { status startsAt } } } } } } } } } }');
  await show(admin, '{ memberSubscription(ref: {externalId: "sub-1"}) { status startsOn endsOn company { name } member { id } items { plan { name } } dayPassesLeft } }');
  await show(admin, '{ booking(ref: {externalId: "booking-1"}) { status accessStartsAt accessEndsAt startsAt invitees { firstName email } member { firstName } } }');
  await show(callerOf('member', { subject: 'cas' }), '{ booking(ref: {externalId: "booking-1"}) { status resource { name externalId } invitees { firstName email } member { firstName email } } viewer { role member { email } } }');
  await show(callerOf('member', { subject: 'ada' }), '{ location(ref: {externalId: "harbour"}) { integration { id } plans { edges { node { id } } } digitalKey(deviceUid: "phone-1") { status label } } }');
  await show(admin, '{ explainAccess(member: {externalId: "ada"}, accessGroup: "' + Buffer.from('AccessGroup:' + h.harbour.group).toString('base64url') + '") { allowed memberMessage staffMessage steps { holds subject detail } rights { id } } }');
  } finally { await world.close(); }
}, 60000);
