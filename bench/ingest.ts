import { succeeded, UPSERT_BOOKING } from './documents.ts';
import { createLoad, timed } from './load.ts';
import { inTurns, type Measure } from './row.ts';
import { ORG } from './space.ts';

const CONNECTIONS = 20;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** As a platform's bookings lie ahead: a few within the horizon of delayed jobs, most beyond. */
const DAYS_AHEAD = 60;

/** P5: bookings told at 20 connections, new ones and then the same again, beside a bare Prisma transaction that writes the same rows. */
export const ingest: Measure = async ({ deployment, space, quick, progress, profiled }) => {
  const [rounds, bookings] = quick ? [2, 60] : [7, 400];
  const floor = await deployment.startFloor('api');
  const load = createLoad(CONNECTIONS);
  const tokens = await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => space.serviceToken(index)));
  const told = (series: string, index: number) => {
    const startsAt = Date.now() + DAY + ((index * 37) % DAYS_AHEAD) * DAY + (index % 9) * HOUR;
    return {
      externalId: `ingest-${series}-${index}`,
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(startsAt + HOUR).toISOString(),
      room: space.room(index % space.groups),
      // Not those whose keys are looked at.
      member: space.member(space.crew + (index % (space.people - space.crew))),
    };
  };
  const ours = (series: string) => async (index: number) => {
    const { room, member, ...booking } = told(series, index);
    const input = { ...booking, resource: { externalId: room }, member: { externalId: member } };
    const token = tokens[index % CONNECTIONS] ?? '';
    succeeded(await load.post(deployment.api.url, { token, query: UPSERT_BOOKING, variables: { input } }));
  };
  const bare = (series: string) => (index: number) => {
    const { room, ...booking } = told(series, index);
    const query = 'mutation Book($input: BookingInput!) { book(input: $input) { id } }';
    return load.post(floor.url, { query, variables: { input: { ...booking, resource: room, orgId: ORG } } });
  };
  const perSecond = async (send: (index: number) => Promise<unknown>): Promise<number> => {
    const from = performance.now();
    await timed(bookings, CONNECTIONS, send);
    return bookings / ((performance.now() - from) / 1_000);
  };
  const fresh = { ours: [] as number[], floor: [] as number[] };
  const again = { ours: [] as number[], floor: [] as number[] };
  try {
    for (const send of [ours('warm'), bare('warm-floor')]) await perSecond(send);
    await inTurns(
      rounds,
      async (round) => {
        progress(`round ${round + 1} of ${rounds}`);
        await profiled('P5', deployment.api, async () => {
          fresh.ours.push(await perSecond(ours(String(round))));
          again.ours.push(await perSecond(ours(String(round))));
        });
      },
      async (round) => {
        await profiled('P5-floor', floor, async () => {
          fresh.floor.push(await perSecond(bare(`floor-${round}`)));
          again.floor.push(await perSecond(bare(`floor-${round}`)));
        });
      },
    );
    const note = `${CONNECTIONS} connections; floor: a bare mutation, one Prisma transaction that writes the same rows`;
    const common = { unit: '/s', goal: 0.6, moreIsBetter: true, note };
    return [
      { name: 'P5 ingest', what: 'new bookings per second', ...fresh, ...common },
      { name: 'P5 ingest', what: 'repeated bookings per second', ...again, ...common },
    ];
  } finally {
    load.close();
    await floor.stop();
  }
};
