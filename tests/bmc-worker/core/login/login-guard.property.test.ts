import fc from 'fast-check';
import { limits } from '#worker/core/terms/limits.ts';
import { LoginGuard } from '#worker/core/login/login-guard.ts';
import { originOf } from '#worker/core/terms/source.ts';

function nameOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

test('the guard stays within its bounds, and refuses no name where it has not failed', () => {
  const step = fc.record({
    what: fc.constantFrom('failed' as const, 'failed' as const, 'succeeded' as const),
    name: fc.nat(60),
    host: fc.oneof(fc.nat(3), fc.nat(600)),
    port: fc.nat(3),
    ms: fc.nat(3_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1_500 }), fc.boolean(), (steps, isGuessing) => {
      const guard = new LoginGuard({ attempts: 2, lockoutMs: 10_000 });
      if (isGuessing) guard.takeGuessingSources(['10.0.0.0', '10.0.0.1']);
      const failed = new Set<string>();
      let now = 0;
      for (const { what, name, host, port, ms } of steps) {
        now += ms;
        const user = nameOf(`user${name}`);
        const origin = originOf({ address: `10.0.${host >> 8}.${host & 255}`, port });
        if (!failed.has(`${name} ${host}`)) expect(guard.verdict(user, origin, now)).toBe('admitted');
        if (what === 'failed') {
          guard.failed(user, origin, now);
          failed.add(`${name} ${host}`);
        } else guard.succeeded(user, origin, now);
        if (what === 'succeeded') expect(guard.verdict(user, origin, now)).toBe('admitted');
        expect(guard.size).toBeLessThanOrEqual(limits.failingAddresses.places);
      }
    }),
    { numRuns: 20 },
  );
});
