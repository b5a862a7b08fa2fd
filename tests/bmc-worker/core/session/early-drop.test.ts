import fc from 'fast-check';
import { EarlyDrop } from '#worker/core/session/early-drop.ts';
import { SourceShares } from '#worker/core/session/source-shares.ts';

interface Login {
  readonly n: number;
  readonly origin: { readonly endpoint: string; readonly source: string };
}
const SOURCE = '192.0.2.7';

/** Logins of these clients in turn, and what chooses among them. `drawn` is what each draw gives. */
function begun(clients: readonly string[], drawn = 0) {
  const shares = new SourceShares<Login>();
  const drop = new EarlyDrop(shares, (below) => drawn % below);
  const add = (endpoint: string, n: number): void => {
    const login = { n, origin: { endpoint, source: SOURCE } };
    shares.add(SOURCE, login);
    drop.added(login);
  };
  const remove = (login: Login): void => {
    shares.delete(SOURCE, login);
    drop.deleted(login);
  };
  clients.forEach(add);
  return { drop, shares, add, remove };
}
function victim(clients: readonly string[], drawn = 0): Login | undefined {
  return begun(clients, drawn).drop.victimOf(SOURCE);
}

test('the client with the most logins loses one, the oldest or one of the older half', () => {
  expect(victim(['a', 'b', 'b', 'c', 'b', 'b'])).toMatchObject({ n: 1, origin: { endpoint: 'b' } });
  expect(victim(['a', 'b', 'b', 'c', 'b', 'b'], 1)).toMatchObject({ n: 2 });
  expect(victim(['a', 'b', 'b', 'c', 'b', 'b'], 2)).toMatchObject({ n: 1 });
  expect(victim([])).toBeUndefined();
});

test('a client with fewer logins than another loses none, and the newest login is safe among several', () => {
  const clients = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 128 });
  fc.assert(
    fc.property(clients, fc.nat(1_000), (of, drawn) => {
      const chosen = victim(of, drawn);
      const count = (client?: string): number => of.filter((one) => one === client).length;
      expect(of.every((client) => count(client) <= count(chosen?.origin.endpoint))).toBe(true);
      if (of.length > 2) expect(chosen?.n).not.toBe(of.length - 1);
    }),
  );
});

test('what it remembers of a source follows logins that come, go on and are lost', () => {
  const step = fc.record({
    client: fc.constantFrom('a', 'b', 'c'),
    goesOn: fc.boolean(),
    isFull: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.nat(1_000), (steps, drawn) => {
      const { drop, shares, add, remove } = begun([], drawn);
      steps.forEach(({ client, goesOn, isFull }, n) => {
        add(client, n);
        const held = [...shares.of(SOURCE)];
        const count = (one?: string): number => held.filter(({ origin }) => origin.endpoint === one).length;
        const chosen = drop.victimOf(SOURCE);
        expect(chosen && held.includes(chosen)).toBe(true);
        expect(held.every(({ origin }) => count(origin.endpoint) <= count(chosen?.origin.endpoint))).toBe(
          true,
        );
        const newest = held.at(-1);
        if (isFull && chosen !== undefined) remove(chosen);
        else if (goesOn && newest !== undefined) remove(newest);
      });
    }),
  );
});

test('of 640 clients with one login each the newest 320 are safe', () => {
  const clients = Array.from({ length: 640 }, (_, n) => `client ${n}`);
  for (let drawn = 0; drawn < 640; drawn += 1) expect(victim(clients, drawn)?.n).toBeLessThan(320);
});
