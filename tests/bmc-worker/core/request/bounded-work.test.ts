import { chassisControlCommand } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import { login } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const powerDown = { chassisControl: 'powerDown' } as const;

test('when many sessions request changes at once, one change is under way, and the others are refused at once', () => {
  const bmc = SimulatedBmc.started();
  const consoles = Array.from({ length: limits.sessionsPerSource.administrator }, () => login(bmc));
  const answers = consoles.flatMap((console) =>
    bmc.send(console.request(chassisControlCommand, { chassisControl: 'hardReset' } as const)),
  );

  expect(bmc.asked('chassisControl')).toBe(1);
  expect(answers).toHaveLength(consoles.length - 1);
});

test('a session that requests the same change endlessly waits with a bounded number of requests', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  let refused = 0;
  for (let n = 0; n < limits.waitersPerAction + 300; n += 1) {
    refused += bmc.send(console.request(chassisControlCommand, powerDown)).length;
  }
  const answered = bmc.finish('chassisControl', { ok: true, facts: { domainState: 'shutOff' } }).length;

  expect(bmc.asked('chassisControl')).toBe(1);
  expect(answered).toBeLessThanOrEqual(limits.waitersPerAction);
  // The rqSeq has 6 bits: the 65th is a retransmission of the first, and is not answered twice.
  expect(answered + refused).toBe(64);
});
