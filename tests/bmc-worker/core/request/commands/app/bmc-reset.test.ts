import {
  chassisControlCommand,
  closeSession,
  coldReset,
  getChannelInfo,
  getDeviceId,
  warmReset,
} from '@vbmc/ipmi-codec';
import { completionCodeOf, login, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

test.each([coldReset, warmReset])(
  '$name ends every other session at once, and leaves the domain alone',
  (command) => {
    const bmc = SimulatedBmc.started();
    const other = login(bmc, { as: 'operator' });
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, command, undefined)).toBe(0);
    expect(bmc.send(other.request(getDeviceId, undefined))).toEqual([]);
    expect(bmc.eventsOf('bmcReset')).toEqual([
      {
        ...{ kind: 'bmcReset', reset: command === coldReset ? 'cold' : 'warm', endedSessions: 2 },
        ...{ user: 'administrator', source: '192.0.2.7:40001' },
      },
    ]);
    expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ user: 'operator', cause: 'bmcReset' }]);
    const { managedSystemSessionId: sessionId } = console;
    expect(completionCodeOf(bmc, console, closeSession, { sessionId })).toBe(0);
    expect(bmc.send(console.request(getDeviceId, undefined))).toEqual([]);
    expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ cause: 'bmcReset' }, { cause: 'closed' }]);
    expect(bmc.asked('chassisControl')).toBe(0);
    expect(completionCodeOf(bmc, login(bmc), getDeviceId, undefined)).toBe(0);
  },
);

test('the session that asked and is not closed ends some seconds later, however active it is', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  completionCodeOf(bmc, console, warmReset, undefined);
  bmc.advance(4_000);
  expect(completionCodeOf(bmc, console, warmReset, undefined)).toBe(0);
  bmc.advance(1_500);
  expect(bmc.send(console.request(getDeviceId, undefined))).toEqual([]);
  expect(bmc.eventsOf('sessionClosed')).toMatchObject([{ cause: 'bmcReset' }]);
});

test('a change under way continues, and is reported', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  bmc.send(console.request(chassisControlCommand, { chassisControl: 'powerCycle' } as const));
  completionCodeOf(bmc, console, coldReset, undefined);

  bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running' } });
  expect(bmc.eventsOf('domainActionFinished')).toHaveLength(1);
});

test('Get Channel Info counts the active sessions', () => {
  const bmc = SimulatedBmc.started();
  login(bmc);
  const console = login(bmc);
  expect(respondTo(bmc, console, getChannelInfo, { channelNumber: 0x0e }).value).toEqual({
    ...{ channelNumber: 1, medium: 4, protocol: 1, sessionSupport: 2 },
    ...{ activeSessionCount: 2, auxiliaryInfo: 0 },
  });
  expect(completionCodeOf(bmc, console, getChannelInfo, { channelNumber: 7 })).toBe(0xcc);
});
