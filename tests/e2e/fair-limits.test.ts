/**
 * Limits hit those who cause them: a guesser costs the others nothing, nobody takes all sessions, and the trail stays. `npm run
 * test:fair-limits` has the same at full size.
 */
import { getDeviceId } from '@vbmc/ipmi-codec';
import type { EventRecord } from '#supervisor/control/event-record.ts';
import type { BmcSessions } from '#supervisor/status/bmc-sessions.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { attack } from '#support/hostile/attackers.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { accountOf, LEVELLED_USER_SECTIONS, levels, type UserName } from '#support/clients/levelled-users.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { startSteadyLogins } from '#support/clients/steady-logins.ts';

const LEGITIMATE = '127.0.0.1';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ vbmcd: { inventorySections: LEVELLED_USER_SECTIONS } });
  await lab.libvirt.virsh('start', 'node-0');
});
afterAll(async () => {
  await lab.stop();
});

/** Resolves with undefined when it is refused. */
async function loginAs(user: UserName, localAddress: string): Promise<UdpConsole | undefined> {
  const options = { ...accountOf(user), localAddress };
  return UdpConsole.connect(consoleTo(lab.bmc(0), options)).catch(() => undefined);
}

/** The sessions of that many logins in a row, each from another address. */
async function hold(user: UserName, logins: number): Promise<UdpConsole[]> {
  const held: UdpConsole[] = [];
  for (let n = 0; n < logins; n += 1) {
    const session = await loginAs(user, `127.0.${10 + Object.keys(levels).indexOf(user)}.${n + 1}`);
    if (session !== undefined) held.push(session);
  }
  return held;
}

async function eventsOf(...args: readonly string[]): Promise<EventRecord[]> {
  const { stdout } = await lab.vbmcd.vbmc('events', 'node-0', '--json', '--last', '1000', ...args);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventRecord);
}

test('failures at the same address, over junk names, the real name and half-open logins, disturb no legitimate user', async () => {
  const logins = startSteadyLogins(lab.bmc(0));
  await (await UdpConsole.connect(consoleTo(lab.bmc(0)))).close();
  const junk = (attempt: number): string | undefined => (attempt % 4 === 0 ? undefined : `junk${attempt}`);
  const options = { addresses: [LEGITIMATE], userNameOf: junk };
  const guessed = await attack(lab.bmc(0), 'guess', 200, options);
  const halfOpen = await attack(lab.bmc(0), 'halfOpen', 200, options);
  const { failures, durationsMs } = await logins.stop();
  printFigure('200 wrong passwords', JSON.stringify(guessed.ends));
  printFigure('200 half-open logins', JSON.stringify(halfOpen.ends));
  printFigure('logins meanwhile', describeDurations(durationsMs));

  expect(failures).toEqual([]);
  expect(durationsMs.length).toBeGreaterThan(10);
  expect(guessed.ends).not.toHaveProperty('rakpMessage4');
  const lockOuts = await eventsOf('--kind', 'loginLockedOut', '--level', 'warn');
  expect(lockOuts.some(({ facts }) => facts['exempt'] === true && facts['user'] === 'admin')).toBe(true);
});

test('while accounts of lower levels hold all they can get, the administrator gets in each of 100 times and powers the domain off', async () => {
  const held = [
    ...(await hold('monitor', 20)),
    ...(await hold('grafana', 20)),
    ...(await hold('nagios', 20)),
    ...(await hold('ironic', 20)),
  ];
  expect(held).toHaveLength(55);
  const administrators: UdpConsole[] = [];
  for (let n = 0; n < 8; n += 1) administrators.push(await UdpConsole.connect(consoleTo(lab.bmc(0))));
  let entered = 0;
  for (let n = 0; n < 100; n += 1) {
    const session = await UdpConsole.connect(consoleTo(lab.bmc(0)));
    if ((await session.request(getDeviceId, undefined)).completionCode === 0) entered += 1;
    await session.close();
  }
  expect(entered).toBe(100);

  expect((await lab.ipmitool(lab.bmc(0), ['power', 'off'])).exitCode).toBe(0);
  expect(await lab.domstate('node-0')).toBe('shut off');
  const displaced = await eventsOf('--kind', 'sessionClosed', '--level', 'info');
  expect(displaced.some(({ facts }) => facts['cause'] === 'displaced')).toBe(true);
  for (const session of administrators) await session.close();
  for (const session of held) await session.abandon();
});

test('vbmc sessions lists the sessions and ends one, and the trail says who has ended it', async () => {
  const session = await UdpConsole.connect(
    consoleTo(lab.bmc(0), { localAddress: '127.0.9.9', retransmitAfterMs: 100, deadlineMs: 1_000 }),
  );
  const listed = JSON.parse((await lab.vbmcd.vbmc('sessions', 'node-0', '--json')).stdout) as {
    bmcs: readonly BmcSessions[];
  };
  const source = `127.0.9.9:${session.localPort}`;
  const id = listed.bmcs[0]?.sessions?.find((one) => one.source === source)?.id ?? '';
  expect((await lab.vbmcd.vbmc('sessions')).stdout).toContain(id);

  expect(await lab.vbmcd.vbmc('sessions', 'node-0', '--close', id)).toMatchObject({ exitCode: 0 });
  await expect(session.request(getDeviceId, undefined)).rejects.toMatchObject({ kind: 'deadline' });
  await session.abandon();
  expect(await lab.vbmcd.vbmc('sessions', 'node-0', '--close', id)).toMatchObject({ exitCode: 1 });
  const [ended] = await eventsOf('--kind', 'sessionEndedByOperator');
  expect(ended?.message).toMatch(new RegExp(`^session ${id} of "admin" from ${source} ended by .+`));
  expect(ended?.facts['by']).not.toBe('');
});

test('a power command is in the events after more sessions than any ring holds', async () => {
  expect((await lab.ipmitool(lab.bmc(0), ['power', 'on'])).exitCode).toBe(0);
  const linesBefore = lab.vbmcd.log().split('\n').length;
  for (let n = 0; n < 600; n += 1) await (await UdpConsole.connect(consoleTo(lab.bmc(0)))).close();

  const powerCommands = await eventsOf('--kind', 'domainActionFinished', '--since', '1h');
  expect(powerCommands.at(-1)?.message).toContain('power on by "admin"');
  const lines = lab.vbmcd.log().split('\n').length - linesBefore;
  printFigure('lines of the log for 600 sessions', String(lines));
  expect(lines).toBeLessThan(50);
  expect(await lab.domstate('node-0')).toBe('running');
});
