import { containsDigest, nodesOf, openArchive, openBlobs } from '../../engine/archive.ts';
import { saveImage } from '../../engine/buildx.ts';
import type { RawFinding, Scanned } from '../../engine/scanners/contract.ts';
import { tempFolder } from '../../engine/temp.ts';
import type { OnProgress } from '../../model/contract.ts';
import { UserError } from '../../model/errors.ts';
import type { ScanFinding, ScanReport, ScanSecret } from '../../model/scan.ts';
import { type ScannerName, scanSeverities } from '../../model/scan-words.ts';
import { type ChosenScanner, scanWith } from './choose.ts';
import { type IgnoreEntry, withoutIgnored } from './ignore.ts';
import { type Origins, originsOf } from './origins.ts';
import { type SecretSearch, secretsOf } from './secrets.ts';

export type ImageScan = {
  /** the image of the engine's store, and how the engine names it */
  readonly image: string;
  readonly digest: string;
  readonly architecture: string;
  readonly dockerfile: { readonly path: string; readonly text: string; readonly target: string | undefined };
  readonly scanner: ScannerName | undefined;
  readonly ignore: readonly IgnoreEntry[];
  /** milliseconds since 1970 */
  readonly now: number;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What was found, before it is judged. */
export type ScanResult = Omit<ScanReport, 'failed' | 'pushed'>;

/** A scan, and all that it found by name, what the ignore file takes out too: the next one is compared with it. */
export type ImageScanned = { readonly result: ScanResult; readonly found: readonly string[] };

/** Days after which a database is old: what Grype itself takes for the limit. */
const OLD = 5;
const DAY = 86_400_000;

/** Scans an image: known vulnerabilities by the scanner that is there, secrets by our own code as well. */
export async function scanImage(request: ImageScan): Promise<ImageScanned> {
  const { image, onProgress, signal } = request;
  const temp = tempFolder();
  const begin = performance.now();
  const id = `scan ${image}`;
  onProgress?.({ type: 'step', id, title: `scanning ${image}` });
  try {
    const file = temp.file('image.tar');
    await saveImage(image, file, signal);
    const archive = openArchive(file, request.architecture);
    checkDigest(file, request);
    const { dockerfile } = request;
    const origins = originsOf(archive, dockerfile.text, dockerfile.target);
    const own = await secretsOf(archive, origins);
    const chosen = await scanWith(request.scanner, { archive: file, folder: temp.path, signal });
    const scanned = resultOf(request, chosen, own, origins);
    const seconds = (performance.now() - begin) / 1000;
    onProgress?.({ type: 'done', id, ok: true, seconds, note: saying(scanned.result) });
    return scanned;
  } finally {
    temp.remove();
  }
}

/** What was saved must be what was looked up: somebody may build in between. */
function checkDigest(file: string, { image, digest }: ImageScan): void {
  if (containsDigest(nodesOf(openBlobs(file)), digest)) return;
  throw new UserError({
    code: 'image-changed',
    message: `${image} is no longer ${digest}: it was rebuilt in the meantime.`,
    next: ['Scan again: `dockwright scan`.'],
    exit: 1,
  });
}

function resultOf(
  { image, digest, dockerfile, ignore, now }: ImageScan,
  chosen: ChosenScanner,
  { secrets: own, unread }: SecretSearch,
  origins: Origins,
): ImageScanned {
  const scanned = chosen.scanner ? chosen.scanned : undefined;
  const all = {
    findings: (scanned?.findings ?? []).map((finding) => located(finding, origins)).sort(byWeight),
    secrets: [...own, ...further(scanned, own, origins)],
  };
  const { ignored, expired, findings, secrets } = withoutIgnored(all, ignore, new Date(now).toISOString().slice(0, 10));
  const database = scanned && databaseOf(scanned, now);
  const result: ScanResult = {
    image,
    digest,
    ...(chosen.scanner ? { scanner: chosen.scanner } : {}),
    ...(database ? { database: database.is } : {}),
    notProved: [
      ...(chosen.scanner ? (database?.why ?? []).map((why) => `${chosen.title}: ${why}`) : [noScanner, ...chosen.why]),
      ...unread,
    ],
    counts: countsOf(findings),
    findings,
    secrets,
    ...(ignored.length > 0 ? { ignored } : {}),
    ...(expired.length > 0 ? { expired } : {}),
    dockerfile: dockerfile.path,
  };
  return { result, found: namesOf(all.findings) };
}

/** Findings by what they are compared with, each once: versions and paths may change. */
export const namesOf = (findings: readonly ScanFinding[]): readonly string[] =>
  [...new Set(findings.map(({ id, package: name }) => `${id} ${name}`))].sort();

const noScanner =
  'No scanner is installed, so known vulnerabilities were not checked. Install Trivy (https://trivy.dev) or Grype (https://github.com/anchore/grype#installation).';

const located = ({ layer, ...finding }: RawFinding, origins: Origins): ScanFinding => ({
  ...finding,
  ...origins.byDigest(layer),
});

/** The secrets that a scanner found besides. */
const further = (scanned: Scanned | undefined, own: readonly ScanSecret[], origins: Origins): readonly ScanSecret[] =>
  (scanned?.secrets ?? [])
    .filter(({ path }) => !own.some((item) => item.path === path))
    .map(({ layer, path, what }) => ({ id: `secret:${path}`, path, what, ...origins.byDigest(layer) }))
    .filter(({ id }, at, all) => all.findIndex((item) => item.id === id) === at);

const order: readonly ScanFinding['severity'][] = [...scanSeverities, 'unknown'];

const keyOf = (item: ScanFinding): string => [item.package, item.id, item.path ?? ''].join(' ');

const byWeight = (item: ScanFinding, other: ScanFinding): number =>
  order.indexOf(item.severity) - order.indexOf(other.severity) || (keyOf(item) < keyOf(other) ? -1 : 1);

/** How many were found of each severity, as words. */
export const countWords = ({ critical, high, medium, low }: ScanReport['counts']): string =>
  `${critical} critical, ${high} high, ${medium} medium, ${low} low`;

function countsOf(findings: readonly ScanFinding[]): ScanReport['counts'] {
  const count = (severity: ScanFinding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const unknown = count('unknown');
  return {
    critical: count('critical'),
    high: count('high'),
    medium: count('medium'),
    low: count('low'),
    ...(unknown > 0 ? { unknown } : {}),
  };
}

/** What the scanner compared with, and why that says little where it does. */
function databaseOf(
  { database }: Scanned,
  now: number,
): { readonly is: ScanReport['database']; readonly why: readonly string[] } {
  if (database.state === 'remote') return { is: { state: 'remote' }, why: [] };
  if (database.state === 'missing')
    return {
      is: { state: 'missing' },
      why: [`it has no vulnerability database, so nothing was checked (${database.why}).`],
    };
  const { date } = database;
  const age = date === undefined ? Number.NaN : (now - Date.parse(date)) / DAY;
  if (age <= OLD) return { is: { state: 'current', ...(date === undefined ? {} : { date }) }, why: [] };
  const when = date === undefined ? 'does not say when it was made' : `is of ${date.slice(0, 10)}`;
  return {
    is: { state: 'old', ...(date === undefined ? {} : { date }) },
    why: [`its database ${when}, so newer vulnerabilities were not checked.`],
  };
}

const saying = ({ counts, secrets, scanner }: ScanResult): string =>
  `${scanner ? countWords(counts) : 'no scanner'}; ${secrets.length} secrets`;
