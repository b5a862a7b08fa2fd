import { netFn, setSessionPrivilegeLevel, type NetFn } from '@vbmc/ipmi-codec';
import { rawCommand } from '#support/console/raw-command.ts';
import { fromHex, toHex } from '#support/hex.ts';
import { handshake, login, newConsole, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import { usualFacts } from '#support/bmc/usual-answers.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';

/** Asks, has every action and question answered, and returns completion code and data in hex. */
function asker(bmc: SimulatedBmc, console: RemoteConsole) {
  return (name: NetFn, code: number, data: string): string => {
    const sent = [...bmc.send(console.request(rawCommand(name, code), fromHex(data)))];
    for (const { id } of bmc.underWay()) sent.push(...bmc.finishId(id, { ok: true, facts: usualFacts }));
    sent.push(...bmc.answerAll());
    const answer = readOnly(console, sent);
    if (answer.kind !== 'response') throw new Error(answer.kind);
    expect(answer.message.netFn).toBe(netFn[name] + 1);
    return toHex(answer.message.data);
  };
}

function started(options?: ConstructorParameters<typeof SimulatedBmc>[0]) {
  const bmc = SimulatedBmc.started(options);
  return { bmc, ask: asker(bmc, login(bmc)) };
}

test.each([
  ['set in progress', '00', '0000'],
  ['no authentication type of IPMI 1.5', '01', '1100'],
  ['the address', '03', '11c0a8180a'],
  ['a static address', '04', '1101'],
  ['the MAC address', '05', '11525400123456'],
  ['the mask', '06', '11ffffff00'],
  ['the port', '08', '116f02'],
  ['the gateway', '0c', '11c0a81801'],
  ['the suites', '17', '11001103'],
  ['their levels', '18', '11004400000000000000'],
  ['the lock-out: 10 failures within 600 s, for 60 s', '1a', '11000a3c000600'],
])('Get LAN Configuration Parameters: %s', (_, parameter, data) => {
  const { ask } = started();
  const expected = parameter === '00' ? '001100' : `00${data}`;
  expect(ask('transport', 0x02, `01${parameter}0000`)).toBe(expected);
});

test('Get LAN Configuration Parameters asks the supervisor once for a whole list, and again later', () => {
  const { bmc, ask } = started();
  for (let parameter = 3; parameter <= 6; parameter += 1) ask('transport', 0x02, `010${parameter}0000`);
  expect(bmc.questions.map(({ question: { kind } }) => kind)).toEqual(['readLan']);
  bmc.now += 2_000;
  ask('transport', 0x02, '01030000');
  expect(bmc.questions).toHaveLength(2);
});

test('Get LAN Configuration Parameters refuses parameters and channels that there are not', () => {
  const { ask } = started();
  expect(ask('transport', 0x02, '01330000')).toBe('80');
  expect(ask('transport', 0x02, '02030000')).toBe('cc');
  expect(ask('transport', 0x02, '81030000')).toBe('0011');
});

test('Set LAN Configuration Parameters takes what is so already, and says of the rest that it is read-only', () => {
  const { ask } = started();
  expect(ask('transport', 0x01, '010401')).toBe('00');
  expect(ask('transport', 0x01, '0103c0a8180a')).toBe('00');
  expect(ask('transport', 0x01, '0103c0a8180b')).toBe('82');
  expect(ask('transport', 0x01, '0133')).toBe('80');
});

test('set in progress of the LAN parameters is kept for its session, and goes with it', () => {
  const { bmc, ask } = started();
  const another = asker(bmc, login(bmc));
  expect(ask('transport', 0x01, '010001')).toBe('00');
  expect(ask('transport', 0x02, '01000000')).toBe('001101');
  expect(another('transport', 0x01, '010001')).toBe('81');
  expect(ask('transport', 0x01, '010002')).toBe('00');
  expect(ask('transport', 0x01, '010000')).toBe('00');
  expect(another('transport', 0x02, '01000000')).toBe('001100');
  another('transport', 0x01, '010001');
  bmc.handle({ type: 'users', users: [] });
  expect(started().ask('transport', 0x02, '01000000')).toBe('001100');
});

test('Set Channel Security Keys takes zeros where there is no K_g, as `bmc-config --commit` writes back, and no other key', () => {
  const { ask } = started();
  expect(ask('app', 0x56, '010001')).toBe('0001');
  expect(ask('app', 0x56, `010101${'00'.repeat(20)}`)).toBe('0001');
  expect(ask('app', 0x56, `010101${'00'.repeat(19)}01`)).toBe('80');
  expect(ask('app', 0x56, `010101${'00'.repeat(19)}`)).toBe('c7');
});

test('Set Channel Security Keys takes no K_g away', () => {
  const kg = new Uint8Array(20).fill(1);
  const bmc = SimulatedBmc.started({ kg });
  const console = newConsole({ userName: 'administrator', kg });
  handshake(bmc, console);
  respondTo(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 4 });
  const ask = asker(bmc, console);
  expect(ask('app', 0x56, `010101${'00'.repeat(20)}`)).toBe('80');
  expect(ask('app', 0x56, `010101${'01'.repeat(20)}`)).toBe('80');
});

test('Set Channel Access takes what is in force, as ipmitool sends `lan set 1 access on`', () => {
  const { ask } = started();
  expect(ask('app', 0x40, '016244')).toBe('00');
  expect(ask('app', 0x40, '01a284')).toBe('00');
  expect(ask('app', 0x40, '016144')).toBe('83');
  expect(ask('app', 0x40, '016243')).toBe('cc');
  expect(ask('app', 0x40, '000244')).toBe('82');
});

test('Set Channel Security Keys keeps K_g, and never tells it', () => {
  const { ask } = started();
  expect(ask('app', 0x56, '010001')).toBe('0001');
  expect(ask('app', 0x56, `010101${'61'.repeat(20)}`)).toBe('80');
  expect(ask('app', 0x56, '010000')).toBe('84');
});

test('System Info: the name from the definition, texts of the guest as they were set', () => {
  const { ask } = started();
  expect(ask('app', 0x59, '00020000')).toBe(`00110000 04766d2d30${'00'.repeat(10)}`.replace(' ', ''));
  expect(ask('app', 0x59, '00010000')).toBe('80');
  expect(ask('app', 0x58, `0400000f4c696e757820362e312e302d3137`)).toBe('00');
  expect(ask('app', 0x58, '040139')).toBe('00');
  expect(ask('app', 0x59, '00040000')).toBe('001100000f4c696e757820362e312e302d3137');
  expect(ask('app', 0x59, '00040100')).toBe(`00110139${'00'.repeat(15)}`);
  expect(ask('app', 0x59, '00040200')).toBe('c9');
  expect(ask('app', 0x58, `0200${'00'.repeat(16)}`)).toBe('82');
  expect(ask('app', 0x58, `0405${'00'.repeat(16)}`)).toBe('c9');
});

test('PEF has no filters and no alerts', () => {
  const { ask } = started();
  expect(ask('sensorEvent', 0x10, '')).toBe('00510000');
  expect(ask('sensorEvent', 0x13, '080000')).toBe('001100');
  expect(ask('sensorEvent', 0x13, '0a0000')).toBe(`0011${'00'.repeat(17)}`);
  expect(ask('sensorEvent', 0x13, '0c0000')).toBe('80');
});

test('DCMI answers begin with its code, and have exact lengths', () => {
  const { ask } = started({ identity: { name: 'node-0', assetTag: 'R7-U12' } });
  expect(ask('groupExtension', 0x01, 'dc01')).toBe('00dc010502000000');
  expect(ask('groupExtension', 0x01, 'dc02')).toBe('00dc01050200a2000000');
  expect(ask('groupExtension', 0x01, 'dc04')).toBe('00dc01050201ffff');
  expect(ask('groupExtension', 0x01, 'dc05')).toBe('ccdc');
  expect(ask('groupExtension', 0x06, 'dc0010')).toBe('00dc0652372d553132');
  expect(ask('groupExtension', 0x06, 'dc0410')).toBe('00dc063132');
  expect(ask('groupExtension', 0x09, 'dc0010')).toBe('00dc076e6f64652d3000');
  expect(ask('groupExtension', 0x08, 'dc000161')).toBe('d5dc');
});

test.each([
  [64, 'wrap', '40a0'],
  [1_000, 'stop', 'e803'],
  [4_096, 'stop', 'ff0f'],
] as const)('DCMI tells of an event log of %i records that goes on with %s', (capacity, whenFull, hex) => {
  const { ask } = started({ eventLog: { capacity, whenFull } });
  expect(ask('groupExtension', 0x01, 'dc02')).toBe(`00dc010502${hex}000000`);
});

test('what is not measured is refused: an exporter would take 0 for a value', () => {
  expect(started().ask('groupExtension', 0x02, 'dc010000')).toBe('c1dc');
});

test('PICMG and VITA commands with the codes of DCMI are not there, and nobody without a session learns more', () => {
  const { bmc, ask } = started();
  expect(ask('groupExtension', 0x01, '000000')).toBe('c100');
  const stranger = asker(bmc, newConsole());
  expect(stranger('groupExtension', 0x01, 'dc01')).toBe('00dc010502000000');
  expect(stranger('groupExtension', 0x01, '000000')).toBe('d400');
  expect(stranger('groupExtension', 0x06, 'dc0010')).toBe('d4dc');
});

test('the definition is read once for a whole FRU, and again after it has changed', () => {
  const { bmc, ask } = started();
  bmc.reportState('running');
  const reads = (): number => bmc.actions.filter(({ action }) => action.kind === 'readInventory').length;
  const size = ask('storage', 0x10, '00');
  expect(size).toMatch(/^00[0-9a-f]{4}00$/);
  expect(ask('storage', 0x11, '00000008')).toBe('000801000100040000fa');
  expect(reads()).toBe(1);
  bmc.handle({ type: 'definitionChanged' });
  ask('storage', 0x11, '00000008');
  expect(reads()).toBe(2);
});

test('FRU: no other device, no write, no read beyond the end', () => {
  const { ask } = started();
  expect(ask('storage', 0x10, '01')).toBe('cb');
  expect(ask('storage', 0x11, '00ffff10')).toBe('c9');
  expect(ask('storage', 0x12, '00000000')).toBe('80');
});

test('Get Chassis Status tells the identify lamp', () => {
  const { bmc, ask } = started();
  bmc.reportState('running');
  expect(ask('chassis', 0x01, '')).toMatch(/^00....40/);
  ask('chassis', 0x04, '05');
  expect(ask('chassis', 0x01, '')).toMatch(/^00....50/);
  bmc.now += 5_000;
  bmc.reportState('running');
  expect(ask('chassis', 0x01, '')).toMatch(/^00....40/);
  bmc.handle({ type: 'identify', lamp: 'on' });
  expect(ask('chassis', 0x01, '')).toMatch(/^00....60/);
});
