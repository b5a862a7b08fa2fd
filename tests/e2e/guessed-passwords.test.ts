/** Guessers and half-open handshakes from eight addresses; `npm run test:hostile` has the same at full size. */
import { getDeviceId } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { attack } from '#support/hostile/attackers.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { startSteadyLogins, type SteadyLogins } from '#support/clients/steady-logins.ts';
import {
  startSteadyRequests,
  type SteadyReport,
  type SteadyRequests,
} from '#support/clients/steady-requests.ts';

const COUNT = 4_000;

let lab: Lab;
let pid: number | null;
let requests: SteadyRequests;
let logins: SteadyLogins;
beforeAll(async () => {
  lab = await startLab();
  ({ pid } = await showBmc(lab, 'node-0'));
});
afterAll(async () => {
  await lab.stop();
});
beforeEach(async () => {
  requests = await startSteadyRequests(lab.bmc(0), getDeviceId, 2);
  logins = startSteadyLogins(lab.bmc(0));
});
afterEach(async () => {
  await requests.stop();
  await logins.stop();
});

function undisturbed({ failures, retransmissions, durationsMs }: SteadyReport, what: string): void {
  printFigure(what, describeDurations(durationsMs));
  expect({ failures, retransmissions }).toEqual({ failures: [], retransmissions: 0 });
  expect(durationsMs.length).toBeGreaterThan(10);
}

test('half-open handshakes fill no table and keep no client out', async () => {
  const { ends, seconds } = await attack(lab.bmc(0), 'halfOpen', COUNT);
  const { strangers } = await showBmc(lab, 'node-0');
  printFigure(`${COUNT} half-open handshakes`, `in ${seconds.toFixed(1)} s: ${JSON.stringify(ends)}`);
  undisturbed(await requests.stop(), 'requests meanwhile');
  undisturbed(await logins.stop(), 'logins meanwhile');
  const { opened, challenged } = limits.handshakes;
  expect(strangers?.halfOpenSessions).toBeGreaterThan(0);
  expect(strangers?.halfOpenSessions).toBeLessThanOrEqual(opened.total + challenged.total);
});

test('wrong passwords delay the guessing clients only', async () => {
  const { ends, seconds } = await attack(lab.bmc(0), 'guess', COUNT);
  printFigure(`${COUNT} wrong passwords`, `in ${seconds.toFixed(1)} s: ${JSON.stringify(ends)}`);
  undisturbed(await requests.stop(), 'requests meanwhile');
  undisturbed(await logins.stop(), 'logins meanwhile');
  const status = ends['insufficientResourcesToCreateSession'] ?? 0;
  expect(status).toBeGreaterThan(COUNT * 0.9);
  expect(ends).not.toHaveProperty('rakpMessage4');

  const detail = await showBmc(lab, 'node-0');
  expect(detail).toMatchObject({ pid, restarts: 0 });
  expect(detail.strangers?.refusedLogins).toBeGreaterThan(COUNT);
});

test('a lock-out holds whatever the password, for that source alone, and is shown with user, source and time', async () => {
  const own = await startLab({ vbmcd: { inventoryKeys: { login_attempts: '3', lockout_s: '600' } } });
  try {
    await attack(own.bmc(0), 'guess', 40, { addresses: ['127.0.0.5'] });
    const from = (localAddress: string): Promise<UdpConsole> =>
      UdpConsole.connect(consoleTo(own.bmc(0), { localAddress }));
    await expect(from('127.0.0.5')).rejects.toMatchObject({ status: 'insufficientResourcesToCreateSession' });
    await (await from('127.0.0.6')).close();
    const { strangers } = await showBmc(own, 'node-0');
    expect(strangers).toMatchObject({
      lockouts: 1,
      lockedOutLogins: 1,
      lockedOut: [{ user: 'admin', source: '127.0.0.5', failures: 3 }],
    });
    expect(own.vbmcd.log()).toContain(
      '"admin" from 127.0.0.5 is locked out for 600 s after 3 failed logins in a row',
    );
  } finally {
    await own.stop();
  }
});

test('a client outside `allow` gets no answer', async () => {
  const own = await startLab({ vbmcd: { inventoryKeys: { address: '::', allow: '127.0.0.1, ::1' } } });
  try {
    const bmc = { ...own.bmc(0), address: '127.0.0.1' };
    expect((await own.ipmitool(bmc, ['power', 'status'])).exitCode).toBe(0);
    const stranger = await UdpConsole.bind(
      consoleTo(bmc, { localAddress: '127.0.0.2', retransmitAfterMs: 100, deadlineMs: 500 }),
    );
    await expect(stranger.ping()).rejects.toMatchObject({ kind: 'deadline' });
    await stranger.abandon();
    const detail = await showBmc(own, 'node-0');
    expect(detail.configuration?.allow).toEqual(['127.0.0.1', '::1']);
    expect(detail.strangers?.notAllowedDatagrams).toBeGreaterThan(0);
  } finally {
    await own.stop();
  }
});
