import { Refusal } from '#supervisor/host/operator-error.ts';
import { ADDRESS_LOOK_INTERVAL_MS, MOST_ADDRESSES } from '#supervisor/supervision/supervision-times.ts';
import { AddressWatch } from '#supervisor/worker/address-watch.ts';
import { configuration, supervise } from '#support/supervisor/supervise.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

/** A host whose addresses the test changes. */
function host(...addresses: readonly string[]) {
  const clock = new VirtualClock();
  const logged: string[] = [];
  const state = { addresses, reads: 0, error: undefined as Error | undefined };
  const watch = new AddressWatch({
    clock,
    log: (level, message) => logged.push(`${level} ${message}`),
    read: () => {
      state.reads += 1;
      if (state.error !== undefined) throw state.error;
      const routes = state.addresses.map((address) => `  |-- ${address}\n     /32 host LOCAL\n`);
      return {
        fibTrie: routes.join(''),
        ifInet6: '00000000000000000000000000000001 01 80 10 80 lo\n',
      };
    },
  });
  return { clock, logged, state, watch };
}

test('IPv4 for 0.0.0.0, both families for ::', () => {
  const { watch } = host('192.0.2.1', '192.0.2.2');
  expect(watch.addressesFor('0.0.0.0')).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(watch.addressesFor('::')).toEqual(['192.0.2.1', '192.0.2.2', '::1']);
  expect(watch.addressesFor('0:0::0')).toEqual(['192.0.2.1', '192.0.2.2', '::1']);
});

test('tells of changes while there is a subscriber, and looks no more when there is none', () => {
  const { clock, state, watch } = host('192.0.2.1');
  let changes = 0;
  watch.addressesFor('::');
  const unsubscribe = watch.subscribe(() => (changes += 1));
  clock.advance(ADDRESS_LOOK_INTERVAL_MS);
  expect(changes).toBe(0);
  state.addresses = ['192.0.2.1', '192.0.2.2'];
  clock.advance(ADDRESS_LOOK_INTERVAL_MS);
  expect(changes).toBe(1);
  expect(watch.addressesFor('0.0.0.0')).toEqual(['192.0.2.1', '192.0.2.2']);
  unsubscribe();
  expect(clock.pendingTimers).toBe(0);
});

test('a host with too many addresses, or whose tables cannot be read, gets one socket on all; that is told once', () => {
  const many = Array.from({ length: MOST_ADDRESSES }, (_, index) => `10.0.0.${index}`);
  const { clock, logged, state, watch } = host(...many);
  watch.subscribe(() => undefined);
  clock.advance(10 * ADDRESS_LOOK_INTERVAL_MS);
  expect(watch.addressesFor('::')).toEqual(['::']);
  expect(watch.addressesFor('0.0.0.0')).toEqual(['0.0.0.0']);
  expect(logged).toEqual([
    expect.stringMatching(/^warn this host has 65 addresses: BMCs on all addresses answer from the one/),
  ]);

  state.error = new Refusal('fib_trie has more than 5 bytes');
  clock.advance(10 * ADDRESS_LOOK_INTERVAL_MS);
  expect(watch.addressesFor('::')).toEqual(['::']);
  expect(logged.slice(1)).toEqual([expect.stringContaining('(fib_trie has more than 5 bytes)')]);

  state.error = undefined;
  state.addresses = ['192.0.2.1'];
  clock.advance(ADDRESS_LOOK_INTERVAL_MS);
  expect(watch.addressesFor('::')).toEqual(['192.0.2.1', '::1']);
});

describe('a BMC on all addresses', () => {
  const addresses = (...list: readonly string[]) => ({ type: 'addresses', addresses: list });

  test('is configured with those of the host, and hears of changes from when it is ready', () => {
    const { clock, state, watch } = host('192.0.2.1');
    const { bmc, latest } = supervise({ clock, hostAddresses: watch });
    bmc.start();
    expect(latest().received[0]).toMatchObject({
      type: 'configure',
      configuration: { ...configuration, addresses: ['192.0.2.1', '::1'] },
    });
    state.addresses = ['192.0.2.2'];
    latest().isReady();
    clock.advance(ADDRESS_LOOK_INTERVAL_MS);
    expect(latest().received).toContainEqual(addresses('192.0.2.2', '::1'));
    state.addresses = ['192.0.2.2', '192.0.2.3'];
    clock.advance(ADDRESS_LOOK_INTERVAL_MS);
    expect(latest().received.at(-1)).toEqual(addresses('192.0.2.2', '192.0.2.3', '::1'));
  });

  test('logs an address that its worker cannot bind', () => {
    const { watch } = host('192.0.2.1');
    const { bmc, latest, logged } = supervise({ hostAddresses: watch });
    bmc.start();
    latest().isReady();
    latest().says({ type: 'addressNotBound', address: '192.0.2.1', code: 'EADDRINUSE' });
    expect(logged.at(-1)).toBe(
      'warn BMC does not answer on 192.0.2.1: port 623/udp is in use by another process: stop it or choose another port',
    );
  });

  test('one that stops is told nothing, and leaves no timer', () => {
    const { clock, state, watch } = host('192.0.2.1');
    const { bmc, latest } = supervise({ clock, hostAddresses: watch });
    bmc.start();
    latest().isReady();
    void bmc.stop();
    state.addresses = ['192.0.2.2'];
    clock.advance(ADDRESS_LOOK_INTERVAL_MS);
    expect(latest().received.filter(({ type }) => type === 'addresses')).toEqual([]);
  });
});
