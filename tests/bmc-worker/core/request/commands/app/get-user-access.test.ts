/** Get User Access and Get User Name: what a remote console can read about users. */
import { getUserAccess, getUserName } from '@vbmc/ipmi-codec';
import { completionCodeOf, login, respondTo } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

describe('users', () => {
  const access = (userId: number): unknown => {
    const bmc = SimulatedBmc.started();
    return respondTo(bmc, login(bmc), getUserAccess, { channelNumber: 0x0e, userId });
  };

  test.each([
    [1, { enableStatus: 2, ipmiMessaging: false, privilegeLimit: 0x0f }],
    [2, { enableStatus: 1, ipmiMessaging: true, privilegeLimit: 4 }],
    [3, { enableStatus: 1, ipmiMessaging: true, privilegeLimit: 3 }],
    [5, { enableStatus: 1, ipmiMessaging: true, privilegeLimit: 1 }],
    // Free, so that MAAS finds an id for its user.
    [6, { enableStatus: 2, ipmiMessaging: false, privilegeLimit: 0x0f }],
    [10, { enableStatus: 2, ipmiMessaging: false, privilegeLimit: 0x0f }],
  ])('user %d', (userId, expected) => {
    expect(access(userId)).toMatchObject({
      completionCode: 0,
      value: { maximumUserIds: 10, enabledUserIds: 4, fixedNames: 5, ...expected },
    });
  });

  test.each([0, 11, 63])('user %d does not exist', (userId) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);

    expect(access(userId)).toMatchObject({ completionCode: 0xcc });
    expect(completionCodeOf(bmc, console, getUserName, { userId })).toBe(0xcc);
  });

  test.each([
    [1, ''],
    [2, 'administrator'],
    [4, 'user'],
  ])('the name of user %d is %j', (userId, name) => {
    const bmc = SimulatedBmc.started();
    const { value } = respondTo(bmc, login(bmc), getUserName, { userId });

    expect(value).toEqual({ userName: Uint8Array.from(Buffer.from(name.padEnd(16, '\0'))) });
  });
});
