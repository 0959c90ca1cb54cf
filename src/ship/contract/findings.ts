/** What came of using an application. */
export type Findings = {
  /** what answers, a sentence each */
  readonly good: readonly string[];
  /** what is no failure, and worth knowing */
  readonly listed: readonly string[];
  readonly bad: readonly Failure[];
};

/** A failure, and what to do about it. */
export type Failure = { readonly what: string; readonly next: string };

/** `1 file`, `2 files`. */
export const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** The first lines, and how many more there are. */
export const firstLines = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];

/** Statuses that say what a server does not do, or not yet: they are no error of it. */
export const isBroken = (status: number): boolean => status >= 500 && status !== 501 && status !== 503;

/** What an address that only the deployment knows is answered with. */
export const strayFailure = (path: string, stray: string): Failure => ({
  what: `GET ${path} redirects to ${stray}, which browsers cannot reach`,
  next: 'Redirect to a path, or use the host of the request: the address that the app listens on only works inside the container.',
});

/** The sentence for a failed request, with what the log says of that moment; undefined: it was not looked into. */
export const answered = (path: string, status: number, said: string | undefined): string =>
  `GET ${path} returned ${status}${said === undefined ? '' : said === '' ? ', with nothing about it in the log' : `: ${said}`}`;

/** Where to look when an answer is 5xx. */
export const readLog =
  'Check the log for the reason, such as a file missing from the image, a variable without a value, or a missing table.';
