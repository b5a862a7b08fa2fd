/** A start that an earlier worker owes: begun for the supervisor, reported in the name of who asked for the change. */
import { chassisControlCommand } from '@vbmc/ipmi-codec';
import { login } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, UUID } from '#support/bmc/simulated-bmc.ts';

const start = { description: 'power cycle', user: 'admin', source: '192.0.2.9:40000', uuid: UUID };
const isOn = { ok: true, facts: { domainState: 'running' } } as const;

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

test('a power off calls it off', () => {
  const bmc = SimulatedBmc.started();
  const remoteConsole = login(bmc);
  bmc.handle({ type: 'finishStart', start });
  const [finishing] = bmc.underWay();
  bmc.send(remoteConsole.request(chassisControlCommand, { chassisControl: 'powerDown' }));
  expect(bmc.calledOff).toEqual([finishing?.id]);
});
