import { getChannelAccess, setSessionPrivilegeLevel } from '@vbmc/ipmi-codec';
import {
  ask,
  completionCodeOf,
  handshake,
  login,
  newConsole,
  respondTo,
} from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

describe('the privilege limit of the BMC', () => {
  const limited = (): SimulatedBmc => SimulatedBmc.started({ privilegeLimit: 'user' });

  test('caps a session whose user may have a higher level', () => {
    const bmc = limited();
    const console = newConsole();
    handshake(bmc, console);

    expect(bmc.eventsOf('sessionOpened')).toMatchObject([{ user: 'administrator', privilege: 'user' }]);
    expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 3 })).toBe(0x81);
    expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 2 })).toBe(0);
  });

  test('refuses a higher level that is requested by role, after the password was proved', () => {
    const bmc = limited();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1({ role: 4 }));

    expect(ask(bmc, console, console.rakpMessage3())).toMatchObject({
      refusal: { status: 'unauthorizedRoleOrPrivilegeLevel' },
    });
  });

  test.each([1, 2])('is returned by Get Channel Access, settings %d', (settings) => {
    const bmc = limited();
    const console = newConsole();
    handshake(bmc, console);

    expect(respondTo(bmc, console, getChannelAccess, { channelNumber: 1, settings }).value).toEqual({
      pefAlertingDisabled: true,
      perMessageAuthenticationDisabled: false,
      userLevelAuthenticationDisabled: false,
      accessMode: 2,
      privilegeLimit: 2,
    });
  });

  test.each([
    [2, 2],
    [1, 0],
    [1, 3],
  ])('Get Channel Access of channel %d, settings %d is refused', (channelNumber, settings) => {
    const bmc = SimulatedBmc.started();

    expect(completionCodeOf(bmc, login(bmc), getChannelAccess, { channelNumber, settings })).toBe(0xcc);
  });
});
