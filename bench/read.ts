import { READ_KEY } from './documents.ts';
import { rate, createLoad } from './load.ts';
import { inTurns, type Measure } from './row.ts';
import { LOCATION } from './space.ts';

const CONNECTIONS = 50;

/** P4: what an app asks when it is opened, beside a bare server that reads one row. */
export const read: Measure = async ({ deployment, space, quick, progress, profiled }) => {
  const [rounds, milliseconds] = quick ? [2, 300] : [7, 3_000];
  const floor = await deployment.startFloor('api');
  const load = createLoad(CONNECTIONS);
  const tokens = await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => space.memberToken(index)));
  const ours = (connection: number) =>
    load.post<{ location: { digitalKey: { label: string } } }>(deployment.api.url, {
      token: tokens[connection] ?? '',
      query: READ_KEY,
      variables: { location: LOCATION },
    });
  const bare = () =>
    load.post(floor.url, { query: 'query Place($id: String!) { location(id: $id) { id name } }', variables: { id: space.locationId } });
  try {
    const { location } = await ours(0);
    if (location.digitalKey.label !== 'Get digital key') throw new Error(`The key is not as it should be: ${JSON.stringify(location)}`);
    await rate(milliseconds, CONNECTIONS, ours);
    await rate(milliseconds, CONNECTIONS, bare);
    const rates = { ours: [] as number[], floor: [] as number[] };
    await inTurns(
      rounds,
      async (round) => {
        progress(`round ${round + 1} of ${rounds}`);
        rates.ours.push(await profiled('P4', deployment.api, () => rate(milliseconds, CONNECTIONS, ours)));
      },
      async () => void rates.floor.push(await profiled('P4-floor', floor, () => rate(milliseconds, CONNECTIONS, bare))),
    );
    const note = `${CONNECTIONS} connections, one statement each; floor: Yoga, Pothos and Prisma reading one row, no token`;
    return [{ name: 'P4 read', what: 'digitalKey per second', ...rates, unit: '/s', goal: 0.8, moreIsBetter: true, note }];
  } finally {
    load.close();
    await floor.stop();
  }
};
