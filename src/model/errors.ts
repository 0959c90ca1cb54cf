/** A place in a user's file: `text` is the offending line itself, so that the message can show it. */
export type Place = { readonly file: string; readonly line?: number; readonly column?: number; readonly text?: string };

export type UserErrorParts = {
  /** stable, kebab-case, for programs: `manifest-invalid`, `no-engine` … */
  readonly code: string;
  /** what is wrong: one sentence, or the lines of a list; text of a project in a line never makes another one */
  readonly message: string | readonly string[];
  readonly where?: Place;
  /** the last lines that an outside program printed */
  readonly printed?: readonly string[];
  /** what to do next, one sentence each */
  readonly next: readonly string[];
  /** the exit code: 1 findings or not ready, 2 used wrongly, 3 conflict, 4 an outside program failed */
  readonly exit?: 1 | 2 | 3 | 4;
  /** whether the same call may succeed later: for failures of outside programs */
  readonly retry?: boolean;
  /** more for programs, beside the rest in the JSON of the error */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

/** An error that a user can cause and mend. Anything else that is thrown is a bug of ours. */
export class UserError extends Error {
  readonly code: string;
  /** the message, line by line */
  readonly lines: readonly string[];
  readonly where: Place | undefined;
  readonly printed: readonly string[];
  readonly next: readonly string[];
  readonly exit: 1 | 2 | 3 | 4;
  readonly retry: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(parts: UserErrorParts) {
    const lines = typeof parts.message === 'string' ? [parts.message] : parts.message;
    super(lines.join('\n'), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'UserError';
    this.code = parts.code;
    this.lines = lines;
    this.where = parts.where;
    this.printed = parts.printed ?? [];
    this.next = parts.next;
    this.exit = parts.exit ?? 2;
    this.retry = parts.retry ?? false;
    this.details = parts.details ?? {};
  }
}
