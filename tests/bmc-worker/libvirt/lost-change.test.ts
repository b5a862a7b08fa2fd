/** What a client may conclude when libvirt goes away in the middle of a command: whether asking again is safe. */
import { isAway, wasCut } from './noting-bench.ts';
import { control, done, failedWith, started, workbench } from './workbench.ts';

/** These have a second effect when a client asks for them again. */
const counted = ['hardReset', 'diagnosticInterrupt', 'softShutdown'] as const;
const verbOf = { hardReset: 'reset', diagnosticInterrupt: 'inject-nmi', softShutdown: 'shutdown' } as const;

describe.each(counted)('%s', (chassisControl) => {
  test('libvirt was not reached: nothing was done', async () => {
    const { domain, actions } = workbench(undefined, 'running');
    domain.intercept = () => isAway;
    expect(await actions.perform(control(chassisControl))).toEqual(failedWith('hypervisorUnreachable'));
  });

  test('libvirt was not reached when it came to the command itself: nothing was done', async () => {
    const { domain, actions } = workbench(undefined, 'running');
    domain.intercept = (verb) => (verb === verbOf[chassisControl] ? isAway : undefined);
    expect(await actions.perform(control(chassisControl))).toEqual(failedWith('hypervisorUnreachable'));
    expect(domain.changes).not.toContain(verbOf[chassisControl]);
  });

  test('the connection broke during the command: it may have been carried out', async () => {
    const { domain, actions } = workbench(undefined, 'running');
    domain.intercept = (verb) => (verb === verbOf[chassisControl] ? wasCut : undefined);
    expect(await actions.perform(control(chassisControl))).toEqual(failedWith('connectionLost'));
  });
});

test('libvirt is gone when a reset is read back: the machine was reset, and another reset would be a second one', async () => {
  const { domain, actions } = workbench(undefined, 'running');
  domain.intercept = (verb) => (verb === 'domstate' && domain.changes.includes('reset') ? isAway : undefined);
  expect(await actions.perform(control('hardReset'))).toEqual(failedWith('connectionLost'));
  expect(domain.changes).toContain('reset');
});

test('the next command is judged by itself', async () => {
  const { domain, actions } = workbench(undefined, 'running');
  domain.intercept = (verb) => (verb === 'reset' ? wasCut : undefined);
  expect(await actions.perform(control('hardReset'))).toEqual(failedWith('connectionLost'));
  domain.intercept = () => isAway;
  expect(await actions.perform(control('hardReset'))).toEqual(failedWith('hypervisorUnreachable'));
  domain.intercept = undefined;
  expect(await actions.perform(control('hardReset'))).toEqual(done('running'));
});

test.each([
  ['powerUp', 'start', 'shutOff', started()],
  ['powerDown', 'destroy', 'running', done('shutOff')],
] as const)(
  '%s may be asked for again, whatever has become of it',
  async (chassisControl, verb, state, again) => {
    const { domain, actions } = workbench(undefined, state);
    domain.intercept = (each) => (each === verb ? wasCut : undefined);
    expect(await actions.perform(control(chassisControl))).toEqual(failedWith('hypervisorUnreachable'));
    domain.intercept = undefined;
    expect(await actions.perform(control(chassisControl))).toEqual(again);
  },
);
