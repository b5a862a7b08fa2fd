/** A start that an earlier worker owes: begun for the supervisor, reported in the name of who asked for the change. */
import { chassisControlCommand, type ChassisControl } from '@vbmc/ipmi-codec';
import type { DomainActionOutcome } from '#worker/core/terms/domain-action.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { login } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID } from '#support/bmc/simulated-bmc.ts';

const start = { description: 'power cycle', user: 'admin', source: '192.0.2.9:40000', uuid: UUID };
const isOn: DomainActionOutcome = { ok: true, facts: { domainState: 'running' } };
const failed: DomainActionOutcome = { ok: false, failure: { kind: 'virshFailed', message: 'm' } };

test('its event names the user and address of the change that was cut', () => {
  const bmc = SimulatedBmc.started();
  bmc.handle({ type: 'finishStart', start });
  expect(bmc.underWay()).toMatchObject([{ action: { kind: 'finishStart', start } }]);
  bmc.finish('finishStart', isOn);
  expect(bmc.eventsOf('domainActionFinished')).toMatchObject([
    {
      ...{ action: 'finishStart', description: 'second half of a power cycle' },
      ...{ user: 'admin', source: '192.0.2.9:40000' },
    },
  ]);
});

test('it counts as a power on by a command', () => {
  const bmc = SimulatedBmc.started();
  bmc.reportState('shutOff');
  bmc.handle({ type: 'finishStart', start });
  bmc.reportState('running', 'started');
  bmc.finish('finishStart', isOn);
  // No check of the boot override follows, as after the start of another program.
  expect(bmc.underWay()).toEqual([]);
});

function control(console: RemoteConsole, chassisControl: ChassisControl): Uint8Array {
  return console.request(chassisControlCommand, { chassisControl });
}

test.each(['recoverBootOverride', 'chassisControl'] as const)(
  'while another change is under way (%s) it waits, and begins as soon as that has ended',
  (kind) => {
    const bmc = new SimulatedBmc();
    const remoteConsole = login(bmc);
    // A worker that follows a crash begins with a check of the boot override.
    if (kind === 'recoverBootOverride') bmc.start();
    else bmc.send(control(remoteConsole, 'powerCycle'));
    bmc.handle({ type: 'finishStart', start });
    expect(bmc.asked('finishStart')).toBe(0);
    bmc.finish(kind, failed);
    expect(bmc.asked('finishStart')).toBe(1);
    bmc.finish('finishStart', isOn);
    bmc.advance(60_000);
    expect(bmc.asked('finishStart')).toBe(1);
  },
);

test('a power off meanwhile ends it', () => {
  const bmc = new SimulatedBmc();
  const remoteConsole = login(bmc);
  bmc.start();
  bmc.handle({ type: 'finishStart', start });
  bmc.send(control(remoteConsole, 'powerDown'));
  bmc.finish('chassisControl', failed);
  expect(bmc.asked('finishStart')).toBe(0);
});

test.each([
  ['that is accepted', isOn, 0],
  ['that is refused', failed, 1],
])('a soft shutdown %s meanwhile', (_, outcome, starts) => {
  const bmc = SimulatedBmc.started();
  bmc.send(control(login(bmc), 'softShutdown'));
  bmc.handle({ type: 'finishStart', start });
  bmc.finish('chassisControl', outcome);
  expect(bmc.asked('finishStart')).toBe(starts);
});

test('a power off calls it off', () => {
  const bmc = SimulatedBmc.started();
  const remoteConsole = login(bmc);
  bmc.handle({ type: 'finishStart', start });
  const [finishing] = bmc.underWay();
  bmc.send(control(remoteConsole, 'powerDown'));
  expect(bmc.calledOff).toEqual([finishing?.id]);
});
