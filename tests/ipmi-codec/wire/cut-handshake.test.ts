/** Open Session Request and RAKP Message 1 that end too early: what the BMC needs to refuse them (v2.0§13.24 table 13-15). */
import {
  decodeOpenSessionRequest,
  decodeRakpMessage1,
  encodeOpenSessionRequest,
  encodeRakpMessage1,
} from '@vbmc/ipmi-codec';

const openSession = encodeOpenSessionRequest({
  messageTag: 7,
  requestedMaximumPrivilegeLevel: 4,
  remoteConsoleSessionId: 0xa0a2_a3a4,
  algorithms: { authentication: 1, integrity: 1, confidentiality: 1 },
});
const rakpMessage1 = encodeRakpMessage1({
  messageTag: 7,
  managedSystemSessionId: 0xb0b1_b2b3,
  remoteConsoleRandomNumber: new Uint8Array(16),
  role: 0x14,
  userName: new TextEncoder().encode('administrator'),
});

test.each(Array.from({ length: 31 }, (_, index) => index + 1))(
  'Open Session Request cut to %d bytes',
  (length) => {
    expect(decodeOpenSessionRequest(openSession.subarray(0, length))).toEqual({
      messageTag: 7,
      status: 'illegalOrUnrecognizedParameter',
      remoteConsoleSessionId: length < 8 ? 0 : 0xa0a2_a3a4,
    });
  },
);

test.each(Array.from({ length: rakpMessage1.length - 8 }, (_, index) => index + 8))(
  'RAKP Message 1 cut to %d bytes',
  (length) => {
    expect(decodeRakpMessage1(rakpMessage1.subarray(0, length))).toEqual({
      messageTag: 7,
      managedSystemSessionId: 0xb0b1_b2b3,
      status: length < 28 ? 'illegalOrUnrecognizedParameter' : 'invalidNameLength',
    });
  },
);
