import { getChassisStatus, setPowerRestorePolicy, type SetPowerRestorePolicyRequest } from '@vbmc/ipmi-codec';
import { login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const alwaysOn: SetPowerRestorePolicyRequest = { policy: 'alwaysOn' };
const noChange: SetPowerRestorePolicyRequest = { policy: 'noChange' };
const support = { alwaysOff: true, previousState: true, alwaysOn: true };
const CANNOT_PROVIDE = 0xce;

function scene() {
  const bmc = SimulatedBmc.started();
  bmc.reportState('running');
  const console = login(bmc);
  return {
    bmc,
    console,
    policy: () => respondTo(bmc, console, getChassisStatus, undefined).value,
  };
}

test('by default the domain is left alone', () => {
  expect(scene().policy()).toMatchObject({ powerRestorePolicy: 'alwaysOff' });
});

test.each(['alwaysOff', 'previousState', 'alwaysOn'] as const)('%s is set once it is stored', (wanted) => {
  const { bmc, console, policy } = scene();
  expect(bmc.send(console.request(setPowerRestorePolicy, { policy: wanted }))).toEqual([]);
  expect(bmc.underWay()).toMatchObject([{ action: { kind: 'storePowerRestorePolicy', policy: wanted } }]);
  const answer = readOnly(console, bmc.finish('storePowerRestorePolicy', { ok: true, facts: {} }));
  expect(answer).toMatchObject({ completionCode: 0, value: support });
  expect(policy()).toMatchObject({ powerRestorePolicy: wanted });
});

test('a policy that could not be stored is not set', () => {
  const { bmc, console, policy } = scene();
  bmc.send(console.request(setPowerRestorePolicy, alwaysOn));
  const failure = { kind: 'notAchieved', message: 'no space left' } as const;
  const answer = readOnly(console, bmc.finish('storePowerRestorePolicy', { ok: false, failure }));
  expect(answer).toMatchObject({ completionCode: CANNOT_PROVIDE });
  expect(policy()).toMatchObject({ powerRestorePolicy: 'alwaysOff' });
});

test('"no change" returns the supported policies', () => {
  const { bmc, console } = scene();
  expect(respondTo(bmc, console, setPowerRestorePolicy, noChange)).toMatchObject({
    completionCode: 0,
    value: support,
  });
  expect(bmc.underWay()).toEqual([]);
});
