/** A power cycle and a reset in a new process, cut between their halves: what is noted, tried again, and given up. */
import { failure } from './model-domain.ts';
import { awayFrom, bench, isAway, origin, owedStart } from './noting-bench.ts';
import { boot, control, done, failedWith, started } from './workbench.ts';

test('the start is noted before the domain is switched off, and the note is taken back at the end', async () => {
  const scene = bench();
  expect(await scene.cycle()).toEqual(started());
  expect(scene.notes).toEqual([[owedStart, ''], 'done']);
  expect(scene.destroys).toEqual(['']);
  expect(scene.domain.changes).toEqual(['destroy', 'start']);
});

test('a start that nobody would finish is not made necessary: nothing is done', async () => {
  const scene = bench();
  scene.deaf.isIt = true;
  expect(await scene.cycle()).toEqual(failedWith('virshInterrupted'));
  expect(scene.domain.changes).toEqual([]);
  expect(scene.destroys).toEqual([]);
  expect(scene.domain.state).toBe('running');
});

test.each(['powerUp', 'powerDown', 'softShutdown', 'hardReset', 'diagnosticInterrupt'] as const)(
  '%s of a running domain notes nothing',
  async (chassisControl) => {
    const scene = bench();
    await scene.actions.perform(control(chassisControl), undefined, origin);
    expect(scene.notes).toEqual([]);
  },
);

describe.each([1, 4, 9])('libvirt is away for %d calls', (calls) => {
  test.each([
    ['destroy', true],
    ['start', true],
    ['start', false],
  ] as const)('from `%s` on (carried out: %s)', async (verb, isCarriedOut) => {
    const scene = bench();
    awayFrom(scene, verb, calls, isCarriedOut);
    expect(await scene.cycle()).toMatchObject({ ok: true, facts: { domainState: 'running' } });
    expect(scene.notes).toEqual([[owedStart, ''], 'done']);
    expect(scene.domain.changes.filter((change) => change !== 'metadata')).toEqual(['destroy', 'start']);
  });
});

test('the pauses between the attempts begin below a second, and last a minute in all', async () => {
  const scene = bench();
  awayFrom(scene, 'start', Infinity);
  expect(await scene.cycle()).toEqual(failedWith('connectionLost'));
  const [, first = 0] = scene.slept;
  expect(first).toBeLessThan(1_000);
  const total = scene.slept.reduce((sum, ms) => sum + ms, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(70_000);
  expect(scene.notes).toEqual([[owedStart, ''], 'left']);
});

test('a destroy that did not reach libvirt owes nothing', async () => {
  const scene = bench();
  scene.domain.intercept = (verb) => (verb === 'destroy' ? isAway : undefined);
  expect(await scene.cycle()).toEqual(failedWith('hypervisorUnreachable'));
  expect(scene.notes).toEqual([[owedStart, ''], 'calledOff']);
  expect(scene.domain.state).toBe('running');
});

describe('a destroy that libvirt may still carry out stays noted, and is no success', () => {
  test.each([2, 4])('libvirt was gone for %d calls', async (calls) => {
    const scene = bench();
    awayFrom(scene, 'destroy', calls);
    expect(await scene.cycle()).toEqual(failedWith('connectionLost'));
    expect(scene.notes).toEqual([[owedStart, ''], 'left']);
    expect(scene.domain.changes).toEqual([]);
  });

  test.each(['virshInterrupted', 'deadlineExceeded'] as const)('virsh: %s', async (kind) => {
    const scene = bench();
    scene.domain.intercept = (verb) => (verb === 'destroy' ? failure('', kind) : undefined);
    expect(await scene.cycle()).toEqual(failedWith(kind));
    expect(scene.notes).toEqual([[owedStart, ''], 'left']);
  });

  test('an older one keeps it back', async () => {
    const scene = bench();
    scene.domain.intercept = (verb) =>
      verb === 'destroy' ? { ...failure('', 'deadlineExceeded'), notBegun: true } : undefined;
    expect(await scene.cycle()).toEqual(failedWith('deadlineExceeded'));
    expect(scene.notes).toEqual([[owedStart, ''], 'left']);
  });
});

test('a destroy whose virsh could not be started owes nothing', async () => {
  const scene = bench();
  scene.domain.intercept = (verb) =>
    verb === 'destroy' ? { ...failure('', 'virshInterrupted'), notBegun: true } : undefined;
  expect(await scene.cycle()).toEqual(failedWith('virshInterrupted'));
  expect(scene.notes).toEqual([[owedStart, ''], 'calledOff']);
});

test('a destroy that comes through after its deadline is followed by the start', async () => {
  const scene = bench();
  let reads = 0;
  scene.domain.intercept = (verb) => {
    if (verb === 'destroy' && reads === 0) {
      reads = 1;
      return failure('', 'deadlineExceeded');
    }
    if (verb !== 'domstate' || reads === 0) return undefined;
    reads += 1;
    if (reads < 12) return failure('', 'deadlineExceeded');
    scene.domain.intercept = undefined;
    void scene.domain.virsh('destroy');
    return undefined;
  };
  expect(await scene.cycle()).toMatchObject({ ok: true, facts: { domainState: 'running' } });
  expect(scene.domain.changes).toEqual(['destroy', 'start']);
  expect(scene.notes.at(-1)).toBe('done');
});

test('virsh start is ended by a signal: it is run again', async () => {
  const scene = bench();
  let starts = 0;
  scene.domain.intercept = (verb) =>
    verb === 'start' && (starts += 1) === 1 ? failure('', 'virshInterrupted') : undefined;
  expect(await scene.cycle()).toMatchObject({ ok: true, facts: { domainState: 'running' } });
  expect(starts).toBe(2);
  expect(scene.notes.at(-1)).toBe('done');
});

test('virsh destroy is ended by a signal, and libvirt has carried it out: the start follows', async () => {
  const scene = bench();
  awayFrom(scene, 'destroy', 3, true);
  const { intercept } = scene.domain;
  scene.domain.intercept = (verb, args) => {
    const answer = intercept?.(verb, args);
    return verb === 'destroy' ? failure('', 'virshInterrupted') : answer;
  };
  expect(await scene.cycle()).toMatchObject({ ok: true, facts: { domainState: 'running' } });
  expect(scene.domain.changes).toEqual(['destroy', 'start']);
  expect(scene.notes.at(-1)).toBe('done');
});

test.each([
  ['permissionDenied', failure('error: authentication failed: access denied by policy\n')],
  ['virshFailed', failure('error: internal error: something\n')],
] as const)('a destroy that libvirt refuses (%s) owes nothing', async (kind, refusal) => {
  const scene = bench();
  scene.domain.intercept = (verb) => (verb === 'destroy' ? refusal : undefined);
  expect(await scene.cycle()).toEqual(failedWith(kind));
  expect(scene.notes).toEqual([[owedStart, ''], 'calledOff']);
});

test('a start that libvirt refuses for a reason of the domain is not repeated, and told', async () => {
  const scene = bench();
  const refusal = failure('error: internal error: cannot set up guest memory\n');
  let starts = 0;
  scene.domain.intercept = (verb) => (verb === 'start' ? ((starts += 1), refusal) : undefined);
  expect(await scene.cycle()).toEqual(failedWith('virshFailed'));
  expect(starts).toBe(1);
  expect(scene.notes).toEqual([[owedStart, ''], 'failed']);
});

test('another program starts the domain meanwhile: that is the end of it', async () => {
  const scene = bench();
  awayFrom(scene, 'start', 3);
  scene.during.interval = () => {
    if (scene.slept.length === 3) scene.domain.state = 'running';
  };
  expect(await scene.cycle()).toEqual(done('running'));
  expect(scene.domain.changes).toEqual(['destroy']);
  expect(scene.notes.at(-1)).toBe('done');
});

describe('libvirt has not finished the start when virsh is cut', () => {
  function slowStart() {
    const scene = bench();
    let starts = 0;
    scene.domain.intercept = (verb) => {
      if (verb !== 'start' || (starts += 1) > 1) return undefined;
      scene.domain.state = 'startingUp';
      return failure('', 'deadlineExceeded');
    };
    return scene;
  }

  test('it fails: the domain is started again, and that is what is answered', async () => {
    const scene = slowStart();
    scene.during.interval = () => {
      if (scene.slept.length === 12) scene.domain.state = 'shutOff';
    };
    expect(await scene.cycle()).toMatchObject({ ok: true, facts: { domainState: 'running' } });
    expect(scene.domain.changes).toEqual(['destroy', 'start']);
    expect(scene.notes.at(-1)).toBe('done');
  });

  test('it takes longer than the attempts: no success, and the start stays noted', async () => {
    const scene = slowStart();
    expect(await scene.cycle()).toEqual(failedWith('deadlineExceeded'));
    expect(scene.domain.state).toBe('startingUp');
    expect(scene.notes.at(-1)).toBe('left');
  });

  test('it comes through: nothing else is started', async () => {
    const scene = slowStart();
    scene.during.interval = () => {
      if (scene.slept.length === 12) scene.domain.state = 'running';
    };
    expect(await scene.cycle()).toEqual(done('running'));
    expect(scene.domain.changes).toEqual(['destroy']);
    expect(scene.notes.at(-1)).toBe('done');
  });
});

test('another program starts and ends the domain meanwhile: it stays off', async () => {
  const scene = bench();
  awayFrom(scene, 'start', 3);
  scene.during.interval = () => {
    scene.overtaken.isIt = scene.slept.length >= 3;
  };
  expect(await scene.cycle()).toEqual(failedWith('invalidInPresentState'));
  expect(scene.domain.changes).toEqual(['destroy']);
  expect(scene.notes.at(-1)).toBe('overtaken');
});

test('a power off meanwhile calls the start off', async () => {
  const scene = bench();
  awayFrom(scene, 'start', 5);
  const calledOff = new AbortController();
  scene.during.interval = () => {
    if (scene.slept.length === 3) calledOff.abort();
  };
  expect(await scene.cycle(calledOff.signal)).toEqual(failedWith('calledOff'));
  expect(scene.domain.changes).toEqual(['destroy']);
  expect(scene.notes.at(-1)).toBe('calledOff');
});

test('a worker that is about to end leaves the start to the next one', async () => {
  const scene = bench();
  awayFrom(scene, 'start', Infinity);
  scene.during.interval = () => {
    if (scene.slept.length === 3) scene.leaving.abort();
  };
  expect(await scene.cycle()).toEqual(failedWith('connectionLost'));
  expect(scene.slept).toHaveLength(4);
  expect(scene.notes.at(-1)).toBe('left');
});

test('a one-shot boot device is used by the start that comes late', async () => {
  const scene = bench();
  await scene.actions.perform(boot('pxe'));
  awayFrom(scene, 'start', 4);
  expect(await scene.cycle()).toMatchObject({ ok: true });
  expect(scene.domain.boots.at(-1)).toBe('interface0');
  expect(scene.domain.config).not.toContain('bootOverride');
});
