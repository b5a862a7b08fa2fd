/** The commands that change users. Golden bytes: ipmitool 1.8.19 and FreeIPMI 1.6.9, as their traces show them. */
import fc from 'fast-check';
import {
  getUserPayloadAccess,
  setUserAccess,
  setUserName,
  setUserPassword,
  setUserPayloadAccess,
  type SetUserPasswordRequest,
} from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { both, none } from '#support/command-properties.ts';
import { describeDecoders } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const userId = any.bits(6);
const channelNumber = any.bits(4);
const payloads = fc.record({ sol: fc.boolean(), others: fc.constant(false) });
const password = fc.constantFrom(16, 20).chain((passwordSize): fc.Arbitrary<SetUserPasswordRequest> =>
  fc.record({
    userId,
    passwordSize: fc.constant(passwordSize === 20 ? 20 : 16),
    operation: fc.constantFrom('setPassword', 'testPassword'),
    password: any.bytes(passwordSize),
  }),
);

describeDecoders([
  ...both(
    setUserAccess,
    fc.record(
      {
        channelNumber,
        flags: fc.record({
          callbackOnly: fc.boolean(),
          linkAuthentication: fc.boolean(),
          ipmiMessaging: fc.boolean(),
        }),
        userId,
        privilegeLimit: any.bits(4),
        sessionLimit: any.bits(4),
      },
      { requiredKeys: ['channelNumber', 'userId', 'privilegeLimit', 'sessionLimit'] },
    ),
    none,
    { request: 3 },
  ),
  ...both(setUserName, fc.record({ userId, userName: any.bytes(16) }), none),
  ...both(setUserPassword, password, none),
  ...both(setUserPayloadAccess, fc.record({ channelNumber, userId, operation: any.bits(2), payloads }), none),
  ...both(getUserPayloadAccess, fc.record({ channelNumber, userId }), payloads),
]);

test.each([
  // ipmitool user priv 3 4 1: bit 7 is clear.
  ['01030400', { channelNumber: 1, userId: 3, privilegeLimit: 4, sessionLimit: 0 }],
  // ipmitool channel setaccess 1 3 callin=on ipmi=on link=on privilege=4, and FreeIPMI without the last byte.
  [
    'f10304',
    {
      ...{ channelNumber: 1, userId: 3, privilegeLimit: 4, sessionLimit: 0 },
      flags: { callbackOnly: true, linkAuthentication: true, ipmiMessaging: true },
    },
  ],
])('Set User Access %s', (hex, value) => {
  expect(setUserAccess.request.decode(fromHex(hex))).toEqual(value);
});

test.each([
  // ipmitool user enable 3, user disable 3; FreeIPMI enables with 2 bytes.
  [`0301${'00'.repeat(16)}`, { userId: 3, passwordSize: 16, operation: 'enableUser' }],
  [`0300${'00'.repeat(16)}`, { userId: 3, passwordSize: 16, operation: 'disableUser' }],
  ['0301', { userId: 3, passwordSize: 16, operation: 'enableUser' }],
  [`8301${'00'.repeat(20)}`, { userId: 3, passwordSize: 20, operation: 'enableUser' }],
])('Set User Password %s', (hex, value) => {
  expect(setUserPassword.request.decode(fromHex(hex))).toEqual(value);
});

test.each(['0302', `0302${'00'.repeat(15)}`, `0302${'00'.repeat(17)}`, `8303${'00'.repeat(16)}`, '030100'])(
  'Set User Password %s has no length of it',
  (hex) => {
    expect(() => setUserPassword.request.decode(fromHex(hex))).toThrow();
  },
);

test('user payload access: Serial over LAN is bit 1', () => {
  // ipmitool sol payload enable 1 3
  expect(setUserPayloadAccess.request.decode(fromHex('010302000000'))).toEqual({
    ...{ channelNumber: 1, userId: 3, operation: 0 },
    payloads: { sol: true, others: false },
  });
  expect(setUserPayloadAccess.request.decode(fromHex('014304000000'))).toMatchObject({
    ...{ operation: 1, payloads: { sol: false, others: true } },
  });
  expect(toHex(getUserPayloadAccess.response.encode({ sol: true, others: false }))).toBe('02000000');
});
