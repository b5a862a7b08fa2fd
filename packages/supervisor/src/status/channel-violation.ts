/** The ways in which a worker can break the rules of its channel, and what the operator is told. Pure. */

export const violationKinds = [
  'lineTooLong',
  'notJson',
  /** JSON, but no message: an unknown kind, a missing field, a value out of its bounds. */
  'notAMessage',
  /** It has announced itself before. */
  'outOfTurn',
  'tooMuch',
  /** It does not read what it is sent. */
  'unread',
  /** vbmcd failed at one of its messages, which is a bug of vbmcd. */
  'notHandled',
] as const;
export type ViolationKind = (typeof violationKinds)[number];

export interface ChannelViolation {
  readonly kind: ViolationKind;
  /** One printable line of bounded length. */
  readonly cause: string;
}
