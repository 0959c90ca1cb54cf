import { resolve } from 'node:path';
import { needEngine } from '../engine/docker.ts';
import { findImage, type LocalImage } from '../engine/images.ts';
import { sarifOf } from '../formats/sarif.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { ScanReport } from '../model/scan.ts';
import type { ScannerName, ScanSeverity } from '../model/scan-words.ts';
import type { PerApp } from '../model/shipping.ts';
import { ignoreFile, readIgnore } from '../ship/scan/ignore.ts';
import { compared, failures, type ScanNote } from '../ship/scan/limits.ts';
import { countWords, scanImage } from '../ship/scan/scan.ts';
import { readNote, writeNote } from '../write/notes.ts';
import { writeReport } from '../write/report.ts';
import { type Context, loadContext } from './context.ts';
import type { FlowOptions } from './options.ts';
import { type Shipped, shippedOf } from './shipped.ts';
import { perApp } from './tag.ts';

export type ScanOptions = FlowOptions & {
  /** default: the first that is there */
  readonly scanner?: ScannerName;
  /** the lowest severity that fails; default: the key `scan.failOn` */
  readonly failOn?: ScanSeverity;
  /** what is not proved fails as well */
  readonly strict?: boolean;
  /** where no lowest severity is named, critical vulnerabilities that have a fix fail */
  readonly fixable?: boolean;
  /** the file for the result as SARIF */
  readonly sarif?: string;
  /** milliseconds since 1970; default: now */
  readonly now?: number;
};

/** Scans the image of each application. `code` is the exit code: 1 where one of them fails. */
export async function scan(
  options: ScanOptions,
  onProgress?: OnProgress,
): Promise<{ readonly code: number; readonly result: PerApp<ScanReport> }> {
  const context = await loadContext(options);
  const all = shippedOf(context);
  const ignore = readIgnore(context.project.read(ignoreFile));
  const { architecture } = await needEngine(options.signal);
  // nothing is scanned before all are there
  const there: { shipped: Shipped; image: LocalImage }[] = [];
  for (const shipped of all) there.push({ shipped, image: await needImage(shipped.local, options.signal) });
  const reports: { app: string | undefined; report: ScanReport }[] = [];
  for (const { shipped, image } of there) {
    const { targets, dockerfile } = shipped.image;
    const scanned = await scanImage({
      image: shipped.local,
      digest: image.id,
      architecture,
      dockerfile: { path: dockerfile, text: context.project.read(dockerfile) ?? '', target: targets.production },
      scanner: options.scanner,
      ignore,
      now: options.now ?? Date.now(),
      onProgress,
      signal: options.signal,
    });
    reports.push({ app: shipped.app, report: judged(scanned, shipped, context, options) });
  }
  if (options.sarif !== undefined) writeReport(resolve(options.sarif), sarifOf(reports));
  const isGood = reports.every(({ report }) => report.failed.length === 0);
  return { code: isGood ? 0 : 1, result: perApp(reports) };
}

async function needImage(local: string, signal: AbortSignal | undefined): Promise<LocalImage> {
  const image = await findImage(local, signal);
  if (image) return image;
  throw new UserError({
    code: 'not-built',
    message: `${local} was not found on this machine.`,
    next: ['Build it: `dockwright build`.'],
    exit: 1,
  });
}

/** Compares a scan with the image that was pushed last, judges it, and notes what it found for the next push. */
function judged(
  scanned: Awaited<ReturnType<typeof scanImage>>,
  { repository }: Shipped,
  { config }: Context,
  options: ScanOptions,
): ScanReport {
  const root = resolve(options.cwd);
  const last = lastPushed(readNote(root, 'pushed', repository));
  const { result, found } = scanned;
  const limits = {
    failOn: options.failOn ?? config.scan?.failOn,
    strict: options.strict === true,
    fixable: options.fixable === true,
  };
  if (result.scanner) {
    const why = writeNote(root, 'scanned', result.digest, { found });
    if (why !== undefined) options.onWarning?.(`The scan of ${result.image} could not be recorded, because ${why}.`);
  }
  return { ...compared(scanned, last), failed: [...failures(result, limits)] };
}

/** The note of the last push, where that image was scanned. */
function lastPushed(note: unknown): ScanNote | undefined {
  if (typeof note !== 'object' || note === null || !('digest' in note) || !('scan' in note)) return undefined;
  const { digest, scan: of } = note;
  if (typeof digest !== 'string' || typeof of !== 'object' || of === null || !('found' in of)) return undefined;
  const { found } = of;
  return Array.isArray(found) ? { digest, found: found.filter((item) => typeof item === 'string') } : undefined;
}

/** How many were found of each severity, and by what. */
export const countsText = ({ counts, scanner }: ScanReport): string =>
  `${scanner ? `${scanner.name} ${scanner.version}: ` : ''}${countWords(counts)}`;

/** The worst of what a scan found, a line each. */
export const worstOf = ({ findings, secrets, dockerfile }: ScanReport): readonly string[] => {
  const place = (line: number | undefined) => (line === undefined ? '' : ` (${dockerfile}:${line})`);
  return [
    ...secrets.map(({ path, what, line }) => `${path} contains ${what}${place(line)}`),
    ...findings.map(
      ({ id, severity, package: name, version, fixed, line }) =>
        `${severity} ${id} in ${name} ${version}${fixed === undefined ? ', without a fix' : `, fixed in ${fixed}`}${place(line)}`,
    ),
  ].slice(0, 10);
};
