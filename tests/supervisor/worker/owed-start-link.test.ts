/** The link of a worker whose BMC owes a start: what is noted, told and asked for again. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { BmcEvent } from '#worker/ipc/protocol.ts';
import { configuration, domainLinkScene as scene, owed } from '#support/supervisor/domain-link-scene.ts';

test('a start that is owed is confirmed, and asked of the next worker once the domain is off', async () => {
  const { sent, link, tell } = await scene();
  link.open(configuration);
  await link.noteOwedStart({ type: 'owedStart', requestId: 3, ...owed });
  link.noteDestroy();
  tell({ domainState: 'shutOff' });
  link.close();
  link.workerGone();
  expect(link.complete(configuration, true)).toMatchObject({ owesStart: true });
  link.open(configuration);
  tell({ domainState: 'shutOff' });
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 1, how: 'done' });
  tell({ domainState: 'shutOff' });
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
    tell({ domainState: 'shutOff' });
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
    tell({ domainState: 'shutOff' });
    clock.advance(60_000);
    expect(asked()).toBe(1);
  });

  test.each(['running', undefined] as const)(
    'not if the domain is not known to be off: %s',
    async (state) => {
      const { clock, tell, asked } = await left();
      tell(state && { domainState: state });
      clock.advance(60_000);
      expect(asked()).toBe(0);
    },
  );

  test('not after another change has been noted: what the watch said before tells nothing about it', async () => {
    const { clock, link, tell, sent } = await left();
    await link.noteOwedStart({ type: 'owedStart', requestId: 3, ...owed });
    clock.advance(60_000);
    // Reported late, of a start before the note.
    tell({ domainState: 'running' });
    expect(sent.filter(({ type }) => type === 'startOvertaken')).toEqual([]);
    expect(link.complete(configuration, false)).toMatchObject({ owesStart: true });
  });

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

test('the next worker too takes a note back that its predecessor could not take off the disk', async () => {
  const { link, notesDirectory } = await scene();
  await link.noteOwedStart({ type: 'owedStart', requestId: 1, ...owed });
  renameSync(notesDirectory, `${notesDirectory}-away`);
  writeFileSync(notesDirectory, 'a file in its place');
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 2, how: 'calledOff' });
  link.workerGone();
  expect(link.complete(configuration, true)).toMatchObject({ owesStart: true });
  rmSync(notesDirectory);
  renameSync(`${notesDirectory}-away`, notesDirectory);
  await link.noteOwedStart({ type: 'owedStartEnded', requestId: 1, how: 'calledOff' });
  expect(link.complete(configuration, false)).not.toHaveProperty('owesStart');
});

test('a worker that is at it is told when the domain has been started', async () => {
  const { sent, link, tell } = await scene();
  link.open(configuration);
  await link.noteOwedStart({ type: 'owedStart', requestId: 3, ...owed });
  tell({ domainState: 'running' });
  tell({ domainState: 'shutOff' });
  tell({ domainState: 'running' }, 'started');
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
