import {
  bootFlagsParameter,
  bootOptionParameter,
  chassisControlCommand,
  getSystemBootOptions,
  setSystemBootOptions,
  type BootFlags,
} from '@vbmc/ipmi-codec';
import { noBootFlags } from '#worker/core/domain/boot-options.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const oneShotPxe: BootFlags = { valid: true, persistent: false, efi: false, device: 'pxe' };
const readFlags = { parameterSelector: bootOptionParameter.bootFlags, setSelector: 0, blockSelector: 0 };
const done = { ok: true, facts: {} } as const;

function set(bmc: SimulatedBmc, console: RemoteConsole, selector: number, data: Uint8Array): void {
  const request = { markInvalid: false, parameterSelector: selector, parameterData: data };
  bmc.send(console.request(setSystemBootOptions, request));
}

/** A BMC whose boot flags were just set. */
function withFlags(flags: BootFlags): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  bmc.reportState('shutOff');
  const console = login(bmc);
  set(bmc, console, bootOptionParameter.bootFlags, bootFlagsParameter.encode(flags));
  bmc.finish('setBootFlags', done);
  return { bmc, console };
}

/** Whether the BMC is clearing the boot flags. */
function isClearing(bmc: SimulatedBmc): boolean {
  return bmc
    .underWay()
    .some(({ action }) => action.kind === 'setBootFlags' && action.bootFlags.device === noBootFlags.device);
}

test('one-shot flags that no Chassis Control uses are cleared after 60 seconds', () => {
  const { bmc } = withFlags(oneShotPxe);
  bmc.advance(59_000);
  expect(isClearing(bmc)).toBe(false);
  bmc.advance(1_500);
  expect(isClearing(bmc)).toBe(true);
});

test('they are also cleared when every session has ended meanwhile', () => {
  const { bmc } = withFlags(oneShotPxe);
  bmc.advance(90_000);
  expect(bmc.eventsOf('sessionClosed')).toHaveLength(1);
  expect(isClearing(bmc)).toBe(true);
});

test('persistent flags stay', () => {
  const { bmc } = withFlags({ ...oneShotPxe, persistent: true });
  bmc.advance(600_000);
  expect(isClearing(bmc)).toBe(false);
});

test('parameter 3, bit 3, as Ironic sends it, keeps them', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  set(bmc, console, bootOptionParameter.bootFlagValidBitClearing, Uint8Array.of(0x08));
  set(bmc, console, bootOptionParameter.bootFlags, bootFlagsParameter.encode(oneShotPxe));
  bmc.finish('setBootFlags', done);
  bmc.advance(600_000);
  expect(isClearing(bmc)).toBe(false);
});

test('a Chassis Control that does not boot restarts the countdown', () => {
  const { bmc, console } = withFlags(oneShotPxe);
  bmc.advance(50_000);
  bmc.send(console.request(chassisControlCommand, { chassisControl: 'powerDown' } as const));
  bmc.finish('chassisControl', { ok: true, facts: { domainState: 'shutOff' } });
  bmc.advance(50_000);
  expect(isClearing(bmc)).toBe(false);
  bmc.advance(11_000);
  expect(isClearing(bmc)).toBe(true);
});

test('the event says that they have expired, and names no client', () => {
  const { bmc } = withFlags(oneShotPxe);
  bmc.advance(61_000);
  bmc.finish('setBootFlags', done);
  expect(bmc.eventsOf('domainActionFinished').at(-1)).toMatchObject({
    ...{ description: 'boot device none', user: '', source: 'boot override expired' },
  });
});

test('flags that a boot has used do not count down', () => {
  const { bmc, console } = withFlags(oneShotPxe);
  bmc.send(console.request(chassisControlCommand, { chassisControl: 'powerUp' } as const));
  bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running', bootOverrideConsumed: true } });
  bmc.advance(600_000);
  expect(isClearing(bmc)).toBe(false);
  expect(bmc.endpoint.wantsTick).toBe(false);
});

test('when libvirt fails to clear them, the next attempt follows another countdown, not every tick', () => {
  const { bmc } = withFlags(oneShotPxe);
  bmc.advance(61_000);
  const tried = bmc.asked('setBootFlags');
  bmc.finish('setBootFlags', { ok: false, failure: { kind: 'hypervisorUnreachable', message: 'gone' } });
  bmc.advance(59_000);
  expect(bmc.underWay()).toEqual([]);
  // The failed attempt may have written the definition: it is read first.
  bmc.advance(2_000);
  bmc.finish('recoverBootOverride', { ok: true, facts: { bootFlags: oneShotPxe } });
  expect(bmc.asked('setBootFlags')).toBe(tried);
  bmc.advance(1_000);
  expect(bmc.asked('setBootFlags')).toBe(tried + 1);
});

test('a request that comes while they are being cleared follows, and is not refused', () => {
  const { bmc } = withFlags(oneShotPxe);
  bmc.advance(30_000);
  bmc.reportState('shutOff');
  bmc.advance(31_000);
  expect(isClearing(bmc)).toBe(true);
  const console = login(bmc);

  set(bmc, console, bootOptionParameter.bootFlags, bootFlagsParameter.encode(oneShotPxe));
  expect(bmc.finish('setBootFlags', done)).toEqual([]);
  const answered = bmc.finish('setBootFlags', done);

  expect(readOnly(console, answered)).toMatchObject({ completionCode: 0 });
  expect(respondTo(bmc, console, getSystemBootOptions, readFlags).value).toMatchObject({
    parameterData: bootFlagsParameter.encode(oneShotPxe),
  });
});

test('while libvirt changes no definition, that is told once, and tried again; and so is its end', () => {
  const { bmc } = withFlags(oneShotPxe);
  const attempts = (): number => bmc.asked('setBootFlags');
  const told = (): readonly unknown[] =>
    bmc
      .eventsOf('domainActionFinished')
      .filter(({ source }) => source === 'boot override expired')
      .map(({ failure }) => failure?.kind);
  const before = attempts();
  const untilItClears = (): void => {
    while (!isClearing(bmc)) {
      bmc.advance(1_000);
      if (bmc.underWay().some(({ action }) => action.kind === 'recoverBootOverride'))
        bmc.finish('recoverBootOverride', { ok: true, facts: { bootFlags: oneShotPxe } });
    }
  };
  for (let times = 1; times <= 3; times += 1) {
    untilItClears();
    bmc.finish('setBootFlags', {
      ok: false,
      failure: { kind: 'deadlineExceeded', message: `has not answered for ${times * 63} s` },
    });
  }
  expect(attempts()).toBe(before + 3);
  expect(told()).toEqual(['deadlineExceeded']);
  untilItClears();
  bmc.finish('setBootFlags', done);
  expect(told()).toEqual(['deadlineExceeded', undefined]);
});
