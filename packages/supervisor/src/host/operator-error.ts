/** The daemon cannot do its work, for a reason that the operator can remove: reported without a stack trace. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
