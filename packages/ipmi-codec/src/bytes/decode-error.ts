/** What is wrong with bytes that could not be decoded. */
export type DecodeErrorReason = 'tooShort' | 'tooLong' | 'invalidField';

/**
 * The one error that decoding raises. For a datagram it means: drop it, count it. For the data of a
 * command inside a session it means a completion code (C7h for a length, CCh for a field).
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly reason: DecodeErrorReason;

  constructor(reason: DecodeErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
