import { describe, test } from 'vitest';
import { vendors } from '../../src/vendors/index.ts';
import { audits, keyAudits } from './contract.ts';
import { worlds } from './contract-worlds.ts';

describe.each(Object.keys(vendors) as (keyof typeof vendors)[])('%s', (provider) => {
  for (const audit of [...audits, ...keyAudits]) {
    test(audit.name, async ({ skip }) => {
      const world = await worlds[provider]();
      skip(keyAudits.includes(audit) && !world.vendor.can.digitalKeys, 'this maker has no digital keys');
      await audit.run(world);
    });
  }
});
