/** The fault bits of Get Chassis Status. */
import { chassisControlCommand, getChassisStatus, type ChassisControl } from '@vbmc/ipmi-codec';
import {
  domainFailureKinds,
  domainStates,
  type DomainFailureKind,
  type DomainState,
} from '#worker/core/terms/domain-action.ts';
import { mayEndUnreported } from '#worker/core/domain/power-state.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { rawCommand } from '#support/console/raw-command.ts';
import { login, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

function scene(state: DomainState): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  bmc.reportState(state);
  return { bmc, console: login(bmc) };
}

function status(bmc: SimulatedBmc, console: RemoteConsole): unknown {
  return respondTo(bmc, console, getChassisStatus, undefined).value;
}

function control(
  bmc: SimulatedBmc,
  console: RemoteConsole,
  chassisControl: ChassisControl,
  how: DomainFailureKind | DomainState,
): void {
  bmc.advance(1_000);
  bmc.send(console.request(chassisControlCommand, { chassisControl }));
  const failure = domainFailureKinds.find((kind) => kind === how);
  const domainState = domainStates.find((state) => state === how);
  bmc.finish(
    'chassisControl',
    failure === undefined
      ? { ok: true, facts: domainState === undefined ? {} : { domainState } }
      : { ok: false, failure: { kind: failure, message: 'it failed' } },
  );
}

describe('drive fault', () => {
  const told = domainStates.filter((state) => state !== 'migratedAway' && !mayEndUnreported(state));

  test.each(told)('%s', (state) => {
    const { bmc, console } = scene(state);
    expect(status(bmc, console)).toMatchObject({ driveFault: state === 'ioError' });
  });

  test('ends when the machine runs on', () => {
    const { bmc, console } = scene('ioError');
    bmc.reportState('running');
    expect(status(bmc, console)).toMatchObject({ powerOn: true, driveFault: false });
  });

  test('is asked for where the watch and the state that was read back tell different ones', () => {
    const { bmc, console } = scene('ioError');
    control(bmc, console, 'powerUp', 'running');
    expect(bmc.send(console.request(getChassisStatus, undefined))).toEqual([]);
    expect(bmc.asked('readDomainState')).toBe(1);
  });
});

describe('power control fault', () => {
  test.each([
    ['virshFailed', true],
    ['notAchieved', true],
    ['permissionDenied', true],
    ['invalidInPresentState', false],
    ['notExpressible', false],
    ['domainNotFound', false],
    ['noteNotRemoved', false],
  ] as const)('after a power on that failed with %s: %s', (kind, isSet) => {
    const { bmc, console } = scene('shutOff');
    control(bmc, console, 'powerUp', kind);
    expect(status(bmc, console)).toMatchObject({ powerOn: false, powerControlFault: isSet });
  });

  test('after a power on that was not complete in time, which may still come through', () => {
    const { bmc, console } = scene('shutOff');
    control(bmc, console, 'powerUp', 'deadlineExceeded');
    const asked = console.request(getChassisStatus, undefined);
    expect(bmc.send(asked)).toEqual([]);
    bmc.finish('readDomainState', { ok: true, facts: { domainState: 'shutOff' } });
    bmc.reportState('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerOn: false, powerControlFault: true });
  });

  test.each(['powerUp', 'powerCycle', 'hardReset'] as const)('%s that left the machine off', (each) => {
    const { bmc, console } = scene('shutOff');
    control(bmc, console, each, 'virshFailed');
    expect(status(bmc, console)).toMatchObject({ powerControlFault: true });
  });

  test('stays while the machine stays off, and ends with the next power on', () => {
    const { bmc, console } = scene('shutOff');
    control(bmc, console, 'powerUp', 'virshFailed');
    bmc.reportState('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerControlFault: true });
    control(bmc, console, 'powerUp', 'running');
    bmc.reportState('running');
    expect(status(bmc, console)).toMatchObject({ powerControlFault: false });
  });

  test('ends when another program starts the machine, and does not come back', () => {
    const { bmc, console } = scene('shutOff');
    control(bmc, console, 'powerUp', 'virshFailed');
    bmc.reportState('running', 'started');
    expect(status(bmc, console)).toMatchObject({ powerControlFault: false });
    bmc.reportState('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerControlFault: false });
  });

  test('after a power off that failed, until the machine is off', () => {
    const { bmc, console } = scene('running');
    control(bmc, console, 'powerDown', 'deadlineExceeded');
    expect(status(bmc, console)).toMatchObject({ powerOn: true, powerControlFault: true });
    bmc.reportState('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerOn: false, powerControlFault: false });
  });

  test('ends without a watch too, when the state is read', () => {
    const { bmc, console } = scene('shutOff');
    control(bmc, console, 'powerUp', 'virshFailed');
    bmc.handle({ type: 'domainStateUntrusted' });
    bmc.send(console.request(getChassisStatus, undefined));
    bmc.finish('readDomainState', { ok: true, facts: { domainState: 'running' } });
    bmc.reportAnswer('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerControlFault: false });
  });
});

test('no other fault and no other event is told; the front panel has no buttons', () => {
  const { bmc, console } = scene('running');
  const { value } = respondTo(bmc, console, rawCommand('chassis', 0x01), Uint8Array.of());
  // Bit 6: the identify lamp is supported; it is dark (v2.0§28.2).
  expect(value).toEqual(Uint8Array.of(0x01, 0, 0x40, 0));
});
