import { chassisControlCommand, coldReset, getChannelInfo, getDeviceId, warmReset } from '@vbmc/ipmi-codec';
import { completionCodeOf, login, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

test.each([coldReset, warmReset])(
  '$name answers, then ends every session and leaves the domain alone',
  (command) => {
    const bmc = SimulatedBmc.started();
    const other = login(bmc, { as: 'operator' });
    const console = login(bmc);

    expect(completionCodeOf(bmc, console, command, undefined)).toBe(0);
    expect(bmc.send(console.request(getDeviceId, undefined))).toEqual([]);
    expect(bmc.send(other.request(getDeviceId, undefined))).toEqual([]);
    expect(bmc.eventsOf('sessionClosed')).toHaveLength(2);
    expect(bmc.asked('chassisControl')).toBe(0);
    expect(completionCodeOf(bmc, login(bmc), getDeviceId, undefined)).toBe(0);
  },
);

test('a change under way continues, and is reported', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  bmc.send(console.request(chassisControlCommand, { chassisControl: 'powerCycle' } as const));
  completionCodeOf(bmc, console, coldReset, undefined);

  expect(bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running' } })).toEqual([]);
  expect(bmc.eventsOf('domainActionFinished')).toHaveLength(1);
});

test('Get Channel Info counts the active sessions', () => {
  const bmc = SimulatedBmc.started();
  login(bmc);
  const console = login(bmc);
  expect(respondTo(bmc, console, getChannelInfo, { channelNumber: 0x0e }).value).toEqual({
    channelNumber: 1,
    activeSessionCount: 2,
  });
  expect(completionCodeOf(bmc, console, getChannelInfo, { channelNumber: 7 })).toBe(0xcc);
});
