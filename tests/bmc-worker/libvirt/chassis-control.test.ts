import { chassisControl, type ChassisControl } from '#codec/terms/chassis-control.ts';
import type { DomainState } from '#worker/core/terms/domain-action.ts';
import { planChassisControl } from '#worker/libvirt/chassis-control.ts';

const controls = Object.keys(chassisControl) as ChassisControl[];

/** The plan as text: verbs and `expect` in order; `nothing`; or the failure kind. */
function planText(control: ChassisControl, state: DomainState, pending = false): string {
  const plan = planChassisControl(control, state);
  if (!plan.ok) return plan.kind;
  const steps = (pending ? plan.stepsInNewProcess : plan.steps).map((step) => {
    if (step.do === 'interval') return 'interval';
    return step.do === 'await' ? `await ${step.expect}` : step.verb;
  });
  return steps.join(', ') || 'nothing';
}

const CYCLE = 'destroy, interval, start';
const INVALID = 'invalidInPresentState';
const HAS_CRASHED = 'domainCrashed';

// prettier-ignore
const table: Readonly<Record<DomainState, readonly string[]>> = {
  //             power down  power up                  power cycle  hard reset           diagnostic    soft shutdown
  running:     ['destroy', 'nothing',                  CYCLE,       'reset',             'inject-nmi', 'shutdown'],
  idle:        ['destroy', 'nothing',                  CYCLE,       'reset',             'inject-nmi', 'shutdown'],
  noState:     ['destroy', 'start',                    CYCLE,       'reset',             'inject-nmi', 'shutdown'],
  paused:      ['destroy', 'resume',                   CYCLE,       'reset, resume',     INVALID,      'resume, shutdown'],
  ioError:     ['destroy', 'resume',                   CYCLE,       'reset, resume',     INVALID,      'resume, shutdown'],
  startingUp:  ['destroy', 'await executing',          CYCLE,       'await executing, reset', INVALID, 'await executing, shutdown'],
  heldForJob:  ['destroy', INVALID,                    CYCLE,       INVALID,             INVALID,      INVALID],
  migrating:   ['destroy', INVALID,                    INVALID,     INVALID,             INVALID,      INVALID],
  pmsuspended: ['destroy', 'dompmwakeup',              CYCLE,       'dompmwakeup, reset', INVALID,     'dompmwakeup, shutdown'],
  inShutdown:  ['destroy', 'await off, start',         CYCLE,       'destroy, start',    INVALID,      'nothing'],
  shutOff:     ['destroy', 'start',                    INVALID,     INVALID,             INVALID,      INVALID],
  migratedAway: [INVALID,  INVALID,                   INVALID,       INVALID,             INVALID,      INVALID],
  crashed:     ['destroy', 'nothing',                  CYCLE,       'destroy, start',    HAS_CRASHED,   HAS_CRASHED],
};

describe.each(Object.entries(table))('a domain that is %s', (state, row) => {
  test.each(controls.map((control, index) => [control, row[index]] as const))(
    '%s: %s',
    (control, expected) => {
      expect(planText(control, state as DomainState)).toBe(expected);
    },
  );

  test('hard reset with another boot order pending', () => {
    const expected = row[controls.indexOf('hardReset')] === INVALID ? INVALID : 'destroy, start';
    expect(planText('hardReset', state as DomainState, true)).toBe(expected);
  });

  test('a pending boot order changes no other control', () => {
    for (const control of controls.filter((each) => each !== 'hardReset')) {
      expect(planText(control, state as DomainState, true)).toBe(planText(control, state as DomainState));
    }
  });
});
