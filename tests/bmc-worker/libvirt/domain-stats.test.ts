import { parseDomainStats } from '#worker/libvirt/domain-stats.ts';

/** `virsh -q -c qemu:///session domstats --state --raw` of libvirt 9.0.0 (Debian 12), of the lab's QEMU domains. */
const RECORDED = `Domain: 'node-0'
  state.state=5
  state.reason=1

Domain: 'o'dd name': Started Booted'
  state.state=1
  state.reason=1

`;

test('every domain has its state', () => {
  expect(parseDomainStats(RECORDED)).toEqual(
    new Map([
      ['node-0', 'shutOff'],
      ["o'dd name': Started Booted", 'running'],
    ]),
  );
});

test('a domain whose name is there twice has no state, and every other has', () => {
  const [a, b] = ["Domain: 'a'\n  state.state=1\n  state.reason=1\n", "Domain: 'b'\n  state.state=5\n"];
  expect(parseDomainStats(a + b + a)).toEqual(new Map([['b', 'shutOff']]));
  expect(parseDomainStats(a + a + b + a)).toEqual(new Map([['b', 'shutOff']]));
});

test.each(['x\r', 'x\u2028y', "'", ' a '])('a name with odd characters: %j', (name) => {
  expect(parseDomainStats(`Domain: '${name}'\n  state.state=5\n`)).toEqual(new Map([[name, 'shutOff']]));
});

test('libvirt without a domain', () => {
  expect(parseDomainStats('')).toEqual(new Map());
});

test.each([
  ['noState', 0],
  ['running', 1],
  ['idle', 2],
  ['paused', 3],
  ['inShutdown', 4],
  ['shutOff', 5],
  ['crashed', 6],
  ['pmsuspended', 7],
])('%s is %d', (state, number) => {
  expect(parseDomainStats(`Domain: 'a'\n  state.state=${number}\n`)?.get('a')).toBe(state);
});

test.each([
  [5, 4, 'migratedAway'],
  [5, 2, 'shutOff'],
  [3, 5, 'ioError'],
  [3, 11, 'startingUp'],
  [3, 1, 'paused'],
  [1, 4, 'running'],
])('state %d for the reason %d is %s', (state, reason, expected) => {
  const printed = `Domain: 'a'\n  state.state=${state}\n  state.reason=${reason}\n\nDomain: 'b'\n  state.state=5\n  state.reason=1\n`;
  expect(parseDomainStats(printed)).toEqual(
    new Map([
      ['a', expected],
      ['b', 'shutOff'],
    ]),
  );
});

test.each([
  'garbage',
  "Domain: 'a'\n  state.state=99\n",
  "Domain: 'a'\n  state.state=8\n",
  '  state.state=1\n',
  "Domain: 'a'\nerror: oh\n",
])('%j is not what virsh prints', (text) => {
  expect(parseDomainStats(text)).toBeUndefined();
});
