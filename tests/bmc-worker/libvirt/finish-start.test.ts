/** The second half of a power cycle whose worker has ended: when the next one makes it, and when not. */
import { failure } from './model-domain.ts';
import { bench, isAway, owedStart, UUID, type NotingBench } from './noting-bench.ts';
import { done, failedWith, started } from './workbench.ts';

describe('what an earlier worker has left', () => {
  const finish = { kind: 'finishStart', start: owedStart } as const;

  function off(printed: string): NotingBench {
    const scene = bench();
    scene.domain.state = 'shutOff';
    scene.domain.live = undefined;
    scene.domain.intercept = (verb) =>
      verb === 'domstate' && scene.domain.state === 'shutOff'
        ? { ok: true, stdout: `${printed}\n\n` }
        : undefined;
    return scene;
  }

  test.each(['destroyed', 'unknown', 'crashed', 'failed', 'daemon'])('off (%s): started', async (reason) => {
    const scene = off(`shut off (${reason})`);
    expect(await scene.actions.perform(finish)).toEqual(started());
    expect(scene.notes).toEqual(['done']);
  });

  test.each(['shutdown', 'saved', 'migrated', 'from snapshot'])('off (%s): not started', async (reason) => {
    const scene = off(`shut off (${reason})`);
    expect(await scene.actions.perform(finish)).toEqual(failedWith('invalidInPresentState'));
    expect(scene.notes).toEqual(['overtaken']);
    expect(scene.domain.changes).toEqual([]);
  });

  test('with an image of its memory: not started', async () => {
    const scene = off('shut off (destroyed)');
    scene.domain.managedSave = true;
    expect(await scene.actions.perform(finish)).toEqual(failedWith('invalidInPresentState'));
    expect(scene.domain.changes).toEqual([]);
  });

  test('the domain was started and ended again since the start was asked for: not started', async () => {
    const scene = off('shut off (destroyed)');
    scene.overtaken.isIt = true;
    expect(await scene.actions.perform(finish)).toEqual(failedWith('invalidInPresentState'));
    expect(scene.notes).toEqual(['overtaken']);
    expect(scene.domain.changes).toEqual([]);
  });

  test('another domain has the name: not started', async () => {
    const scene = off('shut off (destroyed)');
    const start = { ...owedStart, uuid: UUID.replace('3e', '4e') };
    expect(await scene.actions.perform({ kind: 'finishStart', start })).toEqual(
      failedWith('invalidInPresentState'),
    );
    expect(scene.domain.changes).toEqual([]);
  });

  test('the domain runs: nothing is left to do', async () => {
    const scene = bench();
    expect(await scene.actions.perform(finish)).toEqual(done('running'));
    expect(scene.domain.changes).toEqual([]);
    expect(scene.notes).toEqual(['done']);
  });

  test('libvirt is starting the domain and has not finished: the start stays noted', async () => {
    const scene = bench();
    scene.domain.state = 'startingUp';
    expect(await scene.actions.perform(finish)).toEqual(failedWith('deadlineExceeded'));
    expect(scene.domain.changes).toEqual([]);
    expect(scene.notes).toEqual(['left']);
  });

  test.each([
    [isAway, 'left'],
    [failure('error: Cannot access storage file\n'), 'failed'],
  ])('the start fails: %j', async (answer, how) => {
    const scene = off('shut off (destroyed)');
    const { intercept } = scene.domain;
    scene.domain.intercept = (verb, args) => (verb === 'start' ? answer : intercept?.(verb, args));
    expect(await scene.actions.perform(finish)).toMatchObject({ ok: false });
    expect(scene.notes).toEqual([how]);
  });
});
