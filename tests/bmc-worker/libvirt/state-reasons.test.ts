/**
 * What a BMC tells and does for every state and reason that `virsh domstate --reason` prints (libvirt 9.0 to 11:
 * tools/virsh-domain-monitor.c). The last three columns are answers: 00 done or begun, D5 refused.
 */
import { hasDriveFault, isPoweredOn } from '#worker/core/domain/power-state.ts';
import { completionCodeOfFailure } from '#worker/core/terms/domain-failure.ts';
import { domainStates, type DomainState } from '#worker/core/terms/domain-action.ts';
import { completionCode } from '#codec/terms/completion-code.ts';
import type { ChassisControl } from '#codec/terms/chassis-control.ts';
import { planChassisControl } from '#worker/libvirt/chassis-control.ts';
import { parseDomainState } from '#worker/libvirt/domain-state.ts';
import { parseDomainStats } from '#worker/libvirt/domain-stats.ts';
import { domainStateText, libvirtStates } from '#worker/libvirt/state-reasons.ts';

const runs = ['on', '00 nothing', '00 destroy', '00 reset'];
const paused = ['on', '00 resume', '00 destroy', '00 reset, resume'];
const held = ['on', 'D5', '00 destroy', 'D5'];
const off = ['off', '00 start', '00 destroy', 'D5'];
const awaken = ['on', '00 dompmwakeup', '00 destroy', '00 dompmwakeup, reset'];
const goesOff = ['on', '00 await off, start', '00 destroy', '00 destroy, start'];
const panicked = ['on', '00 nothing', '00 destroy', '00 destroy, start'];

const table: Readonly<Record<string, readonly string[]>> = {
  //                              power, power up, power off, reset
  'no state (unknown)': ['off', '00 start', '00 destroy', '00 reset'],
  'running (unknown)': runs,
  'running (booted)': runs,
  'running (migrated)': runs,
  'running (restored)': runs,
  'running (from snapshot)': runs,
  'running (unpaused)': runs,
  'running (migration canceled)': runs,
  'running (save canceled)': runs,
  'running (event wakeup)': runs,
  'running (crashed)': runs,
  'running (post-copy)': runs,
  'running (post-copy failed)': runs,
  'idle (unknown)': runs,
  'paused (unknown)': paused,
  'paused (user)': paused,
  'paused (migrating)': held,
  'paused (saving)': held,
  'paused (dumping)': held,
  'paused (I/O error)': ['on, drive fault', ...paused.slice(1)],
  'paused (watchdog)': paused,
  'paused (from snapshot)': paused,
  'paused (shutting down)': goesOff,
  'paused (creating snapshot)': held,
  'paused (crashed)': paused,
  'paused (starting up)': ['on', '00 await executing', '00 destroy', '00 await executing, reset'],
  'paused (post-copy)': held,
  'paused (post-copy failed)': held,
  'paused (api error)': paused,
  'in shutdown (unknown)': goesOff,
  'in shutdown (user)': goesOff,
  'shut off (unknown)': off,
  'shut off (shutdown)': off,
  'shut off (destroyed)': off,
  'shut off (crashed)': off,
  'shut off (migrated)': ['elsewhere', 'D5', 'D5', 'D5'],
  'shut off (saved)': off,
  'shut off (failed)': off,
  'shut off (from snapshot)': off,
  'shut off (daemon)': off,
  'crashed (unknown)': panicked,
  'crashed (panicked)': panicked,
  'pmsuspended (unknown)': awaken,
};

const all = libvirtStates.flatMap(({ text, reasons }, number) =>
  reasons.map((reason, at) => ({
    text: `${text} (${typeof reason === 'string' ? reason : reason[0]})`,
    number,
    reason: at,
  })),
);

function told(state: DomainState): string {
  if (state === 'migratedAway') return 'elsewhere';
  return `${isPoweredOn[state] ? 'on' : 'off'}${hasDriveFault(state) ? ', drive fault' : ''}`;
}

function answer(control: ChassisControl, state: DomainState): string {
  const plan = planChassisControl(control, state);
  if (!plan.ok) return completionCode[completionCodeOfFailure[plan.kind]].toString(16).toUpperCase();
  const steps = plan.steps.map((step) => {
    if (step.do === 'interval') return 'interval';
    return step.do === 'await' ? `await ${step.expect}` : step.verb;
  });
  return `00 ${steps.join(', ') || 'nothing'}`;
}

test('the table has every state with every reason', () => {
  expect(Object.keys(table)).toEqual(all.map(({ text }) => text));
});

test.each(all)('$text', ({ text, number, reason }) => {
  const state = parseDomainState(`${text}\n\n`);
  if (state === undefined) throw new Error('virsh domstate prints it');
  const row = [
    told(state),
    ...(['powerUp', 'powerDown', 'hardReset'] as const).map((one) => answer(one, state)),
  ];
  expect(row).toEqual(table[text]);
  const stats = `Domain: 'a'\n  state.state=${number}\n  state.reason=${reason}\n`;
  expect(parseDomainStats(stats)?.get('a')).toBe(state);
});

test('every state has a text of libvirt', () => {
  expect(domainStates.map(domainStateText)).toEqual([
    ...['no state', 'running', 'idle', 'paused', 'in shutdown', 'shut off', 'crashed', 'pmsuspended'],
    ...['shut off (migrated)', 'paused (starting up)', 'paused (I/O error)'],
    'paused (saving, dumping, creating snapshot)',
    'paused (migrating, post-copy, post-copy failed)',
  ]);
});

test('a reason that this table does not know makes no difference', () => {
  expect(parseDomainState('paused (of a libvirt to come)')).toBe('paused');
  expect(parseDomainStats("Domain: 'a'\n  state.state=3\n  state.reason=99\n")?.get('a')).toBe('paused');
});
