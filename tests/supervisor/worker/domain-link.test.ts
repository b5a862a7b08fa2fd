import type {
  BmcConfiguration,
  BmcEvent,
  DomainState,
  PowerRestorePolicy,
  SupervisorMessage,
} from '#worker/ipc/protocol.ts';
import { DomainLink } from '#supervisor/worker/domain-link.ts';
import { OwedStarts } from '#supervisor/owed-starts/owed-starts.ts';
import { PowerRestore } from '#supervisor/power-restore/power-restore.ts';
import type { WatchSubscriber } from '#supervisor/domain-watch/watch-subscribers.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const configuration: BmcConfiguration = {
  name: 'node-0',
  domainName: 'vm-0',
  address: '::',
  port: 623,
  connectionUri: 'qemu:///system',
  cipherSuites: [17, 3],
  users: [],
};

const UUID = '12345678-9abc-def0-1122-334455667788';

/** `due`: the states in which the domain has to be powered up. */
async function scene(due: readonly DomainState[] = []) {
  const sent: SupervisorMessage[] = [];
  const subscribers = new Set<WatchSubscriber>();
  const stored = await PowerRestore.open({
    stateDirectory: temporaryDirectory(),
    clock: new VirtualClock(),
    log: () => undefined,
  });
  const told: unknown[] = [];
  const powerRestore = {
    policyOf: (name: string) => stored.policyOf(name),
    setPolicy: async (name: string, policy: PowerRestorePolicy) => stored.setPolicy(name, policy),
    mayPowerUp: () => due.length > 0,
    saw: (_name: string, state: DomainState) => due.includes(state),
    ended: (name: string) => told.push(['ended', name]),
    release: (name: string) => told.push(['release', name]),
    callOff: (name: string) => {
      told.push(['callOff', name]);
      return Promise.resolve(due.length > 1 ? 'EROFS' : undefined);
    },
  };
  const owedStarts = await OwedStarts.open({
    stateDirectory: temporaryDirectory(),
    clock: new VirtualClock(),
    log: () => undefined,
    hasBmc: () => true,
  });
  const noted: unknown[] = [];
  const domainUpdates = {
    subscribe: (_uri: string, subscriber: WatchSubscriber) => {
      subscribers.add(subscriber);
      return {
        noteUnanswered: (call: unknown) => noted.push(call),
        end: () => {
          subscribers.delete(subscriber);
        },
      };
    },
  };
  const clock = new VirtualClock();
  const link = new DomainLink('node-0', { domainUpdates, powerRestore, owedStarts, clock }, (message) =>
    sent.push(message),
  );
  const tell: WatchSubscriber['take'] = (...news) => {
    for (const { take } of subscribers) take(...news);
  };
  return { sent, subscribers, link, tell, noted, told, clock };
}

test('what libvirt does not answer is told in both directions', async () => {
  const { sent, link, subscribers, noted } = await scene();
  link.noteUnanswered({ type: 'unansweredCalls', verb: 'domstate', forMs: 20_000, calls: 1 });
  link.open(configuration);
  for (const { takeUnanswered } of subscribers) takeUnanswered(5_000);
  expect(sent).toEqual([{ type: 'domainUnanswered', forMs: 5_000 }]);
  link.noteUnanswered({ type: 'unansweredCalls', verb: 'domstate', forMs: 20_000, calls: 1 });
  link.noteUnanswered({ type: 'unansweredCalls', forMs: 0, calls: 0 });
  expect(noted).toEqual([{ verb: 'domstate', forMs: 20_000 }, undefined]);
});

test('what libvirt owes is known from the worker and from the watch, until it answers or the worker ends', async () => {
  const { link, subscribers, tell } = await scene();
  link.open(configuration);
  link.noteUnanswered({ type: 'unansweredCalls', verb: 'destroy', forMs: 0, calls: 1 });
  for (const { takeUnanswered } of subscribers) takeUnanswered(5_000);
  expect(link.unanswered.describe()).toMatchObject({ call: null });
  tell('running');
  expect(link.unanswered.describe()).toMatchObject({ call: 'destroy' });
  link.close();
  expect(link.unanswered.describe()).toBeNull();
});

test('domain updates are sent to the worker while it is ready', async () => {
  const { sent, link, tell, subscribers } = await scene();
  link.open(configuration);
  tell('running', 'started');
  tell('paused', undefined, UUID);
  tell(undefined);
  for (const { takeDefinitionChange } of subscribers) takeDefinitionChange();
  for (const { takeBootOverride } of subscribers)
    for (const element of ['', undefined, 'x'.repeat(20_000)]) takeBootOverride(element);
  expect(sent).toEqual([
    { type: 'domainState', domainState: 'running', event: 'started' },
    { type: 'domainState', domainState: 'paused', uuid: UUID },
    { type: 'domainStateUntrusted' },
    { type: 'definitionChanged' },
    { type: 'bootOverride', element: '' },
    { type: 'bootOverride' },
    { type: 'bootOverride' },
  ]);
  link.open(configuration);
  expect(subscribers.size).toBe(1);
  link.close();
  expect(subscribers.size).toBe(0);
});

test("a policy is stored, confirmed, and part of the next worker's configuration", async () => {
  const { sent, link } = await scene();
  const readsDomainAtStart = false;
  expect(link.complete(configuration, false)).toEqual({
    ...{ ...configuration, readsDomainAtStart, powerRestorePolicy: 'alwaysOff' },
  });
  await link.storePolicy({ type: 'powerRestorePolicy', requestId: 7, policy: 'alwaysOn' });
  expect(sent).toEqual([{ type: 'powerRestorePolicyStored', requestId: 7 }]);
  expect(link.complete(configuration, true)).toEqual({
    ...{ ...configuration, readsDomainAtStart: true, powerRestorePolicy: 'alwaysOn' },
  });
});

test('a domain that has to be powered up is, once it is seen off', async () => {
  const { sent, link, tell } = await scene(['shutOff']);
  link.open(configuration);
  tell(undefined);
  tell('shutOff');
  tell('running', 'started');
  expect(sent.filter(({ type }) => type === 'powerUp')).toEqual([
    { type: 'powerUp', cause: 'power restore policy' },
  ]);
});

const off: BmcEvent = {
  ...{ kind: 'domainActionFinished', action: 'chassisControl', description: 'power off' },
  ...{ user: 'u', source: 's', durationMs: 1 },
};

test('what a power up by the policy comes to is told, and that a client has called it off is stored before the answer', async () => {
  const { sent, link, told } = await scene(['shutOff']);
  expect(link.complete(configuration, false)).toMatchObject({ owesStart: true });
  link.noteEvents([off, { ...off, user: '', source: 'power restore policy' }]);
  link.workerGone();
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 1, how: 'done' });
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 2, how: 'calledOff' });
  expect(told).toEqual([
    ['ended', 'node-0'],
    ['release', 'node-0'],
    ['callOff', 'node-0'],
  ]);
  expect(sent).toEqual([
    { type: 'owedStartNoted', requestId: 1 },
    { type: 'owedStartNoted', requestId: 2 },
  ]);
});

test('the worker is told why it could not be stored', async () => {
  const { sent, link } = await scene(['shutOff', 'noState']);
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 2, how: 'calledOff' });
  expect(sent).toEqual([{ type: 'owedStartNoted', requestId: 2, failure: 'EROFS' }]);
});

const owed = {
  ...{ description: 'power cycle', user: 'admin', source: '192.0.2.7:40000' },
  uuid: '3e3fce45-4f53-4fa7-bb32-11f34168b82b',
};

test('a start that is owed is confirmed, and asked of the next worker once the domain is off', async () => {
  const { sent, link, tell } = await scene();
  link.open(configuration);
  await link.noteOwedStart({ type: 'owedStart', requestId: 3, ...owed });
  link.noteDestroy();
  tell('shutOff');
  link.close();
  link.workerGone();
  expect(link.complete(configuration, true)).toMatchObject({ owesStart: true });
  link.open(configuration);
  tell('shutOff');
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 1, how: 'done' });
  tell('shutOff');
  expect(sent.filter(({ type }) => type !== 'domainState')).toEqual([
    { type: 'owedStartNoted', requestId: 3 },
    { type: 'finishStart', start: owed },
    { type: 'owedStartNoted', requestId: 1 },
  ]);
  expect(link.complete(configuration, false)).not.toHaveProperty('owesStart');
});

test('an answer to a worker that has gone is not given to the next one, which numbers its requests likewise', async () => {
  const { sent, link } = await scene();
  const noting = link.noteOwedStart({ type: 'owedStart', requestId: 1, ...owed });
  link.workerGone();
  await noting;
  expect(sent).toEqual([]);
});

describe('a worker that could not make a start is asked again before the watch reports again', () => {
  async function left() {
    const made = await scene();
    const { link, tell, sent } = made;
    link.open(configuration);
    await link.noteOwedStart({ type: 'owedStart', requestId: 1, ...owed });
    link.noteDestroy();
    tell('shutOff');
    const leave = () =>
      link.noteOwedStart({ type: 'owedStartEnded', requestId: 2, how: 'left', why: 'no virsh' });
    await leave();
    const asked = (): number => sent.filter(({ type }) => type === 'finishStart').length;
    return { ...made, leave, asked };
  }

  test('with growing pauses, and not for ever', async () => {
    const { clock, leave, asked } = await left();
    expect(asked()).toBe(0);
    for (const [index, pauseMs] of [1_000, 2_000, 4_000, 8_000].entries()) {
      clock.advance(pauseMs - 1);
      expect(asked()).toBe(index);
      clock.advance(1);
      expect(asked()).toBe(index + 1);
      await leave();
    }
    expect(clock.pendingTimers).toBe(0);
  });

  test('not one that is asked already', async () => {
    const { clock, tell, asked } = await left();
    tell('shutOff');
    clock.advance(60_000);
    expect(asked()).toBe(1);
  });

  test.each(['running', undefined] as const)(
    'not if the domain is not known to be off: %s',
    async (state) => {
      const { clock, tell, asked } = await left();
      tell(state);
      clock.advance(60_000);
      expect(asked()).toBe(0);
    },
  );

  test('not when libvirt does not answer about it, or the worker is about to end', async () => {
    const stuck = await left();
    for (const { takeUnanswered } of stuck.subscribers) takeUnanswered(5_000);
    stuck.clock.advance(60_000);
    expect(stuck.asked()).toBe(0);
    const ending = await left();
    ending.link.close();
    expect(ending.clock.pendingTimers).toBe(0);
  });
});

test('the next worker knows the boot override that no start has used', async () => {
  const { link } = await scene();
  await link.noteOwedStart({ type: 'owedStart', requestId: 1, ...owed });
  const left = { type: 'owedStartEnded', requestId: 2, how: 'left', why: 'no libvirt' } as const;
  await link.noteOwedStart({ ...left, unusedOverride: 'some-id' });
  expect(link.complete(configuration, true)).toMatchObject({ owesStart: true, unusedOverride: 'some-id' });
  await link.noteOwedStart(left);
  expect(link.complete(configuration, true)).not.toHaveProperty('unusedOverride');
});

test('a worker that is at it is told when the domain has been started', async () => {
  const { sent, link, tell } = await scene();
  link.open(configuration);
  await link.noteOwedStart({ type: 'owedStart', requestId: 3, ...owed });
  tell('running');
  tell('shutOff');
  tell('running', 'started');
  expect(sent.at(-1)).toEqual({ type: 'startOvertaken' });
});

test('what is given up ends with a power command that succeeds', async () => {
  const { link } = await scene();
  await link.noteOwedStart({ type: 'owedStart', requestId: 1, ...owed });
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 2, how: 'failed', why: 'no memory' });
  const event: BmcEvent = {
    kind: 'domainActionFinished',
    action: 'chassisControl',
    description: 'power off',
    ...{ user: 'u', source: 's', durationMs: 1 },
  };
  const failure = { kind: 'virshFailed', message: 'm' } as const;
  link.noteEvents([{ ...event, failure }]);
  expect(link.complete(configuration, false)).toMatchObject({ owesStart: true });
  link.noteEvents([event]);
  expect(link.complete(configuration, false)).not.toHaveProperty('owesStart');
});

test('without services the worker asks libvirt itself, and no policy is stored', async () => {
  const sent: SupervisorMessage[] = [];
  const link = new DomainLink('node-0', { clock: new VirtualClock() }, (message) => sent.push(message));
  expect(link.complete(configuration, false)).toEqual({ ...configuration, readsDomainAtStart: true });
  link.open(configuration);
  await link.storePolicy({ type: 'powerRestorePolicy', requestId: 1, policy: 'alwaysOn' });
  await link.noteOwedStart({ type: 'owedStart', requestId: 2, ...owed });
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 3, how: 'done' });
  expect(sent).toEqual([
    { type: 'powerRestorePolicyStored', requestId: 1, failure: 'there is no state directory' },
    { type: 'owedStartNoted', requestId: 2, failure: 'there is no state directory' },
    { type: 'owedStartNoted', requestId: 3 },
  ]);
});
