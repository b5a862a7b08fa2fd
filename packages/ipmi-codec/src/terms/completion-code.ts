/** The outcome of a command, one byte (v2.0§5.2 table 5-2). The meaning of codes 80h to BEh depends on the command. */
export const completionCode = {
  ok: 0x00,
  /** 01h to 7Eh are specific to the device. This BMC uses 01h when the domain's guest has crashed. */
  guestCrashed: 0x01,
  nodeBusy: 0xc0,
  invalidCommand: 0xc1,
  commandInvalidForLun: 0xc2,
  timeout: 0xc3,
  outOfSpace: 0xc4,
  reservationCancelled: 0xc5,
  requestDataLengthInvalid: 0xc7,
  parameterOutOfRange: 0xc9,
  cannotReturnRequestedNumberOfBytes: 0xca,
  requestedDataNotPresent: 0xcb,
  invalidDataField: 0xcc,
  illegalCommandForRecordType: 0xcd,
  responseCouldNotBeProvided: 0xce,
  destinationUnavailable: 0xd3,
  insufficientPrivilege: 0xd4,
  notSupportedInPresentState: 0xd5,
  subFunctionDisabled: 0xd6,
  unspecifiedError: 0xff,

  /** Set Session Privilege Level (v2.0§22.18). */
  privilegeLevelNotAvailableForUser: 0x80,
  privilegeLevelExceedsLimit: 0x81,
  /** Get Session Challenge (v2.0§22.16). */
  nullUserNameNotEnabled: 0x82,
  /** Activate Session (v2.0§22.17). */
  sessionSequenceNumberOutOfRange: 0x84,
  noSessionSlotAvailable: 0x81,
  requestedPrivilegeLevelExceedsLimit: 0x86,
  /** Close Session (v2.0§22.19). */
  invalidSessionId: 0x87,
  invalidSessionHandle: 0x88,
  /** Set and Get System Boot Options (v2.0§28.12, §28.13). */
  parameterNotSupported: 0x80,
  setInProgressConflict: 0x81,
  parameterReadOnly: 0x82,
  /** Get Channel Access (v2.0§22.23): the channel has no sessions, and so no access settings. */
  notSupportedForChannel: 0x82,
  /** Set Channel Access (v2.0§22.22). */
  accessModeNotSupported: 0x83,
  /** Set Channel Security Keys (v2.0§22.25). */
  keyIsLocked: 0x80,
  krIsNotUsed: 0x84,
  /** Write FRU Data (v2.0§34.3). */
  writeProtected: 0x80,
  /** Add SEL Entry (v2.0§31.6). */
  recordTypeNotSupported: 0x80,
  /** Set User Password (v2.0§22.30): the operation _test password_. */
  passwordDiffers: 0x80,
  passwordSizeDiffers: 0x81,
  /** Reset Watchdog Timer (v2.0§27.5): it was never set. */
  watchdogNotSet: 0x80,
} as const;

export type CompletionCode = keyof typeof completionCode;
