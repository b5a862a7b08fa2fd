import fc from 'fast-check';
import { chooseVictim } from '#worker/core/session/early-drop.ts';

interface Login {
  readonly client: string;
  readonly n: number;
}
function logins(clients: readonly string[]): Login[] {
  return clients.map((client, n) => ({ client, n }));
}
function victim(clients: readonly string[], drawn = 0): Login | undefined {
  return chooseVictim(
    logins(clients),
    ({ client }) => client,
    (below) => drawn % below,
  );
}

test('the client with the most logins loses one, the oldest or one of the older half', () => {
  expect(victim(['a', 'b', 'b', 'c', 'b', 'b'])).toEqual({ client: 'b', n: 1 });
  expect(victim(['a', 'b', 'b', 'c', 'b', 'b'], 1)).toEqual({ client: 'b', n: 2 });
  expect(victim(['a', 'b', 'b', 'c', 'b', 'b'], 2)).toEqual({ client: 'b', n: 1 });
  expect(victim([])).toBeUndefined();
});

test('a client with fewer logins than another loses none, and the newest login is safe among several', () => {
  const clients = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 128 });
  fc.assert(
    fc.property(clients, fc.nat(1_000), (of, drawn) => {
      const chosen = victim(of, drawn);
      const count = (client?: string): number => of.filter((one) => one === client).length;
      expect(of.every((client) => count(client) <= count(chosen?.client))).toBe(true);
      if (of.length > 2) expect(chosen?.n).not.toBe(of.length - 1);
    }),
  );
});
