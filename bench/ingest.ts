import { succeeded, UPSERT_BOOKING } from './documents.ts';
import { createLoad, timed } from './load.ts';
import { inTurns, type Measure } from './row.ts';
import { ORG } from './space.ts';

const CONNECTIONS = 20;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** As a platform's bookings lie ahead: a few within the horizon of delayed jobs, most beyond. */
const DAYS_AHEAD = 60;
const MINUTE = 60_000;

/**
 * P5: bookings told at 20 connections: new ones, the same again, and the same a minute later than they were; beside a bare Prisma
 * transaction that writes the same rows.
 */
export const ingest: Measure = async ({ deployment, space, quick, progress, profiled }) => {
  const [rounds, bookings] = quick ? [2, 60] : [7, 400];
  const floor = await deployment.startFloor('api');
  const load = createLoad(CONNECTIONS);
  const tokens = await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => space.serviceToken(index)));
  // Told again, a booking says the same to the millisecond.
  const from = Date.now();
  const told = (series: string, index: number, later: number) => {
    const startsAt = from + DAY + ((index * 37) % DAYS_AHEAD) * DAY + (index % 9) * HOUR + later;
    return {
      externalId: `ingest-${series}-${index}`,
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(startsAt + HOUR).toISOString(),
      room: space.room(index % space.groups),
      // Not those whose keys are looked at.
      member: space.member(space.crew + (index % (space.people - space.crew))),
    };
  };
  const ours =
    (series: string, later = 0) =>
    async (index: number) => {
      const { room, member, ...booking } = told(series, index, later);
      const input = { ...booking, resource: { externalId: room }, member: { externalId: member } };
      const token = tokens[index % CONNECTIONS] ?? '';
      succeeded(await load.post(deployment.api.url, { token, query: UPSERT_BOOKING, variables: { input } }));
    };
  const bare =
    (series: string, later = 0) =>
    (index: number) => {
      const { room, ...booking } = told(series, index, later);
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
  const moved = { ours: [] as number[], floor: [] as number[] };
  try {
    for (const send of [ours('warm'), bare('warm-floor')]) await perSecond(send);
    await inTurns(
      rounds,
      async (round) => {
        progress(`round ${round + 1} of ${rounds}`);
        await profiled('P5', deployment.api, async () => {
          fresh.ours.push(await perSecond(ours(String(round))));
          again.ours.push(await perSecond(ours(String(round))));
          moved.ours.push(await perSecond(ours(String(round), MINUTE)));
        });
      },
      async (round) => {
        await profiled('P5-floor', floor, async () => {
          fresh.floor.push(await perSecond(bare(`floor-${round}`)));
          again.floor.push(await perSecond(bare(`floor-${round}`)));
          moved.floor.push(await perSecond(bare(`floor-${round}`, MINUTE)));
        });
      },
    );
    const note = `${CONNECTIONS} connections; floor: a bare mutation, one Prisma transaction that writes the same rows`;
    const common = { unit: '/s', goal: 0.6, moreIsBetter: true, note };
    return [
      { name: 'P5 ingest', what: 'new bookings per second', ...fresh, ...common },
      { name: 'P5 ingest', what: 'repeated bookings per second', ...again, ...common },
      { name: 'P5 ingest', what: 'moved bookings per second', ...moved, ...common, note: `${note}; the floor moves the booking alone` },
    ];
  } finally {
    load.close();
    await floor.stop();
  }
};
