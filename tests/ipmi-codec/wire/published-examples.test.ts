import {
  decodeRakpMessage1,
  decodeRakpMessage2,
  decodeRakpMessage3,
  decodeRakpMessage4,
  integrityPadLength,
} from '@vbmc/ipmi-codec';
import { fromHex, withHexBytes } from '#support/hex.ts';

const RANDOM = '000102030405060708090a0b0c0d0e0f';
const GUID = '00'.repeat(16);

/** Figures from the tests of gebn/bmc (pkg/ipmi/rakp_message_{1,2,3,4}_test.go at bf709e03). */
describe('examples of gebn/bmc', () => {
  it.each([
    [
      'RAKP Message 1, no user name, role look-up',
      decodeRakpMessage1,
      `2200000004030201${RANDOM}02000000`,
      { messageTag: 0x22, managedSystemSessionId: 0x0102_0304, role: 0x02, userName: '' },
    ],
    [
      'RAKP Message 1, user name, name-only look-up',
      decodeRakpMessage1,
      `0100000001020304${RANDOM}1400000667656f726765`,
      { messageTag: 0x01, managedSystemSessionId: 0x0403_0201, role: 0x14, userName: '67656f726765' },
    ],
    [
      'RAKP Message 2',
      decodeRakpMessage2,
      `00000000a4a3a2a0d8d69cf9f9817a80820cd6776a2a3775${GUID}a533bed806652314e0f0916eaae6a36d1a9d2fac`,
      {
        messageTag: 0,
        status: 'noErrors',
        remoteConsoleSessionId: 0xa0a2_a3a4,
        managedSystemRandomNumber: 'd8d69cf9f9817a80820cd6776a2a3775',
        managedSystemGuid: GUID,
        keyExchangeAuthenticationCode: 'a533bed806652314e0f0916eaae6a36d1a9d2fac',
      },
    ],
    [
      'RAKP Message 2 that refuses',
      decodeRakpMessage2,
      '2001000001020304',
      {
        messageTag: 0x20,
        status: 'insufficientResourcesToCreateSession',
        remoteConsoleSessionId: 0x0403_0201,
      },
    ],
    [
      'RAKP Message 3 that gives up',
      decodeRakpMessage3,
      '0002000004030201',
      {
        messageTag: 0,
        status: 2,
        managedSystemSessionId: 0x0102_0304,
        keyExchangeAuthenticationCode: '',
      },
    ],
    [
      'RAKP Message 4',
      decodeRakpMessage4,
      '00000000a4a3a2a0a533bed806652314e0f0916e',
      {
        messageTag: 0,
        status: 'noErrors',
        remoteConsoleSessionId: 0xa0a2_a3a4,
        integrityCheckValue: 'a533bed806652314e0f0916e',
      },
    ],
  ])('%s', (_what, decode, hex, expected) => {
    expect(withHexBytes(decode(fromHex(hex)))).toMatchObject(expected);
  });
});

/** Figures from bougou/go-ipmi (pkg/crypto/integrity_test.go at 71349da4). */
describe('integrity pad lengths of go-ipmi', () => {
  it.each([
    [12 + 5, 1],
    [12 + 4, 2],
    [12 + 2, 0],
  ])('%d bytes of header and payload: %d', (length, expected) => {
    expect(integrityPadLength(length)).toBe(expected);
  });
});
