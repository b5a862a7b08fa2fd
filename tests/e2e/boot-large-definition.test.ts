/** A boot device is set, read back and taken back in a definition of more than 2 MB. */
import { chassisOf } from '#support/clients/chassis.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain } from '#lab/watched-domain.ts';

const TEXT = 'YmFja3VwcyBhbmQgbm90ZXM=&amp;&lt;'.repeat(64_000);
const METADATA = `<metadata><note:text xmlns:note='urn:note'>${TEXT}</note:text></metadata>`;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({
    domains: [{ boot: ['hd', 'network'], networkCards: [true], extra: METADATA }],
  });
});
afterAll(async () => {
  await lab.stop();
});

test.each([
  ['one-shot', 0x80],
  ['persistent', 0xc0],
])('%s', async (_lifetime, data1) => {
  const domain = watchedDomain(lab, 0);
  const chassis = chassisOf(lab.bmc(0));
  const original = await domain.definition();
  expect(original.length).toBeGreaterThan(2_000_000);
  expect(await chassis.setBootFlags(data1, 0x04)).toBe(0);
  expect(await chassis.bootFlags()).toEqual([data1, 0x04, 0, 0, 0]);
  expect(await domain.definition()).not.toBe(original);
  expect(await chassis.setBootFlags(data1, 0x00)).toBe(0);
  expect((await domain.definition()) === original).toBe(true);
});
