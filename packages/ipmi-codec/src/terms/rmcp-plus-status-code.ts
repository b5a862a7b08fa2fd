/** RMCP+ and RAKP message status codes, one byte (v2.0§13.24 table 13-15). */
export const rmcpPlusStatusCode = {
  noErrors: 0x00,
  insufficientResourcesToCreateSession: 0x01,
  invalidSessionId: 0x02,
  invalidPayloadType: 0x03,
  invalidAuthenticationAlgorithm: 0x04,
  invalidIntegrityAlgorithm: 0x05,
  noMatchingAuthenticationPayload: 0x06,
  noMatchingIntegrityPayload: 0x07,
  inactiveSessionId: 0x08,
  invalidRole: 0x09,
  unauthorizedRoleOrPrivilegeLevel: 0x0a,
  insufficientResourcesAtRequestedRole: 0x0b,
  invalidNameLength: 0x0c,
  unauthorizedName: 0x0d,
  unauthorizedGuid: 0x0e,
  invalidIntegrityCheckValue: 0x0f,
  invalidConfidentialityAlgorithm: 0x10,
  noCipherSuiteMatch: 0x11,
  illegalOrUnrecognizedParameter: 0x12,
} as const;

export type RmcpPlusStatusCode = keyof typeof rmcpPlusStatusCode;
