/** Who has switched the machine on, and what is told while this BMC does. */
import { chassisControlCommand, getChassisStatus, type ChassisControl } from '@vbmc/ipmi-codec';
import { SETTLE_MS } from '#worker/core/domain/domain-memory.ts';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login, readOnly, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const isOn: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };
const isStarted: DomainActionOutcome = { ok: true, facts: { domainState: 'running', hasStarted: true } };

function scene(): { bmc: SimulatedBmc; console: RemoteConsole } {
  const bmc = SimulatedBmc.started();
  return { bmc, console: login(bmc) };
}

function status(bmc: SimulatedBmc, console: RemoteConsole): unknown {
  return respondTo(bmc, console, getChassisStatus, undefined).value;
}

function begin(bmc: SimulatedBmc, console: RemoteConsole, chassisControl: ChassisControl): void {
  expect(bmc.send(console.request(chassisControlCommand, { chassisControl }))).toEqual([]);
}

describe('while this BMC starts the domain', () => {
  test.each(['powerUp', 'powerCycle', 'hardReset'] as const)(
    'the watch, which hears of a start when it is complete, is not believed that it is off: %s',
    (control) => {
      const { bmc, console } = scene();
      bmc.reportState('shutOff');
      begin(bmc, console, control);
      expect(bmc.send(console.request(getChassisStatus, undefined))).toEqual([]);
      const sent = bmc.finish('readDomainState', { ok: true, facts: { domainState: 'startingUp' } });
      expect(readOnly(console, sent)).toMatchObject({ value: { powerOn: true } });
      bmc.reportState('running', 'started');
      expect(status(bmc, console)).toMatchObject({ powerOn: true });
      bmc.finish('chassisControl', isStarted);
      bmc.advance(2 * SETTLE_MS);
      bmc.reportAnswer('shutOff');
      expect(status(bmc, console)).toMatchObject({ powerOn: false });
    },
  );

  test('a power off calls the start off, and the watch is believed again', () => {
    const { bmc, console } = scene();
    bmc.reportState('shutOff');
    begin(bmc, console, 'powerUp');
    bmc.send(console.request(chassisControlCommand, { chassisControl: 'powerDown' }));
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'shutOff' } });
    expect(status(bmc, console)).toMatchObject({ powerOn: false });
  });
});

describe('the last power-on', () => {
  test.each(['powerUp', 'powerCycle'] as const)('by %s is by command', (control) => {
    const { bmc, console } = scene();
    bmc.reportState('shutOff');
    begin(bmc, console, control);
    bmc.reportState('running', 'started');
    bmc.finish('chassisControl', isStarted);
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: true });
  });

  test.each([
    ['by command', true, 'before'],
    ['by command', true, 'after'],
    ['by another client', false, 'before'],
    ['by another client', false, 'after'],
  ] as const)(
    '%s (%s) stays so over a reset that needs another process, whose start is reported %s its end',
    (_by, byCommand, when) => {
      const { bmc, console } = scene();
      bmc.reportState('shutOff');
      if (byCommand) begin(bmc, console, 'powerUp');
      bmc.reportState('running', 'started');
      if (byCommand) bmc.finish('chassisControl', isStarted);
      bmc.advance(SETTLE_MS);
      begin(bmc, console, 'hardReset');
      bmc.reportState('shutOff');
      if (when === 'before') bmc.reportState('running', 'started');
      bmc.finish('chassisControl', isStarted);
      if (when === 'after') bmc.reportState('running', 'started');
      expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: byCommand });
    },
  );

  test('is by command when it comes before the watch is up, which reports it later', () => {
    const { bmc, console } = scene();
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isStarted);
    bmc.advance(5 * SETTLE_MS);
    bmc.reportState('running');
    bmc.reportState('running', 'started');
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: true });
    // The next one is another client's.
    bmc.reportState('running', 'started');
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: false });
  });

  test('is not by command when nothing was started, and the watch is not up', () => {
    const { bmc, console } = scene();
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isOn);
    bmc.reportState('running');
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: false });
  });

  test('stays as it was over a panic of the guest, whatever libvirt does then', () => {
    const { bmc, console } = scene();
    bmc.reportState('shutOff');
    begin(bmc, console, 'powerUp');
    bmc.reportState('running', 'started');
    bmc.finish('chassisControl', isStarted);
    bmc.advance(SETTLE_MS);
    // `<on_crash>restart` resets the same process; `preserve` leaves it until it is destroyed.
    for (const state of ['crashed', 'running', 'crashed', 'inShutdown', 'shutOff'] as const)
      bmc.reportState(state);
    bmc.reportAnswer('shutOff');
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: true });
  });

  test('is also by command when its event comes after the answer', () => {
    const { bmc, console } = scene();
    bmc.reportState('shutOff');
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isStarted);
    bmc.reportState('running', 'started');
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: true });
  });

  test('of a domain that was on before is not by command', () => {
    const { bmc, console } = scene();
    bmc.reportState('running');
    begin(bmc, console, 'powerUp');
    bmc.finish('chassisControl', isOn);
    expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: false });
  });

  test.each([['started'], [undefined]] as const)(
    'by another client of libvirt is not by command (event: %s)',
    (event) => {
      const { bmc, console } = scene();
      begin(bmc, console, 'powerUp');
      bmc.finish('chassisControl', isStarted);
      bmc.reportState('running', 'started');
      bmc.advance(SETTLE_MS);
      bmc.reportState('shutOff');
      bmc.reportState('running', event);
      expect(status(bmc, console)).toMatchObject({ lastPowerOnByCommand: false });
    },
  );
});
