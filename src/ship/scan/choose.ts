import { tamperedRelease } from '../../catalog/tampered-releases.ts';
import type { Scanned, Scanner, ScanRequest } from '../../engine/scanners/contract.ts';
import { scanners } from '../../engine/scanners/index.ts';
import { UserError } from '../../model/errors.ts';
import { type ScannerName, scannerNames } from '../../model/scan-words.ts';

/** What the scanner that was there found; undefined with the reasons where none could scan. */
export type ChosenScanner =
  | {
      readonly scanner: { readonly name: ScannerName; readonly version: string };
      readonly title: string;
      readonly scanned: Scanned;
    }
  | { readonly scanner?: undefined; readonly why: readonly string[] };

/** Scans with the named scanner, else with the first that is there and can. Throws a UserError where a named one is missing or fails. */
export async function scanWith(named: ScannerName | undefined, request: ScanRequest): Promise<ChosenScanner> {
  if (named !== undefined) {
    const scanner = scanners[named];
    const version = await versionOf(scanner, request.signal);
    if (version === undefined) throw missing(scanner);
    return { scanner: { name: named, version }, title: scanner.title, scanned: await scanner.scan(request) };
  }
  const why: string[] = [];
  for (const name of scannerNames) {
    const scanner = scanners[name];
    const version = await versionOf(scanner, request.signal);
    if (version === undefined) continue;
    try {
      return { scanner: { name, version }, title: scanner.title, scanned: await scanner.scan(request) };
    } catch (error) {
      // one that is there and cannot scan, as it needs a login: another may
      if (!(error instanceof UserError) || error.code !== 'scanner-failed') throw error;
      why.push([error.message, ...error.printed].join(' '));
    }
  }
  return { why };
}

/** The version of a scanner; undefined: it is not installed. Throws a UserError for a release that somebody tampered with. */
async function versionOf(scanner: Scanner, signal: AbortSignal | undefined): Promise<string | undefined> {
  const version = await scanner.version(signal);
  const bad = version === undefined ? undefined : tamperedRelease(scanner.name, version);
  if (!bad) return version;
  throw new UserError({
    code: 'scanner-refused',
    message: `${scanner.title} ${version} is a compromised release (${bad.source}), so it is not used.`,
    next: [
      `Remove it, rotate every secret on this machine, and install another release: ${scanner.page}`,
      'Or use another scanner once it is removed: `--scanner grype`.',
    ],
    exit: 4,
  });
}

const missing = ({ name, title, page }: Scanner): UserError =>
  new UserError({
    code: 'scanner-missing',
    message: `${title} is not installed (\`--scanner ${name}\`).`,
    next: [`Install it: ${page}`, 'Or remove the flag to use the first scanner that is installed.'],
    exit: 4,
  });
