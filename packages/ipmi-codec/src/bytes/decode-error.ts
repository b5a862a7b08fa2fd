/** Why bytes could not be decoded. */
export type DecodeErrorReason = 'tooShort' | 'tooLong' | 'invalidField';

/**
 * The only error that decoding raises. The BMC drops and counts a datagram that raises it. For the data of a command it
 * answers with a completion code: C7h for a wrong length, CCh for a wrong field.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly reason: DecodeErrorReason;

  constructor(reason: DecodeErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** By its name: a bundle that a worker reads later has a class of its own. */
export function isDecodeError(error: unknown): error is DecodeError {
  return error instanceof Error && error.name === 'DecodeError';
}
