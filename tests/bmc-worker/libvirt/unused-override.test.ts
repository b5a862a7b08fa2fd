/** A one-shot boot override that was announced for a start, when libvirt did not get the start. */
import { failure } from './model-domain.ts';
import { awayFrom, bench, isAway, owedStart, type NotingBench } from './noting-bench.ts';
import { boot, control, failedWith, workbench, type Workbench } from './workbench.ts';

describe('a one-shot boot device is used by the start that comes minutes late', () => {
  const finish = { kind: 'finishStart', start: owedStart } as const;

  /** The cycle is cut before libvirt gets the start. */
  async function cutBeforeStart(): Promise<{ readonly scene: NotingBench; readonly id: string }> {
    const scene = bench();
    await scene.actions.perform(boot('cdDvd'));
    let isGone = false;
    scene.domain.intercept = (verb) => {
      isGone ||= verb === 'start';
      return isGone ? isAway : undefined;
    };
    expect(await scene.cycle()).toEqual(failedWith('connectionLost'));
    const id = /bootOverride [^>]*id="([^"]*)"/.exec(scene.domain.config)?.[1] ?? '';
    expect(scene.notes.at(-1)).toEqual(['left', id]);
    scene.domain.intercept = undefined;
    return { scene, id };
  }

  test('by the same worker', async () => {
    const { scene } = await cutBeforeStart();
    expect(await scene.actions.perform(finish)).toMatchObject({ ok: true, facts: { hasStarted: true } });
    expect(scene.domain.boots).toEqual(['disk2']);
    expect(scene.domain.config).not.toContain('bootOverride');
  });

  test('by the next worker, which looks at the definition first', async () => {
    const { scene: before, id } = await cutBeforeStart();
    const scene = bench(before.domain.config, 'shutOff', id);
    await scene.actions.perform({ kind: 'recoverBootOverride' });
    expect(await scene.actions.perform(finish)).toMatchObject({ ok: true, facts: { hasStarted: true } });
    expect(scene.domain.boots).toEqual(['disk2']);
  });

  test('which leaves it to the one after, if libvirt goes away again', async () => {
    const { scene: before, id } = await cutBeforeStart();
    const scene = bench(before.domain.config, 'shutOff', id);
    let isGone = false;
    scene.domain.intercept = (verb) => {
      isGone ||= verb === 'start';
      return isGone ? isAway : undefined;
    };
    await scene.actions.perform(finish);
    expect(scene.notes).toEqual([['left', id]]);
  });

  test('not if libvirt may have got the start', async () => {
    const scene = bench();
    await scene.actions.perform(boot('cdDvd'));
    awayFrom(scene, 'start', Infinity);
    await scene.cycle();
    expect(scene.notes.at(-1)).toBe('left');
    scene.domain.intercept = undefined;
    await scene.actions.perform(finish);
    expect(scene.domain.boots).toEqual(['interface0']);
  });
});

describe('a start that has not reached libvirt leaves the one-shot override armed', () => {
  async function bootsTheOverride({ domain, actions }: Workbench): Promise<void> {
    expect(await actions.perform({ kind: 'readBootFlags' })).toMatchObject({
      facts: { bootFlags: { device: 'cdDvd' } },
    });
    expect(await actions.perform({ kind: 'recoverBootOverride' })).toMatchObject({
      facts: { bootFlags: { device: 'cdDvd' } },
    });
    await actions.perform(control('powerUp'));
    expect(domain.boots).toEqual(['disk2']);
    expect(domain.config).not.toContain('bootOverride');
  }

  test('libvirtd is away from the start on', async () => {
    const scene = workbench();
    const { domain, actions } = scene;
    await actions.perform(boot('cdDvd'));
    let isAway = false;
    domain.intercept = (verb) => {
      isAway ||= verb === 'start';
      return isAway ? failure('error: failed to connect to the hypervisor\n') : undefined;
    };
    expect(await actions.perform(control('powerUp'))).toEqual(failedWith('hypervisorUnreachable'));
    domain.intercept = undefined;
    await bootsTheOverride(scene);
  });

  test('a power off calls it off first', async () => {
    const scene = workbench();
    const { domain, actions } = scene;
    await actions.perform(boot('cdDvd'));
    const calledOff = new AbortController();
    domain.hold = (verb) => {
      if (verb !== 'start') return undefined;
      calledOff.abort();
      return Promise.resolve({ ...failure('virsh start', 'calledOff'), notBegun: true });
    };
    const up = actions.perform(control('powerUp'), calledOff.signal);
    expect(await up).toEqual(failedWith('calledOff'));
    domain.hold = undefined;
    await actions.perform(control('powerDown'));
    await bootsTheOverride(scene);
  });

  test('unless libvirt may have got it', async () => {
    const { domain, actions } = workbench();
    await actions.perform(boot('cdDvd'));
    let isAway = false;
    domain.intercept = (verb) => {
      if (!isAway && verb !== 'start') return undefined;
      const answer = isAway ? 'failed to connect to the hypervisor' : 'Disconnected from qemu:///system';
      isAway = true;
      return failure(`error: ${answer}\n`);
    };
    await actions.perform(control('powerUp'));
    domain.intercept = undefined;
    await actions.perform(control('powerUp'));
    expect(domain.boots).toEqual(['interface0']);
  });
});
