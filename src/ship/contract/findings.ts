/** What came of using an application. */
export type Findings = {
  /** what answers, a sentence each */
  readonly good: readonly string[];
  /** what is no failure, and worth knowing */
  readonly listed: readonly string[];
  readonly bad: readonly Bad[];
};

/** A failure, and what to do about it. */
export type Bad = { readonly what: string; readonly next: string };

/** `1 file`, `2 files`. */
export const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** The first lines, and how many more there are. */
export const few = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];

/** Statuses that say what a server does not do, or not yet: they are no error of it. */
export const isBroken = (status: number): boolean => status >= 500 && status !== 501 && status !== 503;

/** What an address that only the deployment knows is answered with. */
export const strayBad = (path: string, stray: string): Bad => ({
  what: `GET ${path} redirects to ${stray}, which no browser reaches`,
  next: 'Redirect to a path alone, or to the address that the request names: the one that the app listens on is known inside the container only.',
});

/** The sentence for a failed request, with what the log says of that moment; undefined: it was not looked into. */
export const answered = (path: string, status: number, said: string | undefined): string =>
  `GET ${path} answered ${status}${said === undefined ? '' : said === '' ? ', and the log says nothing of it' : `: ${said}`}`;

/** Where to look when an answer is 5xx. */
export const readLog =
  'What the log says is the reason: a file that the image lacks, a variable without a value, a table that is not there.';
