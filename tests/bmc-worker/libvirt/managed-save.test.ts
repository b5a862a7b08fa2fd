/** A domain that is off with an image of its memory: what `virsh managedsave` leaves behind. */
import type { VirshResult } from '#worker/libvirt/virsh.ts';
import { boot, control, done, started, workbench, type Workbench } from './workbench.ts';
import { PER_DEVICE } from './definitions.ts';
import { failure } from './model-domain.ts';

function saved(): Workbench {
  const bench = workbench(PER_DEVICE, 'shutOff');
  bench.domain.managedSave = true;
  return bench;
}

test('power off discards the image', async () => {
  const { domain, actions } = saved();
  expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
  expect(domain.managedSave).toBe(false);
});

test('power off of a domain without an image removes none, and one that runs is not asked for it', async () => {
  const { domain, actions } = workbench(PER_DEVICE, 'shutOff');
  await actions.perform(control('powerDown'));
  expect(domain.changes).toEqual(['destroy']);
  domain.state = 'running';
  domain.intercept = (verb) => {
    if (verb === 'dominfo') throw new Error('asked');
    return undefined;
  };
  expect(await actions.perform(control('powerDown'))).toEqual(done('shutOff'));
});

test('is told apart from none, and from what libvirt does not tell', async () => {
  const { domain, actions } = saved();
  expect(await actions.hasManagedSave()).toBe(true);
  domain.managedSave = false;
  expect(await actions.hasManagedSave()).toBe(false);
  domain.intercept = () => failure('error: failed to connect to the hypervisor\n');
  expect(await actions.hasManagedSave()).toBeUndefined();
});

test('however many ask, a power command waits for one question', async () => {
  const { domain, actions } = saved();
  let answer: (result: VirshResult) => void = () => undefined;
  let asked = 0;
  domain.hold = (verb) => {
    if (verb !== 'dominfo') return undefined;
    asked += 1;
    return new Promise((resolve) => (answer = resolve));
  };
  const told = Array.from({ length: 150 }, () => actions.hasManagedSave());
  await new Promise(setImmediate);
  expect(asked).toBe(1);
  answer({ ok: true, stdout: 'Managed save:   yes\n' });
  expect(new Set(await Promise.all(told))).toEqual(new Set([true]));
  void actions.hasManagedSave();
  await new Promise(setImmediate);
  expect(asked).toBe(2);
});

test('power on resumes it', async () => {
  const { domain, actions } = saved();
  expect(await actions.perform(control('powerUp'))).toEqual(started());
  expect(domain.boots).toEqual([]);
});

test.each([{}, { persistent: true }])(
  'power on with a boot device pending boots from there: %j',
  async (more) => {
    const { domain, actions } = saved();
    await actions.perform(boot('pxe', more));
    expect(await actions.perform(control('powerUp'))).toMatchObject({ ok: true });
    expect(domain.boots).toHaveLength(1);
    expect(domain.managedSave).toBe(false);
  },
);
