/** What the BMC remembers of the domain's definition ends when another program changes the definition. */
import {
  bootFlagsParameter,
  chassisControlCommand,
  getSystemBootOptions,
  getSystemGuid,
  setSystemBootOptions,
  type BootFlags,
  type GetSystemBootOptionsResponse,
} from '@vbmc/ipmi-codec';
import { SETTLE_MS } from '#worker/core/domain/domain-memory.ts';
import { noBootFlags } from '#worker/core/domain/boot-options.ts';
import type { DomainFacts } from '#worker/core/terms/domain-action.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login, newConsole, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID } from '#support/bmc/simulated-bmc.ts';

const OTHER_UUID = '87654321-9abc-def0-1122-334455667788';
const oneShotPxe: BootFlags = { valid: true, persistent: false, efi: false, device: 'pxe' };
const readFlags = { parameterSelector: 5, setSelector: 0, blockSelector: 0 };

interface Scene {
  readonly bmc: SimulatedBmc;
  readonly console: RemoteConsole;
}

/** A watched BMC whose domain has no override. */
function scene(): Scene {
  const bmc = new SimulatedBmc();
  bmc.reportState('shutOff');
  bmc.handle({ type: 'uuid', uuid: UUID });
  bmc.handle({ type: 'bootFlags', bootFlags: undefined });
  return { bmc, console: login(bmc) };
}

function definitionChanges({ bmc }: Scene): void {
  bmc.handle({ type: 'definitionChanged' });
}

function set({ bmc, console }: Scene, flags: BootFlags): void {
  const parameterData = bootFlagsParameter.encode(flags);
  bmc.send(
    console.request(setSystemBootOptions, { markInvalid: false, parameterSelector: 5, parameterData }),
  );
}

function finishSet({ bmc }: Scene, definitionsWritten = 1): void {
  bmc.finish('setBootFlags', { ok: true, facts: { definitionsWritten } });
}

function finishCheck({ bmc }: Scene, facts: DomainFacts): void {
  bmc.finish('recoverBootOverride', { ok: true, facts });
}

/** The device of parameter 5 as it is answered from memory. */
function deviceOf({ bmc, console }: Scene): unknown {
  const { value } = respondTo(bmc, console, getSystemBootOptions, readFlags);
  return value && bootFlagsParameter.decode((value as GetSystemBootOptionsResponse).parameterData).device;
}

function isUnderWay({ bmc }: Scene, kind: string): boolean {
  return bmc.underWay().some(({ action }) => action.kind === kind);
}

describe('another program writes the definition', () => {
  test('it is read at once, and until then no question is answered from memory', () => {
    const at = scene();
    definitionChanges(at);
    expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
    expect(at.bmc.send(at.console.request(getSystemBootOptions, readFlags))).toEqual([]);
    const answer = at.bmc.finish('readBootFlags', { ok: true, facts: { bootFlags: oneShotPxe } });
    expect(readOnly(at.console, answer)).toMatchObject({ completionCode: 0 });
    finishCheck(at, { bootFlags: oneShotPxe });
    expect(deviceOf(at)).toBe('pxe');
  });

  test('the UUID is read when it is asked for', () => {
    const at = scene();
    definitionChanges(at);
    expect(at.bmc.asked('readUuid')).toBe(0);
    expect(at.bmc.send(at.console.request(getSystemGuid, undefined))).toEqual([]);
    const answer = at.bmc.finish('readUuid', { ok: true, facts: { uuid: OTHER_UUID } });
    expect(readOnly(at.console, answer)).toMatchObject({ completionCode: 0 });
    expect(respondTo(at.bmc, at.console, getSystemGuid, undefined).completionCode).toBe(0);
    expect(at.bmc.asked('readUuid')).toBe(1);
  });

  test('a read that began before the change is not remembered', () => {
    const at = scene();
    definitionChanges(at);
    at.bmc.send(at.console.request(getSystemGuid, undefined));
    definitionChanges(at);
    at.bmc.finish('readUuid', { ok: true, facts: { uuid: UUID } });
    expect(at.bmc.send(at.console.request(getSystemGuid, undefined))).toEqual([]);
    expect(at.bmc.asked('readUuid')).toBe(2);
  });

  test('a one-shot override that is gone does not count down any more', () => {
    const at = scene();
    set(at, oneShotPxe);
    definitionChanges(at);
    finishSet(at);
    at.bmc.advance(SETTLE_MS);
    definitionChanges(at);
    finishCheck(at, {});
    at.bmc.advance(120_000);
    expect(at.bmc.asked('setBootFlags')).toBe(1);
  });

  test('a one-shot override that is still there keeps its countdown', () => {
    const at = scene();
    set(at, oneShotPxe);
    definitionChanges(at);
    finishSet(at);
    at.bmc.advance(50_000);
    definitionChanges(at);
    finishCheck(at, { bootFlags: oneShotPxe });
    at.bmc.advance(11_000);
    expect(at.bmc.asked('setBootFlags')).toBe(2);
  });

  test('a one-shot override that arrives counts down from then on', () => {
    const at = scene();
    at.bmc.advance(100_000);
    definitionChanges(at);
    finishCheck(at, { bootFlags: oneShotPxe });
    at.bmc.advance(59_000);
    expect(at.bmc.asked('setBootFlags')).toBe(0);
    at.bmc.advance(2_000);
    expect(at.bmc.underWay().at(-1)?.action).toEqual({ kind: 'setBootFlags', bootFlags: noBootFlags });
  });

  test('a start before the definition was read is checked', () => {
    const at = scene();
    definitionChanges(at);
    at.bmc.finish('recoverBootOverride', { ok: false, failure: { kind: 'virshFailed', message: 'away' } });
    at.bmc.reportState('running', 'started');
    expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
  });
});

/** Reports that arrive while the change runs, own writes, reports that arrive after it; whether the definition is read again. */
const accounts: [early: number, written: number, late: number, isReadAgain: boolean][] = [
  [0, 0, 0, false],
  [1, 1, 0, false],
  [0, 1, 1, false],
  [1, 2, 1, false],
  [2, 2, 0, false],
  [0, 2, 2, false],
  [1, 0, 0, true],
  [2, 1, 0, true],
  [0, 0, 1, true],
  [1, 1, 1, true],
  [0, 1, 2, true],
];

describe("this BMC's own writes are not another program's", () => {
  test.each(accounts)(
    '%d reports, %d own writes, then %d reports: read again: %p',
    (early, written, late, isReadAgain) => {
      const at = scene();
      set(at, oneShotPxe);
      for (let report = 0; report < early; report += 1) definitionChanges(at);
      expect(isUnderWay(at, 'recoverBootOverride')).toBe(false);
      finishSet(at, written);
      for (let report = 0; report < late; report += 1) definitionChanges(at);
      expect(isUnderWay(at, 'recoverBootOverride')).toBe(isReadAgain);
      if (!isReadAgain) expect(deviceOf(at)).toBe('pxe');
    },
  );

  test('a report that comes too late for that is another one', () => {
    const at = scene();
    set(at, oneShotPxe);
    finishSet(at);
    at.bmc.advance(SETTLE_MS + 1);
    definitionChanges(at);
    expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
  });

  test('reports that were lost with the watch are not waited for', () => {
    const at = scene();
    set(at, oneShotPxe);
    finishSet(at);
    at.bmc.handle({ type: 'domainStateUntrusted' });
    at.bmc.reportState('shutOff');
    definitionChanges(at);
    expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
  });

  test('what was written before the watch was up is not waited for', () => {
    const bmc = new SimulatedBmc();
    const at = { bmc, console: login(bmc) };
    set(at, noBootFlags);
    finishSet(at);
    bmc.reportState('shutOff');
    bmc.handle({ type: 'bootFlags', bootFlags: undefined });
    definitionChanges(at);
    expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
  });

  test('a watch that comes up during a change may have missed its writes, and those of others: they are read', () => {
    const bmc = new SimulatedBmc();
    const at = { bmc, console: login(bmc) };
    set(at, noBootFlags);
    bmc.reportState('shutOff');
    finishSet(at, 2);
    expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
    finishCheck(at, { bootFlags: noBootFlags });
    definitionChanges(at);
    expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
  });

  test('a change that fails may have written: the flags are read when they are asked for', () => {
    const at = scene();
    set(at, oneShotPxe);
    at.bmc.finish('setBootFlags', { ok: false, failure: { kind: 'deadlineExceeded', message: 'hangs' } });
    expect(at.bmc.send(at.console.request(getSystemBootOptions, readFlags))).toEqual([]);
    at.bmc.finish('readBootFlags', { ok: true, facts: { bootFlags: oneShotPxe } });
    expect(deviceOf(at)).toBe('pxe');
  });
});

test('another UUID in a report of the watch is another domain', () => {
  const at = scene();
  at.bmc.handle({ type: 'uuid', uuid: UUID });
  expect(at.bmc.underWay()).toEqual([]);
  at.bmc.handle({ type: 'uuid', uuid: OTHER_UUID });
  expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
  expect(respondTo(at.bmc, at.console, getSystemGuid, undefined).completionCode).toBe(0);
});

test('without a watch each question reads, and what was read before the watch was up is read again', () => {
  const at = scene();
  at.bmc.handle({ type: 'domainStateUntrusted' });
  for (const question of [1, 2]) {
    expect(at.bmc.send(at.console.request(getSystemBootOptions, readFlags))).toEqual([]);
    at.bmc.finish('readBootFlags', { ok: true, facts: {} });
    expect(at.bmc.asked('readBootFlags')).toBe(question);
  }
  at.bmc.reportState('shutOff');
  expect(at.bmc.send(at.console.request(getSystemBootOptions, readFlags))).toEqual([]);
  at.bmc.finish('readBootFlags', { ok: true, facts: { bootFlags: oneShotPxe } });
  expect(deviceOf(at)).toBe('pxe');
});

test('a one-shot override of which nothing is known any more is read before it is cleared', () => {
  const at = scene();
  set(at, oneShotPxe);
  finishSet(at);
  at.bmc.handle({ type: 'domainStateUntrusted' });
  at.bmc.advance(61_000);
  expect(at.bmc.asked('setBootFlags')).toBe(1);
  finishCheck(at, {});
  at.bmc.advance(120_000);
  expect(at.bmc.asked('setBootFlags')).toBe(1);
});

test('a used-up override that a question finds is taken back', () => {
  const at = scene();
  at.bmc.handle({ type: 'domainStateUntrusted' });
  at.bmc.send(at.console.request(getSystemBootOptions, readFlags));
  at.bmc.finish('readBootFlags', { ok: true, facts: { bootOverrideIsUsedUp: true } });
  expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
});

test('a stranger gets the GUID that was last known, and makes no work for libvirt', () => {
  const at = scene();
  at.bmc.handle({ type: 'domainStateUntrusted' });
  expect(at.bmc.send(newConsole().request(getSystemGuid, undefined))).toHaveLength(1);
  expect(at.bmc.asked('readUuid')).toBe(0);
});

test('a power up that another program writes the definition during is followed by a check', () => {
  const at = scene();
  at.bmc.send(at.console.request(chassisControlCommand, { chassisControl: 'powerUp' }));
  definitionChanges(at);
  at.bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running' } });
  expect(isUnderWay(at, 'recoverBootOverride')).toBe(true);
});
