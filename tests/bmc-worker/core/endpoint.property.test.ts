/** tests/fuzz/scenario.ts checks what else holds for every sequence of datagrams. */
import fc from 'fast-check';
import { chassisControlCommand } from '@vbmc/ipmi-codec';
import { login } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

test('a change is carried out once, even if its packets are repeated and reordered', () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
  fc.assert(
    fc.property(order, fc.nat(8), (arrivals, endsAfter) => {
      const bmc = SimulatedBmc.started();
      const console = login(bmc);
      const first = console.request(chassisControlCommand, { chassisControl: 'hardReset' } as const);
      const packets = [first, ...Array.from({ length: 7 }, () => console.retransmit())];
      let answers = 0;
      for (const [count, arrival] of arrivals.entries()) {
        answers += bmc.send(packets[arrival] ?? first).length;
        answers += bmc.send(packets[arrival] ?? first).length;
        if (count === endsAfter)
          answers += bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running' } }).length;
        bmc.advance(1_000);
      }

      expect(bmc.asked('chassisControl')).toBe(1);
      // One answer when it ends, and one for each packet that comes after that.
      expect(answers).toBe(Math.max(0, arrivals.length - endsAfter));
    }),
  );
});
