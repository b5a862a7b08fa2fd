/** A login that is refused gets the specification's status code at once. */
import { networkInterfaces } from 'node:os';
import { chassisControlCommand, type AlgorithmNumbers, type RmcpPlusStatusCode } from '@vbmc/ipmi-codec';
import { UdpConsole } from '#support/console/udp-console.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import type { IpmitoolOptions } from '#support/clients/ipmi-clients.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ vbmcd: { inventoryKeys: { address: '::' } } });
});
afterAll(async () => {
  await lab.stop();
});

/** v2.0§13.28 table 13-17 to 13-20: authentication, integrity and confidentiality algorithm. */
const refusedSuites: [cipher: number, algorithms: Required<AlgorithmNumbers>][] = [
  [0, { authentication: 0, integrity: 0, confidentiality: 0 }],
  [1, { authentication: 1, integrity: 0, confidentiality: 0 }],
  [2, { authentication: 1, integrity: 1, confidentiality: 0 }],
  [6, { authentication: 2, integrity: 0, confidentiality: 0 }],
  [8, { authentication: 2, integrity: 2, confidentiality: 1 }],
];

describe('ipmitool is refused', () => {
  const cases: [what: string, options: IpmitoolOptions, message: RegExp][] = [
    // ipmitool itself finds that the BMC's code in RAKP Message 2 is not its password's.
    ['a wrong password', { password: 'wrong' }, /RAKP 2 HMAC is invalid/],
    // As a wrong password: whether there is such a user is not told.
    ['an unknown user', { user: 'nobody' }, /RAKP 2 HMAC is invalid/],
    ...refusedSuites.map(([cipher]): [string, IpmitoolOptions, RegExp] => [
      `cipher suite ${cipher}`,
      { cipher },
      /open session response message : no matching cipher suite/,
    ]),
  ];
  test.each(cases)('%s', async (what, options, message) => {
    const result = await lab.ipmitool(lab.bmc(0), ['-v', 'power', 'on'], options);
    expect(result.exitCode).toBe(1);
    expect(result.stdout + result.stderr).toMatch(message);
    expect(await lab.domstate('node-0')).toBe('shut off');
    printFigure(`ipmitool, ${what}, refused after`, `${result.durationMs.toFixed(0)} ms`);
  });
});

describe('the status code on the wire', () => {
  /** The refusal must come to the first datagram: before this console sends a second one. */
  async function refusalOf(
    request: (udpConsole: UdpConsole) => Promise<Uint8Array> | Uint8Array,
    options: Parameters<typeof consoleTo>[1] = {},
  ): Promise<RmcpPlusStatusCode> {
    const udpConsole = await UdpConsole.bind(consoleTo(lab.bmc(0), { retransmitAfterMs: 5_000, ...options }));
    try {
      const datagram = await request(udpConsole);
      const answer = await udpConsole.exchange(
        () => datagram,
        ({ kind }) => kind === 'refusal',
      );
      expect(udpConsole.retransmissions).toBe(0);
      return answer.kind === 'refusal' ? answer.refusal.status : 'noErrors';
    } finally {
      await udpConsole.abandon();
    }
  }

  const opened = async (udpConsole: UdpConsole): Promise<void> => {
    const datagram = udpConsole.console.openSessionRequest();
    await udpConsole.exchange(
      () => datagram,
      ({ kind }) => kind === 'openSessionResponse',
    );
  };
  const challenged = async (udpConsole: UdpConsole): Promise<void> => {
    await opened(udpConsole);
    const datagram = udpConsole.console.rakpMessage1();
    await udpConsole.exchange(
      () => datagram,
      ({ kind }) => kind === 'rakpMessage2',
    );
  };

  test.each(refusedSuites)('cipher suite %i: no cipher suite match', async (_cipher, algorithms) => {
    const status = await refusalOf((udpConsole) => udpConsole.console.openSessionRequest({ algorithms }));
    expect(status).toBe('noCipherSuiteMatch');
  });

  test.each([
    ['wrong password', { password: 'wrong' }],
    ['unknown user', { userName: 'nobody' }],
  ])('%s: invalid integrity check value', async (_what, options) => {
    const askIn = async (udpConsole: UdpConsole): Promise<Uint8Array> => {
      await challenged(udpConsole);
      return udpConsole.console.rakpMessage3();
    };
    expect(await refusalOf(askIn, options)).toBe('invalidIntegrityCheckValue');
  });

  test('a remote console that gives up after RAKP Message 2 is answered too', async () => {
    const giveUp = async (udpConsole: UdpConsole): Promise<Uint8Array> => {
      await challenged(udpConsole);
      return udpConsole.console.rakpMessage3({
        status: 0x0f,
        keyExchangeAuthenticationCode: new Uint8Array(0),
      });
    };
    expect(await refusalOf(giveUp)).toBe('invalidIntegrityCheckValue');
  });
});

describe('privilege level USER', () => {
  beforeAll(async () => {
    await lab.libvirt.virsh('start', 'node-0');
  });
  afterAll(async () => {
    await lab.libvirt.virsh('destroy', 'node-0');
  });

  test('may read the power status', async () => {
    const result = await lab.ipmitool(lab.bmc(0), ['power', 'status'], { privilegeLevel: 'USER' });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'Chassis Power is on\n' });
  });

  test('may not power off', async () => {
    const result = await lab.ipmitool(lab.bmc(0), ['power', 'off'], { privilegeLevel: 'USER' });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('Insufficient privilege level');
    expect(await lab.domstate('node-0')).toBe('running');

    const udpConsole = await UdpConsole.connect(consoleTo(lab.bmc(0), { privilegeLevel: 'user' }));
    const control = { chassisControl: 'powerDown' } as const;
    expect(await udpConsole.request(chassisControlCommand, control)).toMatchObject({ completionCode: 0xd4 });
    await udpConsole.close();
    expect(await lab.domstate('node-0')).toBe('running');
  });
});

describe('a BMC on the address ::', () => {
  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((address) => address?.address === '::1');
  const addresses = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];
  if (!hasIpv6) printFigure('IPv6', 'this machine has no ::1, so only IPv4 is tried');

  test.each(addresses)('is driven through %s', async (address) => {
    const bmc = { ...lab.bmc(0), address };
    const on = await lab.ipmitool(bmc, ['power', 'on']);
    expect(on).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Up/On\n' });
    expect(await lab.domstate('node-0')).toBe('running');
    const off = await lab.ipmitool(bmc, ['power', 'off']);
    expect(off).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Down/Off\n' });
    expect(await lab.domstate('node-0')).toBe('shut off');
  });
});
