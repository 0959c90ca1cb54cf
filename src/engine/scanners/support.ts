import { UserError } from '../../model/errors.ts';
import type { ScanFinding } from '../../model/scan.ts';
import { z } from '../../model/zod.ts';
import type { RunResult } from '../exec.ts';
import { environmentOf, type ProgramName } from '../programs.ts';
import { workFolder } from '../temp.ts';

/** Time limits in milliseconds: a question, and a scan with the download of its database. */
export const scanLimits = { moment: 60_000, scan: 1_800_000 } as const;

/** How a scanner is started: in a folder of ours, with the variables of its row alone. */
export const startedAs = (
  program: ProgramName,
  signal: AbortSignal | undefined,
  timeoutMs: number = scanLimits.moment,
) => ({ cwd: workFolder(), env: environmentOf(program), timeoutMs, signal });

/** The JSON document in what a program printed, behind whatever it said before; undefined: there is none. */
export function documentIn(printed: string): string | undefined {
  const start = printed.indexOf('{');
  return start < 0 ? undefined : printed.slice(start);
}

/** What came of a call, or undefined where the program is not installed. */
export async function ifInstalled(call: Promise<RunResult>): Promise<RunResult | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof UserError && error.code === 'program-missing') return undefined;
    throw error;
  }
}

/** The first version in what a program printed, such as 0.74.0. */
export const versionIn = (text: string): string | undefined => /(?<![\d.])\d+\.\d+\.\d+[\w.+-]*/.exec(text)?.[0];

/** The last lines that a program printed. */
export const lastLines = (text: string, most = 5): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-most);

/** The error for a scanner that could not scan. */
export const scannerFailed = (title: string, { stdout, stderr, timedOut }: RunResult, next: string): UserError =>
  new UserError({
    code: 'scanner-failed',
    message: timedOut ? `${title} timed out and was stopped.` : `${title} could not scan the image.`,
    printed: lastLines(stderr || stdout),
    next: [next, 'Or use another scanner: `--scanner trivy`, `--scanner grype`.'],
    exit: 4,
    retry: timedOut,
  });

/** Reads the JSON document of a scanner. Anything else than the expected shape is a `UserError`. */
export function readDocument<T>(title: string, text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError({
      code: 'scanner-unreadable',
      message: `${title} did not print the expected JSON document.`,
      printed: lastLines(text.slice(0, 2000)),
      next: [`Use a version of ${title} that is known to work, as listed in docs/scanning.md.`],
      exit: 4,
      cause,
    });
  }
}

const severities: Readonly<Record<string, ScanFinding['severity']>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  negligible: 'low',
};

/** A severity as a scanner writes it. */
export const severityOf = (word: string | null | undefined): ScanFinding['severity'] =>
  severities[(word ?? '').toLowerCase()] ?? 'unknown';

/** One name for the same vulnerability, whoever found it: the CVE where there is one. The others are its aliases. */
export function named(all: readonly string[]): Pick<ScanFinding, 'id' | 'aliases'> {
  const [first = '', ...rest] = [...new Set(all.filter((value) => value !== ''))];
  const cve = first.startsWith('CVE-') ? first : (rest.find((value) => value.startsWith('CVE-')) ?? first);
  return { id: cve, aliases: [first, ...rest].filter((value) => value !== cve) };
}

/** A path in the image, from its root on. */
export const rooted = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/** Fields that have a value. */
export const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined | null | ''> } =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as {
    [K in keyof T]?: Exclude<T[K], undefined | null | ''>;
  };

/** Texts that may be missing. */
export const text = z.string().nullish();
