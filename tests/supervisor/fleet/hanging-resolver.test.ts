import { Fleet } from '#supervisor/fleet/fleet.ts';
import { planFleet } from '#supervisor/fleet/plan-fleet.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { LOOKUP_LIMIT_MS } from '#supervisor/supervision/supervision-times.ts';
import { NameWatch } from '#supervisor/worker/name-watch.ts';
import { testDependencies } from '#support/supervisor/dependencies.ts';
import { ScriptedResolver, turns } from '#support/supervisor/scripted-resolver.ts';

test('a resolver that hangs holds up only the BMCs at its names', async () => {
  const resolver = new ScriptedResolver();
  const { dependencies, clock, started } = testDependencies({ hasAddress: () => Promise.resolve(true) });
  const { log, random, hasAddress } = dependencies;
  const hostNames = new NameWatch({
    ...{ clock, log, random, hasAddress },
    resolve: resolver.resolve,
    hostsFile: () => '',
  });
  const named = Array.from(
    { length: 40 },
    (_, index) => `[n${index}]\nport=${index + 10}\naddress=n${index}.example\n`,
  );
  const { entries } = parseInventory(`[DEFAULT]\npassword=x\n${named.join('')}[a]\n`);
  const fleet = new Fleet(planFleet(entries, 'i', new Map()), { ...dependencies, hostNames });
  const start = fleet.start();
  await turns();
  expect(started).toHaveLength(1);
  started[0]?.isReady();
  // A name that is answered meanwhile starts its BMC.
  await resolver.answers('n0.example', '192.0.2.1');
  await turns();
  expect(started).toHaveLength(2);
  started[1]?.isReady();
  clock.advance(LOOKUP_LIMIT_MS);
  await start;
  expect(started).toHaveLength(2);
  const listings = fleet.figures().map(({ listing }) => listing);
  expect(listings.filter(({ status }) => status === 'bindFailed')).toHaveLength(39);
  expect(listings.at(-1)).toMatchObject({ name: 'a', status: 'running' });
});
