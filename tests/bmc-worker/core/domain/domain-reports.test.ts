import { chassisControlCommand, getChassisStatus, type ChassisControl } from '@vbmc/ipmi-codec';
import { SETTLE_MS } from '#worker/core/domain/domain-memory.ts';
import type { DomainActionOutcome, DomainEvent, DomainState } from '#worker/core/terms/domain-action.ts';
import type { RemoteConsole } from '#support/remote-console.ts';
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
  bmc.take(bmc.endpoint.handleBootFlags(flags, bmc.now));
  return { bmc, console: login(bmc) };
}

function status(bmc: SimulatedBmc, console: RemoteConsole): unknown {
  return respondTo(bmc, console, getChassisStatus, undefined).value;
}

function begin(bmc: SimulatedBmc, console: RemoteConsole, chassisControl: ChassisControl): void {
  expect(bmc.send(console.request(chassisControlCommand, { chassisControl }))).toEqual([]);
}

function tell(bmc: SimulatedBmc, state: DomainState, event?: DomainEvent): void {
  bmc.tell(state, event);
}

describe('chassis status', () => {
  test('is answered from memory while the domain is watched, and by libvirt otherwise', () => {
    const { bmc, console } = scene();
    tell(bmc, 'paused');
    expect(status(bmc, console)).toMatchObject({ powerOn: true });
    tell(bmc, 'shutOff');
    expect(status(bmc, console)).toMatchObject({ powerOn: false });
    expect(bmc.asked('readDomainState')).toBe(0);
    bmc.endpoint.handleDomainStateUntrusted();
    expect(bmc.send(console.request(getChassisStatus, undefined))).toEqual([]);
    expect(bmc.asked('readDomainState')).toBe(1);
  });

  test('is answered while a change of ours hangs', () => {
    const { bmc, console } = scene();
    tell(bmc, 'running');
    begin(bmc, console, 'powerDown');
    expect(status(bmc, console)).toMatchObject({ powerOn: true });
    tell(bmc, 'shutOff');
    expect(status(bmc, console)).toMatchObject({ powerOn: false });
  });
});

describe('the last power-on', () => {
  test.each(['powerUp', 'powerCycle', 'hardReset'] as const)('by %s is by command', (control) => {
    const { bmc, console } = scene();
    tell(bmc, 'shutOff');
    begin(bmc, console, control);
    tell(bmc, 'running', 'started');
    bmc.finish('chassisControl', isOn);
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: true });
  });

  test('is by command also when its event comes after the answer', () => {
    const { bmc, console } = scene();
    tell(bmc, 'shutOff');
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isOn);
    tell(bmc, 'running', 'started');
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: true });
  });

  test('of a domain that was on before is not ours', () => {
    const { bmc, console } = scene();
    tell(bmc, 'running');
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isOn);
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: false });
  });

  test.each([['started'], [undefined]] as const)('made by others clears it (event: %s)', (event) => {
    const { bmc, console } = scene();
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isOn);
    tell(bmc, 'running', 'started');
    bmc.advance(SETTLE_MS);
    tell(bmc, 'shutOff');
    tell(bmc, 'running', event);
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: false });
  });
});

describe("somebody else's start", () => {
  test('may have used up a one-shot boot override', () => {
    const { bmc } = armed();
    tell(bmc, 'shutOff');
    tell(bmc, 'running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
    bmc.finish('recoverBootOverride', { ok: true, facts: { bootOverrideConsumed: true } });
    expect(bmc.eventsOf('domainActionFinished')).toMatchObject([
      { description: 'take back the used boot device', user: '', source: 'domain watch' },
    ]);
    // Now there is none to use up.
    tell(bmc, 'running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('that nobody saw is noticed when the watch is back', () => {
    const { bmc } = armed();
    tell(bmc, 'shutOff');
    bmc.endpoint.handleDomainStateUntrusted();
    tell(bmc, 'running');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('in the middle of a change of ours is looked at when that has ended', () => {
    const { bmc, console } = armed();
    begin(bmc, console, 'powerDown');
    tell(bmc, 'running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(0);
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'shutOff' } });
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('counts within a moment after ours as well', () => {
    const { bmc, console } = armed();
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isOn);
    tell(bmc, 'shutOff');
    tell(bmc, 'running', 'started');
    expect(bmc.asked('recoverBootOverride')).toBe(1);
  });

  test('our own concludes itself', () => {
    const { bmc, console } = armed();
    tell(bmc, 'shutOff');
    begin(bmc, console, 'powerUp');
    tell(bmc, 'running', 'started');
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running', bootOverrideConsumed: true } });
    expect(bmc.asked('recoverBootOverride')).toBe(0);
  });
});

describe("a guest's reboot", () => {
  test('is followed once, however often it is reported meanwhile, and without a word when there is nothing to do', () => {
    const { bmc } = scene();
    for (let times = 0; times < 3; times += 1) tell(bmc, 'running', 'rebooted');
    expect(bmc.underWay()).toMatchObject([{ action: { kind: 'followGuestReboot', isStale: false } }]);
    bmc.finish('followGuestReboot', nothingDone);
    expect(bmc.asked('followGuestReboot')).toBe(1);
    expect(bmc.underWay()).toEqual([]);
    expect(bmc.events.filter(({ kind }) => kind === 'domainActionFinished')).toEqual([]);
  });

  test('after a one-shot boot is known to need a new process, which does not make it a power-on of ours', () => {
    const { bmc, console } = armed();
    tell(bmc, 'shutOff');
    tell(bmc, 'running', 'started');
    bmc.finish('recoverBootOverride', { ok: true, facts: { bootOverrideConsumed: true } });
    tell(bmc, 'running', 'rebooted');
    expect(bmc.underWay()).toContainEqual(
      expect.objectContaining({ action: { kind: 'followGuestReboot', isStale: true } }),
    );
    tell(bmc, 'shutOff');
    tell(bmc, 'running', 'started');
    bmc.finish('followGuestReboot', isOn);
    expect(status(bmc, console)).toMatchObject({ powerOn: true, lastPowerOnByCommand: false });
    expect(bmc.eventsOf('domainActionFinished')).toMatchObject([
      {},
      { description: "follow the guest's reboot" },
    ]);
  });

  test('is told from our own reset', () => {
    const { bmc, console } = scene();
    tell(bmc, 'running');
    begin(bmc, console, 'hardReset');
    tell(bmc, 'running', 'rebooted');
    bmc.finish('chassisControl', isOn);
    tell(bmc, 'running', 'rebooted');
    begin(bmc, console, 'powerDown');
    tell(bmc, 'running', 'rebooted');
    bmc.finish('chassisControl', isOn);
    expect(bmc.asked('followGuestReboot')).toBe(0);
    bmc.now += SETTLE_MS;
    tell(bmc, 'running', 'rebooted');
    expect(bmc.asked('followGuestReboot')).toBe(1);
  });
});

test('a BMC whose libvirt was away learns what it missed when the watch tells of the domain', () => {
  const bmc = new SimulatedBmc();
  const away: DomainActionOutcome = {
    ok: false,
    failure: { kind: 'hypervisorUnreachable', message: 'away' },
  };
  bmc.start();
  bmc.finish('readUuid', away);
  bmc.finish('recoverBootOverride', away);
  tell(bmc, 'running');
  expect(bmc.underWay().map(({ action }) => action.kind)).toEqual(['readUuid', 'recoverBootOverride']);
});

test("the supervisor's power-up is an action like any other, with its cause in the event", () => {
  const { bmc } = scene();
  bmc.take(bmc.endpoint.handlePowerUp('power restore policy', bmc.now));
  bmc.finish('chassisControl', isOn);
  expect(bmc.eventsOf('domainActionFinished')).toMatchObject([
    { description: 'power on', user: '', source: 'power restore policy' },
  ]);
});
