import fc from 'fast-check';
import {
  bootFlagsParameter,
  chassisControlCommand,
  closeSession,
  getSystemBootOptions,
  setSystemBootOptions,
  type BootFlags,
} from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { completionCodeOf, login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { bootFlags } from '#support/arbitraries.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const persistentPxe: BootFlags = { valid: true, persistent: true, efi: true, device: 'pxe' };

function scene(): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  bmc.reportState('shutOff');
  bmc.handle({ type: 'bootFlags', bootFlags: undefined });
  return { bmc, console: login(bmc) };
}

/** Sets a parameter, and finishes the domain action if one is needed. */
function set(
  { bmc, console }: { bmc: SimulatedBmc; console: RemoteConsole },
  parameterSelector: number,
  ...data: number[]
): number {
  const sent = bmc.send(
    console.request(setSystemBootOptions, {
      markInvalid: false,
      parameterSelector,
      parameterData: Uint8Array.from(data),
    }),
  );
  const answers = sent.length > 0 ? sent : bmc.finish('setBootFlags', { ok: true, facts: {} });
  const answer = readOnly(console, answers);
  return answer.kind === 'response' ? answer.completionCode : -1;
}

function get(
  { bmc, console }: { bmc: SimulatedBmc; console: RemoteConsole },
  parameterSelector: number,
  setSelector = 0,
): number[] | number {
  const { completionCode, value } = respondTo(bmc, console, getSystemBootOptions, {
    parameterSelector,
    setSelector,
    blockSelector: 0,
  });
  return completionCode === 0 ? [...(value as { parameterData: Uint8Array }).parameterData] : completionCode;
}

describe('a parameter reads back as it was set', () => {
  test.each([
    ['set in progress', 0, [1]],
    ['set complete', 0, [0]],
    ['valid bit clearing, as Ironic sends it', 3, [0x08]],
    ['valid bit clearing, all bits', 3, [0x1f]],
    ['one-shot legacy PXE', 5, [0x80, 0x04, 0, 0, 0]],
    ['persistent UEFI PXE, as Ironic sends it', 5, [0xe0, 0x04, 0, 0, 0]],
    ['one-shot UEFI disk', 5, [0xa0, 0x08, 0, 0, 0]],
    ['BIOS setup', 5, [0x80, 0x18, 0, 0, 0]],
    ['PXE, verbose, password bypass, as ipmiutil 3.1.8 sends it', 5, [0x80, 0x04, 0x48, 0, 0]],
    ['no override', 5, [0x00, 0x00, 0, 0, 0]],
    ['boot initiator', 6, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('%s', (_, parameter, data) => {
    const at = scene();

    expect(set(at, parameter, ...data)).toBe(0);
    expect(get(at, parameter)).toEqual(data);
  });

  test('boot flags: all that a virtual machine can act on or ignore without harm', () => {
    const at = scene();
    fc.assert(
      fc.property(bootFlags, (wanted) => {
        const data = [...bootFlagsParameter.encode(wanted)];
        expect(set(at, 5, ...data)).toBe(0);
        expect(get(at, 5)).toEqual(data);
        expect(at.bmc.actions.at(-1)?.action).toEqual({ kind: 'setBootFlags', bootFlags: wanted });
      }),
    );
  });

  test('boot info acknowledge, through its write mask', () => {
    const at = scene();
    expect(set(at, 4, 0xff, 0xff)).toBe(0);
    expect(get(at, 4)).toEqual([0, 0xff]);
    expect(set(at, 4, 0x01, 0x00)).toBe(0); // ipmitool's "BIOS has not handled it"
    expect(get(at, 4)).toEqual([0, 0xfe]);
    expect(set(at, 4, 0x00, 0x01)).toBe(0);
    expect(get(at, 4)).toEqual([0, 0xfe]);
  });

  test('the mailbox, each block by its number', () => {
    const at = scene();
    const block = (number: number): number[] => Array.from({ length: 16 }, (_, at) => number * 16 + at);
    for (let number = 0; number < 5; number += 1) expect(set(at, 7, number, ...block(number))).toBe(0);
    expect(set(at, 7, 1, 0xaa, 0xbb)).toBe(0); // the rest of the block stays

    expect(get(at, 7, 0)).toEqual([0, ...block(0)]);
    expect(get(at, 7, 1)).toEqual([1, 0xaa, 0xbb, ...block(1).slice(2)]);
    expect(get(at, 7, 4)).toEqual([4, ...block(4)]);
  });
});

describe('boot options', () => {
  test('begin with nothing set', () => {
    const at = scene();

    expect([0, 3, 4, 5, 6].map((parameter) => get(at, parameter))).toEqual([
      [0],
      [0],
      [0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]);
  });

  test.each([1, 2, 8, 96, 127])('parameter %d is not supported: 80h', (parameter) => {
    const at = scene();

    expect(set(at, parameter, 0)).toBe(0x80);
    expect(get(at, parameter)).toBe(0x80);
  });

  test.each([5, 255])('mailbox block %d is out of range: C9h', (block) => {
    const at = scene();

    expect(set(at, 7, block, 1)).toBe(0xc9);
    expect(get(at, 7, block)).toBe(0xc9);
  });

  test.each([
    ['valid bit clearing, reserved bit', [3, 0x20]],
    ['set in progress, "commit write"', [0, 2]],
  ])('a value that cannot take effect is refused with CCh: %s', (_, [parameter = 0, ...data]) => {
    const at = scene();
    const before = get(at, parameter);

    expect(set(at, parameter, ...data)).toBe(0xcc);
    expect(get(at, parameter)).toEqual(before);
  });

  /** v2.0§28.13 table 28-14, parameter 5: flags that a virtual machine's firmware does not obey. */
  test.each([
    ['CMOS clear', [0x80, 0x84, 0, 0, 0]],
    ['lock keyboard', [0x80, 0x44, 0, 0, 0]],
    ['screen blank', [0x80, 0x06, 0, 0, 0]],
    ['lock out reset button', [0x80, 0x05, 0, 0, 0]],
    ['lock out power button', [0x80, 0x04, 0x80, 0, 0]],
    ['lock out sleep button', [0x80, 0x04, 0x04, 0, 0]],
    ['reserved bit of data 1', [0x9f, 0x04, 0, 0, 0]],
    ['mux control', [0x80, 0x04, 0, 0x01, 0]],
    ['device instance', [0x80, 0x04, 0, 0, 0x01]],
  ])('the boot flag %s is refused without a domain action', (_, data) => {
    const at = scene();

    expect(set(at, 5, ...data)).toBe(0xcc);
    expect(at.bmc.asked('setBootFlags')).toBe(0);
    expect(get(at, 5)).toEqual([0, 0, 0, 0, 0]);
  });

  test.each([
    ['administrator', 0x08, 0],
    ['operator', 0x08, 0xd4],
    ['operator', 0x5a, 0xd4],
    ['operator', 0x52, 0],
  ] as const)('to bypass the user password is for administrators: %s, data 3 %d', (userName, data3, code) => {
    const { bmc } = scene();
    const at = { bmc, console: login(bmc, { as: userName }) };
    expect(set(at, 5, 0x80, 0x04, data3, 0, 0)).toBe(code);
    expect(bmc.asked('setBootFlags')).toBe(code === 0 ? 1 : 0);
  });

  test('flags that the domain cannot express are not read back', () => {
    const at = scene();
    at.bmc.send(
      at.console.request(setSystemBootOptions, {
        markInvalid: false,
        parameterSelector: 5,
        parameterData: Uint8Array.of(0x80, 0x14, 0, 0, 0),
      }),
    );
    const failure = { kind: 'notExpressible', message: 'no CD drive' } as const;

    expect(readOnly(at.console, at.bmc.finish('setBootFlags', { ok: false, failure }))).toMatchObject({
      completionCode: 0xcc,
    });
    expect(get(at, 5)).toEqual([0, 0, 0, 0, 0]);
  });

  test('without data only mark the parameter valid, which it already is', () => {
    const at = scene();
    set(at, 5, 0x80, 0x04, 0, 0, 0);

    expect(set(at, 5)).toBe(0);
    expect(get(at, 5)).toEqual([0x80, 0x04, 0, 0, 0]);
  });

  test('are those of the domain after a restart of the worker', () => {
    const bmc = new SimulatedBmc();
    bmc.reportState('shutOff');
    bmc.start();
    bmc.finish('recoverBootOverride', { ok: true, facts: { bootFlags: persistentPxe } });

    expect(get({ bmc, console: login(bmc) }, 5)).toEqual([0xe0, 0x04, 0, 0, 0]);
  });

  test('are read from libvirt for each request as long as no domain watch reports their changes', () => {
    const bmc = new SimulatedBmc();
    const at = { bmc, console: login(bmc) };
    const request = { parameterSelector: 5, setSelector: 0, blockSelector: 0 };
    const ask = (outcome: DomainActionOutcome): unknown => {
      expect(bmc.send(at.console.request(getSystemBootOptions, request))).toEqual([]);
      return readOnly(at.console, bmc.finish('readBootFlags', outcome));
    };
    expect(ask({ ok: true, facts: { bootFlags: persistentPxe } })).toMatchObject({
      value: { parameterData: Uint8Array.of(0xe0, 0x04, 0, 0, 0) },
    });
    expect(ask({ ok: true, facts: {} })).toMatchObject({ value: { parameterData: new Uint8Array(5) } });
    const failure = { kind: 'hypervisorUnreachable', message: 'away' } as const;
    expect(ask({ ok: false, failure })).toMatchObject({ completionCode: 0xc0 });
    // Parameters of the BMC itself are answered at once.
    expect(get(at, 3)).toEqual([0]);
    bmc.reportState('shutOff');
    bmc.handle({ type: 'bootFlags', bootFlags: persistentPxe });
    expect(get(at, 5)).toEqual([0xe0, 0x04, 0, 0, 0]);
    expect(bmc.asked('readBootFlags')).toBe(3);
  });

  test('that were set are not overwritten by older ones that the supervisor had read', () => {
    const bmc = new SimulatedBmc();
    bmc.reportState('shutOff');
    const at = { bmc, console: login(bmc) };
    set(at, 5, 0xe0, 0x04, 0, 0, 0);
    bmc.handle({ type: 'bootFlags', bootFlags: undefined });

    expect(get(at, 5)).toEqual([0xe0, 0x04, 0, 0, 0]);
  });

  test('that are being set make the BMC read the definition itself afterwards', () => {
    const bmc = new SimulatedBmc();
    bmc.reportState('shutOff');
    const console = login(bmc);
    bmc.send(console.request(chassisControlCommand, { chassisControl: 'powerUp' }));
    bmc.handle({ type: 'bootFlags', bootFlags: persistentPxe });
    expect(bmc.asked('recoverBootOverride')).toBe(0);
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running' } });
    bmc.finish('recoverBootOverride', { ok: true, facts: {} });

    expect(get({ bmc, console }, 5)).toEqual([0, 0, 0, 0, 0]);
  });

  test('are cleared when a boot has used them, and only then', () => {
    const at = scene();
    const control = (facts: { bootOverrideConsumed?: true }): void => {
      at.bmc.send(at.console.request(chassisControlCommand, { chassisControl: 'powerCycle' } as const));
      at.bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running', ...facts } });
    };
    set(at, 5, 0x80, 0x04, 0, 0, 0);
    control({});
    expect(get(at, 5)).toEqual([0x80, 0x04, 0, 0, 0]);
    control({ bootOverrideConsumed: true });
    expect(get(at, 5)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('set in progress', () => {
  test('held by another session is a conflict, 81h; the holder may set it again', () => {
    const one = scene();
    const other = { bmc: one.bmc, console: login(one.bmc) };
    expect(set(one, 0, 1)).toBe(0);

    expect(set(other, 0, 1)).toBe(0x81);
    expect(set(one, 0, 1)).toBe(0);
    expect(get(other, 0)).toEqual([1]);
    expect(set(one, 0, 0)).toBe(0);
    expect(set(other, 0, 1)).toBe(0);
  });

  test('does not outlive its session', () => {
    const one = scene();
    const other = { bmc: one.bmc, console: login(one.bmc) };
    set(one, 0, 1);
    const { managedSystemSessionId: sessionId } = one.console;
    completionCodeOf(one.bmc, one.console, closeSession, { sessionId });

    expect(get(other, 0)).toEqual([0]);
    expect(set(other, 0, 1)).toBe(0);
  });
});
