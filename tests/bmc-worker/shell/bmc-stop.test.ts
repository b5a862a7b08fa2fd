/** What a BMC on a real socket does when it is asked to stop. */
import { chassisControlCommand, getChassisStatus } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import { consoleOptions, start, stopAll } from '#support/bmc/running-bmc.ts';
import { UdpConsole } from '#support/console/udp-console.ts';

const done: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };

/** A promise that the test settles. */
function held<Value>(): { promise: Promise<Value>; release: (value: Value) => void } {
  let release: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

afterEach(stopAll);

/** A BMC with a power cycle under way, which ends when the test says so, and its client. */
async function cycling() {
  const change = held<DomainActionOutcome>();
  const begun = held<undefined>();
  const started = await start({
    perform: ({ kind }) => {
      if (kind !== 'chassisControl') return Promise.resolve(done);
      begun.release(undefined);
      return change.promise;
    },
  });
  const console = await UdpConsole.connect(consoleOptions(started.bmc.port));
  const answer = console.request(chassisControlCommand, { chassisControl: 'powerCycle' } as const);
  await begun.promise;
  return { ...started, console, answer, change };
}

test('waits for a change that is under way, and its client gets the answer', async () => {
  const { bmc, events, console, answer, change } = await cycling();
  const stopping = bmc.stop();
  change.release(done);
  await stopping;
  expect(await answer).toMatchObject({ completionCode: 0 });
  expect(events.at(-1)).toMatchObject({ kind: 'domainActionFinished', description: 'power cycle' });
  // The port is free.
  await start({ port: bmc.port });
  await console.abandon();
});

test('its client may close the session before the port closes', async () => {
  const { bmc, events, console, answer, change } = await cycling();
  const stopping = bmc.stop();
  change.release(done);
  expect(await answer).toMatchObject({ completionCode: 0 });
  await console.close();
  await stopping;
  expect(events.at(-1)).toMatchObject({ kind: 'sessionClosed' });
});

test('meanwhile refuses further changes with C0h, and opens no session', async () => {
  const { bmc, actions, console, answer, change } = await cycling();
  const second = await UdpConsole.connect(consoleOptions(bmc.port));
  const stopping = bmc.stop();
  const powerOff = { chassisControl: 'powerDown' } as const;
  expect(await second.request(chassisControlCommand, powerOff)).toMatchObject({ completionCode: 0xc0 });
  expect(await second.request(getChassisStatus, undefined)).toMatchObject({ completionCode: 0 });
  await expect(UdpConsole.connect({ ...consoleOptions(bmc.port), deadlineMs: 1_000 })).rejects.toMatchObject({
    kind: 'deadline',
  });
  change.release(done);
  await stopping;
  expect(await answer).toMatchObject({ completionCode: 0 });
  expect(actions.filter(({ kind }) => kind === 'chassisControl')).toHaveLength(1);
  await Promise.all([console.abandon(), second.abandon()]);
});

test('does not wait for a read from libvirt', async () => {
  const { bmc } = await start({ perform: () => new Promise(() => undefined) });

  await bmc.stop();
});

test('may be requested twice, by a message and a signal', async () => {
  const { bmc } = await start();

  await Promise.all([bmc.stop(), bmc.stop()]);
  await bmc.stop();
});

test('leaves no timer and no socket that keeps the process alive', async () => {
  const { bmc } = await start();
  const console = await UdpConsole.connect(consoleOptions(bmc.port));
  await console.abandon(); // its session stays open, so the ticks continue
  const before = process.getActiveResourcesInfo();
  expect(before).toContain('Timeout');

  await bmc.stop();
  // A socket is closed at the end of the turn, after the callbacks of setImmediate.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));

  const after = process.getActiveResourcesInfo();
  expect(count(after, 'Timeout')).toBe(count(before, 'Timeout') - 1);
  expect(count(after, 'UDPWrap')).toBe(count(before, 'UDPWrap') - 1);
});

function count(names: readonly string[], name: string): number {
  return names.filter((one) => one === name).length;
}
