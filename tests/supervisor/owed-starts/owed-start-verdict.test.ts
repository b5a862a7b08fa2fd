import { domainStates } from '#worker/ipc/index.ts';
import { verdictOn, type OwedStartStatus, type Verdict } from '#supervisor/owed-starts/owed-start-verdict.ts';
import { CUT_DESTROY_MS, OWED_START_LIMIT_MS } from '#supervisor/supervision/supervision-times.ts';

const flags = [false, true];
const ages = [-1, 0, CUT_DESTROY_MS + 1, OWED_START_LIMIT_MS, OWED_START_LIMIT_MS + 1, NaN];
const destroys = ['asked', 'notAsked', 'unknown'] as const;
const statuses = flags.flatMap((isHeld) =>
  flags.flatMap((isGivenUp) =>
    flags.flatMap((wasOff) =>
      destroys.flatMap((destroy) =>
        ages.map((ageMs): OwedStartStatus => ({
          isHeld,
          isGivenUp,
          wasOff,
          destroy,
          ageMs,
          destroyAgeMs: ageMs,
        })),
      ),
    ),
  ),
);

test.each(domainStates)(
  'nothing that a worker is at, or that was given up, is asked for again: %s',
  (state) => {
    for (const status of statuses.filter(({ isHeld, isGivenUp }) => isHeld || isGivenUp))
      expect(verdictOn(status, state)).not.toBe('finish');
  },
);

test('a start is asked for exactly when the domain is off, this BMC may have done it, nobody is at it, and it is not too old', () => {
  const asked = statuses.flatMap((status) =>
    domainStates
      .filter((state) => verdictOn(status, state) === 'finish')
      .map((state) => ({ ...status, state })),
  );
  expect(asked).toEqual(
    flags.flatMap((wasOff) =>
      (['asked', 'unknown'] as const).flatMap((destroy) =>
        [0, CUT_DESTROY_MS + 1, OWED_START_LIMIT_MS].map((ageMs) => ({
          ...{ isHeld: false, isGivenUp: false, wasOff, destroy, ageMs, destroyAgeMs: ageMs },
          state: 'shutOff',
        })),
      ),
    ),
  );
});

const open: OwedStartStatus = {
  ...{ isHeld: false, isGivenUp: false, wasOff: false },
  ...{ destroy: 'asked', ageMs: 0, destroyAgeMs: 0 },
};
test.each<[string, Partial<OwedStartStatus>, Parameters<typeof verdictOn>[1], Verdict]>([
  ['the domain was off and runs', { wasOff: true }, 'running', 'runs'],
  ['likewise, while a worker is at it', { wasOff: true, isHeld: true }, 'paused', 'runs'],
  ['libvirt has not finished a start, which may fail', { wasOff: true }, 'startingUp', 'wait'],
  ['likewise, while a worker is at it', { wasOff: true, isHeld: true }, 'startingUp', 'wait'],
  ['likewise, after a restart of vbmcd', { destroy: 'unknown' }, 'startingUp', 'wait'],
  ['likewise, for a start that was given up', { isGivenUp: true }, 'startingUp', 'wait'],
  ['it was given up, and somebody has started the domain', { isGivenUp: true }, 'running', 'runs'],
  ['the destroy may still come', {}, 'running', 'wait'],
  ['it was begun late', { ageMs: CUT_DESTROY_MS + 1 }, 'running', 'wait'],
  ['it does not come', { destroyAgeMs: CUT_DESTROY_MS + 1 }, 'running', 'wasNeverOff'],
  ['libvirt was not asked for it', { destroy: 'notAsked' }, 'running', 'wasNeverOff'],
  ['perhaps libvirt was not', { destroy: 'unknown' }, 'running', 'wasNeverOff'],
  ['libvirt was not, and somebody else has done it', { destroy: 'notAsked' }, 'shutOff', 'isNotOurs'],
  ['a worker is at it', { isHeld: true, destroyAgeMs: CUT_DESTROY_MS + 1 }, 'running', 'wait'],
  ['the domain was migrated', {}, 'migratedAway', 'migratedAway'],
  ['libvirt does not know', { wasOff: true }, 'noState', 'wait'],
  ['it is too old', { ageMs: OWED_START_LIMIT_MS + 1 }, 'shutOff', 'isTooOld'],
  ['the clock was set back', { ageMs: -1 }, 'shutOff', 'hasNoAge'],
  ['the date of the record is none', { ageMs: NaN }, 'shutOff', 'hasNoAge'],
])('%s', (_, more, state, verdict) => {
  expect(verdictOn({ ...open, ...more }, state)).toBe(verdict);
});
