import { test } from 'vitest';
import { grown } from './grown.ts';
import * as hot from './hot-work.ts';
test('x', async () => {
  const world = await grown({ locations: 10, groupsPerLocation: 6, members: 4_000, rights: 20_000, ahead: 1_000 });
  const of = await hot.subjectOf(world);
  console.log(of);
  for (const work of [
    ...hot.ofTheSweep(world),
    ...hot.ofTheWorkers(world, of),
    ...hot.ofTheLists(world, of),
    ...hot.ofTheVerbs(world, of),
  ]) {
    let got;
    try {
      got = await world.explained(work.run);
    } catch (e) {
      console.log('ERR', work.name, (e as Error).message, '');
      continue;
    }
    for (const e of got)
      if (e.looked > 60 || e.pages > 150 || e.whole.length)
        console.log(
          work.name.padEnd(34),
          `looked ${e.looked} answered ${e.answered} pages ${e.pages} ${e.whole.join()}`,
          process.env['FULL'] ? e.text : e.text.replace(/\s+/g, ' ').slice(0, 130),
        );
  }
  await world.close();
}, 120000);
