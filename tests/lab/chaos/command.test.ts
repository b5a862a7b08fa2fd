import { SeededRandom } from '#support/seeded-random.ts';
import { describeCommand, drawClient, drawCommand, mustBeRefused, PATIENT_MS } from './command.ts';

function drawn(isOn: boolean): string[] {
  const random = new SeededRandom(5);
  return Array.from({ length: 500 }, () => describeCommand(drawCommand(random, isOn)));
}

test('the same seed draws the same commands, and all of them', () => {
  expect(drawn(true)).toEqual(drawn(true));
  const words = new Set([...drawn(true), ...drawn(false)]);
  for (const word of ['power on', 'power off', 'power cycle', 'power reset', 'bootdev pxe', 'bootdev none'])
    expect([...words]).toContain(word);
  expect([...words].some((word) => word.endsWith(' persistent'))).toBe(true);
});

test('ipmitool gets power commands only, and is patient', () => {
  const random = new SeededRandom(5);
  const clients = Array.from({ length: 200 }, () => drawClient(random, { verb: 'power', power: 'on' }));
  const ipmitool = clients.filter(({ program }) => program === 'ipmitool');
  expect(ipmitool.length).toBeGreaterThan(10);
  expect(ipmitool.every(({ deadlineMs }) => deadlineMs === PATIENT_MS)).toBe(true);
  expect(clients.some(({ deadlineMs }) => deadlineMs < PATIENT_MS)).toBe(true);
  const boot = { verb: 'bootdev', device: 'pxe', persistent: false } as const;
  const forBoot = Array.from({ length: 200 }, () => drawClient(random, boot));
  expect(forBoot.every(({ program }) => program === 'console')).toBe(true);
});

test('what makes no sense for a machine that is off must be refused', () => {
  const refused = (['on', 'off', 'cycle', 'reset'] as const).filter((power) =>
    mustBeRefused({ verb: 'power', power }, false),
  );
  expect(refused).toEqual(['cycle', 'reset']);
  expect(mustBeRefused({ verb: 'power', power: 'cycle' }, true)).toBe(false);
});
