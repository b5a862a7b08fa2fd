import { findConflicts, mayCollide } from '#supervisor/inventory/conflicts.ts';
import type { InventoryEntry } from '#supervisor/inventory/inventory.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { SeededRandom } from '#support/seeded-random.ts';

function twoOn(first: string, second: string, secondPort = 623): readonly InventoryEntry[] {
  return parseInventory(
    `[DEFAULT]\npassword=x\n[a]\naddress=${first}\n[b]\naddress=${second}\nport=${secondPort}\n`,
  ).entries;
}

describe('two BMCs on one address and port', () => {
  test.each([
    ['::', '::'],
    ['::', '192.0.2.1'],
    ['192.0.2.1', '::'],
    ['::', '2001:db8::1'],
    ['::', '0.0.0.0'],
    ['0.0.0.0', '192.0.2.1'],
    ['192.0.2.1', '0.0.0.0'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:0DB8:0:0::1'],
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['0.0.0.0', '::ffff:192.0.2.1'],
    ['fe80::1%eth0', 'FE80:0::1%eth0'],
    ['ipmi.utility', 'IPMI.utility.'],
    ['ipmi.utility', '::'],
    ['::', 'ipmi.utility'],
  ])('%s and %s collide; the first in the file keeps the port', (first, second) => {
    const [a, b] = twoOn(first, second);
    expect(a?.valid).toBe(true);
    expect(b).toMatchObject({
      valid: false,
      errors: [
        { line: 7, section: 'b', key: 'port', message: expect.stringContaining('is taken by [a]') as string },
      ],
    });
  });

  test.each([
    ['192.0.2.1', '192.0.2.2'],
    ['0.0.0.0', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::2'],
    ['fe80::1%eth0', 'fe80::1%eth1'],
    ['127.0.0.1', '::1'],
    // What a name means shows later.
    ['ipmi.utility', '192.0.2.1'],
    ['0.0.0.0', 'ipmi.utility'],
    ['ipmi.utility', '0.0.0.0'],
    ['ipmi.utility', 'localhost'],
  ])('%s and %s do not', (first, second) => {
    expect(twoOn(first, second).map(({ valid }) => valid)).toEqual([true, true]);
  });

  test('different ports do not', () => {
    expect(twoOn('::', '::', 624).map(({ valid }) => valid)).toEqual([true, true]);
  });
});

/** The rule by which the fast look-up has to go. */
test('of many BMCs at random, those are refused that collide with one that is accepted, and no others', () => {
  const addresses = [
    '::',
    '0.0.0.0',
    '192.0.2.1',
    '192.0.2.2',
    '2001:db8::1',
    '::ffff:192.0.2.1',
    '2001:db8::0:1',
  ];
  const random = new SeededRandom(7);
  for (let round = 0; round < 300; round += 1) {
    const bmcs = Array.from({ length: 6 }, (_, index) => ({
      name: `n${index}`,
      address: addresses[random.below(addresses.length)] ?? '::',
      port: 623 + random.below(2),
    }));
    const sections = bmcs.map(({ name, address, port }) => `[${name}]\naddress=${address}\nport=${port}\n`);
    const { entries } = parseInventory(`[DEFAULT]\npassword=x\n${sections.join('')}`);
    const accepted: (typeof bmcs)[number][] = [];
    const expected = bmcs.map((bmc) => {
      const first = accepted.find((other) => mayCollide(other, bmc));
      if (first === undefined) accepted.push(bmc);
      return first?.name;
    });
    const takenBy = entries.map((entry) =>
      entry.valid ? undefined : /taken by \[(n[0-9])\]/.exec(entry.errors[0]?.message ?? '')?.[1],
    );
    expect(takenBy).toEqual(expected);
  }
});

test('each BMC is compared with its own port and address, and not with each other BMC', () => {
  let reads = 0;
  const { entries } = parseInventory('[a]\npassword=x\n');
  const entry = entries[0];
  if (entry?.valid !== true) throw new Error('it is valid');
  const { settings } = entry;
  const bmcs = Array.from({ length: 1_000 }, (_, index) => ({
    ...settings,
    ...{ name: `n${index}`, domainName: `n${index}` },
    get address() {
      reads += 1;
      return `10.0.${index >> 8}.${index & 255}`;
    },
  }));
  expect(findConflicts(bmcs).size).toBe(0);
  expect(reads).toBeLessThan(10 * bmcs.length);
});

describe('two BMCs for one domain', () => {
  const two = (extra: string): boolean[] =>
    parseInventory(
      `[DEFAULT]\npassword=x\n[a]\ndomain_name=vm\n[b]\ndomain_name=vm\nport=624\n${extra}`,
    ).entries.map(({ valid }) => valid);

  test('on one connection URI', () => {
    expect(two('')).toEqual([true, false]);
  });

  test('on different connection URIs are different domains', () => {
    expect(two('libvirt_uri=qemu:///session\n')).toEqual([true, true]);
  });

  test('one of them not active', () => {
    expect(two('active=no\n')).toEqual([true, true]);
  });
});

test('an invalid BMC takes no port from another one', () => {
  const { entries } = parseInventory('[a]\npassword=\n[b]\npassword=x\n');
  expect(entries.map(({ valid }) => valid)).toEqual([false, true]);
});

test('a host name may be any address', () => {
  const name = { address: 'ipmi.utility', port: 623 };
  expect(mayCollide(name, { address: '2001:db8::1', port: 623 })).toBe(true);
  expect(mayCollide({ address: '0.0.0.0', port: 623 }, name)).toBe(true);
  expect(mayCollide(name, { address: '::', port: 624 })).toBe(false);
});
