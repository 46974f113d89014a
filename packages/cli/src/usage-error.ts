/**
 * A command line that can't be understood: printed as `E_USAGE`. It is no SealiftError because help must start without
 * loading core.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
