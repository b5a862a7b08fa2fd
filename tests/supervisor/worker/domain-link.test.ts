import type { BmcEvent, SupervisorMessage } from '#worker/ipc/protocol.ts';
import { DomainLink } from '#supervisor/worker/domain-link.ts';
import { configuration, domainLinkScene as scene, owed } from '#support/supervisor/domain-link-scene.ts';
import { keptScene, KEPT_URI } from '#support/supervisor/kept-scene.ts';
import { VirtualClock } from '#support/supervisor/virtual-clock.ts';

const UUID = '12345678-9abc-def0-1122-334455667788';

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

test('whether libvirt answers about all domains is told to the worker, and which start it makes to the watch', async () => {
  const { sent, link, subscribers, noted } = await scene();
  link.noteStart(true);
  link.open(configuration);
  for (const { takeAllUnanswered } of subscribers) for (const isSo of [true, false]) takeAllUnanswered(isSo);
  expect(sent).toEqual([true, false].map((isSo) => ({ type: 'allDomainsUnanswered', isSo })));
  link.noteStart(true);
  link.noteStart(false);
  expect(noted).toEqual([{ isUnderWay: true }, { isUnderWay: false }]);
});

test('a worker that follows a crash asks for its domain, unless it was in a start that hangs', async () => {
  const { link, clock } = await scene();
  const asks = (): boolean | undefined => link.complete(configuration, true).readsDomainAtStart;
  expect(asks()).toBe(true);
  link.noteStart(true);
  clock.advance(4_000);
  expect(asks()).toBe(true);
  link.noteStart(true);
  clock.advance(5_000);
  expect(asks()).toBe(false);
  // Its successor has started nothing.
  expect(asks()).toBe(true);
  link.noteStart(true);
  link.noteStart(false);
  clock.advance(5_000);
  expect(asks()).toBe(true);
});

test('what libvirt owes is known from the worker and from the watch, until it answers or the worker ends', async () => {
  const { link, subscribers, tell } = await scene();
  link.open(configuration);
  link.noteUnanswered({ type: 'unansweredCalls', verb: 'destroy', forMs: 0, calls: 1 });
  for (const { takeUnanswered } of subscribers) takeUnanswered(5_000);
  expect(link.unanswered.describe()).toMatchObject({ call: null });
  tell({ domainState: 'running' });
  expect(link.unanswered.describe()).toMatchObject({ call: 'destroy' });
  link.close();
  expect(link.unanswered.describe()).toBeNull();
});

test('domain updates are sent to the worker while it is ready', async () => {
  const { sent, link, tell, subscribers } = await scene();
  link.open(configuration);
  tell({ domainState: 'running' }, 'started');
  tell({ domainState: 'paused', askedAtMs: 7 }, undefined, UUID);
  // However late the event is known, it is news.
  tell({ domainState: 'running', askedAtMs: 8 }, 'started');
  tell(undefined);
  for (const { takeDefinitionChange } of subscribers) takeDefinitionChange();
  for (const { takeBootOverride } of subscribers)
    for (const element of ['', undefined, 'x'.repeat(20_000)]) takeBootOverride?.(element);
  expect(sent).toEqual([
    { type: 'domainState', domainState: 'running', event: 'started' },
    { type: 'domainState', domainState: 'paused', askedAtMs: 7, uuid: UUID },
    { type: 'domainState', domainState: 'running', event: 'started' },
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
  tell({ domainState: 'shutOff' });
  tell({ domainState: 'running' }, 'started');
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

test('a worker is told by which way its virsh may go, for as long as it is ready', async () => {
  const all = keptScene();
  const sent: SupervisorMessage[] = [];
  const services = { keptConnections: all.kept, clock: all.clock };
  const link = new DomainLink('node-0', services, (message) => sent.push(message));
  const elsewhere = { ...configuration, connectionUri: KEPT_URI };
  expect(link.complete(elsewhere, false).keptConnection).toEqual({ outlook: 'coming' });
  expect(link.complete(configuration, false)).not.toHaveProperty('keptConnection');
  link.open(configuration);
  expect(sent).toEqual([]);
  link.open(elsewhere);
  await all.stand();
  const connectionUri = expect.stringContaining('qemu+unix:///system?socket=') as unknown;
  expect(sent).toEqual([
    { type: 'keptConnection', outlook: 'coming' },
    { type: 'keptConnection', outlook: 'standing', connectionUri },
  ]);
  link.close();
  expect(all.master().isStopped).toBe(true);
});
