/** A short walk of a fixed seed; `npm run test:random-walk` goes further, and with a real Linux. */
import { prepareWalkDomain, walkGuest } from '#lab/random-walk/walk-domain.ts';
import { walk } from '#lab/random-walk/walk.ts';
import { startLab, type Lab } from '#lab/lab.ts';

const SEED = 1;
/** Of each domain. */
const OPERATIONS = 15;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: [walkGuest('os'), walkGuest('per-device')] });
});
afterAll(async () => {
  await lab.stop();
});

test(`after each of ${OPERATIONS} operations on two domains, each BMC says what virsh says`, async () => {
  const domains = [
    await prepareWalkDomain(lab, 0, { onCrash: 'preserve' }),
    await prepareWalkDomain(lab, 1, { onCrash: 'restart' }),
  ];
  const told: string[] = [];
  const options = { seed: SEED, operations: () => OPERATIONS, print: (line: string) => told.push(line) };
  const { divergences, counts } = await walk(lab, domains, options);
  expect(told).toEqual([]);
  expect(divergences).toEqual([]);
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(2 * OPERATIONS);
}, 600_000);
