/** A word on the command line that is not valid, found by us and not by the parser of options: the message says which, and what is valid. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
