import { chassisControlCommand, getChassisStatus, type ChassisControl } from '@vbmc/ipmi-codec';
import { SETTLE_MS } from '#worker/core/domain/domain-memory.ts';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const isOn: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };
const nothingDone: DomainActionOutcome = { ok: true, facts: {} };
const flags = { valid: true, persistent: false, efi: false, device: 'pxe' } as const;

function scene(): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  return { bmc, console: login(bmc) };
}

function armed(): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = new SimulatedBmc();
  bmc.handle({ type: 'bootFlags', bootFlags: flags });
  return { bmc, console: login(bmc) };
}

function status(bmc: SimulatedBmc, console: RemoteConsole): unknown {
  return respondTo(bmc, console, getChassisStatus, undefined).value;
}

function begin(bmc: SimulatedBmc, console: RemoteConsole, chassisControl: ChassisControl): void {
  expect(bmc.send(console.request(chassisControlCommand, { chassisControl }))).toEqual([]);
}

describe('chassis status', () => {
  test('is answered from memory while the domain is watched, and by libvirt otherwise', () => {
    const { bmc, console } = scene();
    bmc.reportState('paused');
    expect(status(bmc, console)).toMatchObject({ powerOn: true });
    bmc.reportState('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerOn: false });
    expect(bmc.asked('readDomainState')).toBe(0);
    bmc.handle({ type: 'domainStateUntrusted' });
    expect(bmc.send(console.request(getChassisStatus, undefined))).toEqual([]);
    expect(bmc.asked('readDomainState')).toBe(1);
  });

  test('is answered while a change by this BMC hangs', () => {
    const { bmc, console } = scene();
    bmc.reportState('running');
    begin(bmc, console, 'powerDown');
    expect(status(bmc, console)).toMatchObject({ powerOn: true });
    bmc.reportState('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerOn: false });
  });
});

describe('what libvirt has said before the end of a change by this BMC', () => {
  test('is not told after it, however late it is reported: libvirt is asked', () => {
    const { bmc, console } = scene();
    bmc.reportState('running');
    begin(bmc, console, 'powerDown');
    const askedAt = bmc.now;
    bmc.advance(1_000);
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'shutOff' } });
    bmc.advance(5_000);
    bmc.handle({ type: 'domainState', domainState: 'running', askedAt });
    bmc.advance(5_000);
    expect(bmc.send(console.request(getChassisStatus, undefined))).toEqual([]);
    expect(bmc.asked('readDomainState')).toBe(1);
    bmc.finish('readDomainState', { ok: true, facts: { domainState: 'shutOff' } });
    bmc.reportState('shutOff');
    expect(status(bmc, console)).toMatchObject({ powerOn: false });
    expect(bmc.asked('readDomainState')).toBe(1);
  });

  test('is no start by others, and gives no recorded answer up', () => {
    const { bmc, console } = scene();
    bmc.reportState('running');
    begin(bmc, console, 'powerCycle');
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running', hasStarted: true } });
    bmc.advance(5_000);
    bmc.handle({ type: 'domainState', domainState: 'shutOff', askedAt: 0 });
    bmc.reportState('running');
    expect(status(bmc, console)).toMatchObject({ powerOn: true, lastPowerOnByCommand: true });
  });
});

test('a start that is under way may fail without an event: libvirt is asked', () => {
  const { bmc, console } = scene();
  bmc.handle({ type: 'domainState', domainState: 'startingUp', askedAt: bmc.now });
  expect(bmc.send(console.request(getChassisStatus, undefined))).toEqual([]);
  bmc.finish('readDomainState', { ok: true, facts: { domainState: 'shutOff' } });
  expect(bmc.asked('readDomainState')).toBe(1);
  bmc.send(console.request(getChassisStatus, undefined));
  expect(bmc.asked('readDomainState')).toBe(2);
});

describe('a start by another client of libvirt', () => {
  test('may have used a one-shot boot override', () => {
    const { bmc } = armed();
    bmc.reportState('shutOff');
    bmc.reportState('running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
    bmc.finish('recoverBootOverride', { ok: true, facts: { bootOverrideConsumed: true } });
    expect(bmc.eventsOf('domainActionFinished')).toMatchObject([
      { description: 'clear the one-time boot device', user: '', source: 'domain watch' },
    ]);
    // Now there is none to use.
    bmc.reportState('running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('that the watch missed is noticed when the watch is back', () => {
    const { bmc } = armed();
    bmc.reportState('shutOff');
    bmc.handle({ type: 'domainStateUntrusted' });
    bmc.reportState('running');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('during a change by this BMC is followed up when the change has ended', () => {
    const { bmc, console } = armed();
    begin(bmc, console, 'powerDown');
    bmc.reportState('running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(0);
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'shutOff' } });
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('is also followed up right after a start by this BMC', () => {
    const { bmc, console } = armed();
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isOn);
    bmc.reportState('shutOff');
    bmc.reportState('running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('is none if this BMC made it: its own start clears the override itself', () => {
    const { bmc, console } = armed();
    bmc.reportState('shutOff');
    begin(bmc, console, 'powerUp');
    bmc.reportState('running', 'started');
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running', bootOverrideConsumed: true } });
    expect(bmc.asked('recoverBootOverride')).toBe(0);
  });
});

describe("a guest's reboot", () => {
  test('is followed up once, however often it is reported meanwhile, and without an event if there is nothing to do', () => {
    const { bmc } = scene();
    for (let times = 0; times < 3; times += 1) bmc.reportState('running', 'rebooted');
    expect(bmc.underWay()).toMatchObject([{ action: { kind: 'followGuestReboot', isRecent: true } }]);
    bmc.finish('followGuestReboot', nothingDone);
    expect(bmc.asked('followGuestReboot')).toBe(1);
    expect(bmc.underWay()).toEqual([]);
    expect(bmc.events.filter(({ kind }) => kind === 'domainActionFinished')).toEqual([]);
  });

  test('that waited for a change of this BMC is no longer recent', () => {
    const { bmc, console } = scene();
    bmc.reportState('running');
    begin(bmc, console, 'softShutdown');
    bmc.reportState('running', 'rebooted');
    bmc.now += 2_000;
    bmc.finish('chassisControl', isOn);
    expect(bmc.underWay()).toMatchObject([{ action: { kind: 'followGuestReboot', isRecent: false } }]);
  });

  test('that has used a one-shot override is reported, and is not a power-on by command', () => {
    const { bmc, console } = armed();
    bmc.reportState('shutOff');
    bmc.reportState('running', 'started');
    bmc.finish('recoverBootOverride', { ok: true, facts: { bootOverrideConsumed: true } });
    bmc.reportState('running', 'rebooted');
    bmc.finish('followGuestReboot', { ok: true, facts: { bootOverrideConsumed: true } });
    expect(status(bmc, console)).toMatchObject({ powerOn: true, lastPowerOnByCommand: false });
    expect(bmc.eventsOf('domainActionFinished')).toMatchObject([
      {},
      { description: 'follow a guest reboot', source: 'domain watch' },
    ]);
  });

  test('after which this BMC has reset the domain once more is not followed up again', () => {
    const { bmc } = scene();
    bmc.reportState('running', 'rebooted');
    bmc.finish('followGuestReboot', isOn);
    bmc.reportState('running', 'rebooted');
    expect(bmc.asked('followGuestReboot')).toBe(1);
    bmc.reportState('running', 'rebooted');
    expect(bmc.asked('followGuestReboot')).toBe(2);
  });

  test.each(['during the reset', 'after it'])(
    'is distinguished from a reset by this BMC, which libvirt reports %s',
    (moment) => {
      const { bmc, console } = scene();
      bmc.reportState('running');
      begin(bmc, console, 'hardReset');
      if (moment === 'during the reset') bmc.reportState('running', 'rebooted');
      bmc.finish('chassisControl', isOn);
      if (moment === 'after it') bmc.reportState('running', 'rebooted');
      expect(bmc.asked('followGuestReboot')).toBe(0);
      // Within a second another program resets the domain, or its guest does: it may have used a boot device set meanwhile.
      bmc.reportState('running', 'rebooted');
      expect(bmc.asked('followGuestReboot')).toBe(1);
    },
  );

  test('is not taken for a reset whose report never came', () => {
    const { bmc, console } = scene();
    bmc.reportState('running');
    begin(bmc, console, 'hardReset');
    bmc.finish('chassisControl', isOn);
    bmc.now += SETTLE_MS;
    bmc.reportState('running', 'rebooted');
    expect(bmc.asked('followGuestReboot')).toBe(1);
  });

  test('a reset that was reported and failed does not count for the next one', () => {
    const { bmc, console } = scene();
    bmc.reportState('running');
    begin(bmc, console, 'hardReset');
    bmc.reportState('running', 'rebooted');
    bmc.finish('chassisControl', { ok: false, failure: { kind: 'virshFailed', message: 'it failed' } });
    bmc.now += limits.crossingMs + 1;
    begin(bmc, console, 'hardReset');
    bmc.finish('chassisControl', isOn);
    bmc.reportState('running', 'rebooted');
    expect(bmc.asked('followGuestReboot')).toBe(0);
  });
});

test('a running domain that could not be given its boot order gets it when the watch reports the domain again', () => {
  const { bmc, console } = scene();
  bmc.reportState('running');
  begin(bmc, console, 'hardReset');
  bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running', bootOrderIsStale: true } });
  const before = bmc.asked('recoverBootOverride');
  bmc.reportState('running');
  expect(bmc.asked('recoverBootOverride')).toBe(before + 1);
  bmc.finish('recoverBootOverride', nothingDone);
  bmc.reportState('running');
  expect(bmc.asked('recoverBootOverride')).toBe(before + 1);
});

test('a BMC whose libvirt was away reads what it missed when the watch reports the domain', () => {
  const bmc = new SimulatedBmc();
  const away: DomainActionOutcome = {
    ok: false,
    failure: { kind: 'hypervisorUnreachable', message: 'away' },
  };
  bmc.start();
  bmc.finish('readUuid', away);
  bmc.finish('recoverBootOverride', away);
  bmc.reportState('running');
  expect(bmc.underWay().map(({ action }) => action.kind)).toEqual(['readUuid', 'recoverBootOverride']);
});

test("the supervisor's power-up is an action like any other, with its cause in the event", () => {
  const { bmc } = scene();
  bmc.handle({ type: 'powerUp', cause: 'power restore policy' });
  bmc.finish('chassisControl', isOn);
  expect(bmc.eventsOf('domainActionFinished')).toMatchObject([
    { description: 'power on', user: '', source: 'power restore policy' },
  ]);
});
