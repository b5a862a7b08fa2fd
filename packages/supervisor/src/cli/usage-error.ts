/** The command line contradicts itself in a way that its description as data cannot say. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
