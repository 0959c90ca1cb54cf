import { z } from '../../model/zod.ts';
import { type RunResult, run } from '../exec.ts';
import type { Scanned, Scanner, ScanRequest } from './contract.ts';
import {
  documentIn,
  given,
  ifInstalled,
  lastLines,
  named,
  readDocument,
  rooted,
  scanLimits,
  scannerFailed,
  severityOf,
  startedAs,
  text,
  versionIn,
} from './support.ts';

/** What we read of `grype --output json`. */
const Report = z.object({
  matches: z
    .array(
      z.object({
        vulnerability: z.object({
          id: z.string(),
          severity: text,
          description: text,
          fix: z.object({ versions: z.array(z.string()).nullish() }).nullish(),
        }),
        relatedVulnerabilities: z.array(z.object({ id: z.string() })).nullish(),
        artifact: z.object({
          name: z.string(),
          version: text,
          type: text,
          locations: z.array(z.object({ path: text, layerID: text })).nullish(),
        }),
      }),
    )
    .nullish(),
});

const Version = z.object({ version: text });

const Status = z.object({ built: text, error: text });

/** Packages of the system, whose path is that of the package manager's own list. */
const ofSystem = new Set(['deb', 'apk', 'rpm', 'alpm', 'portage']);

/** The part of a report that we go on with. */
export const readGrype = (json: string): Scanned['findings'] =>
  (readDocument('Grype', json, Report).matches ?? []).map(({ vulnerability, relatedVulnerabilities, artifact }) => {
    const [place] = artifact.locations ?? [];
    const path = place?.path && !ofSystem.has(artifact.type ?? '') ? rooted(place.path) : undefined;
    return {
      ...named([vulnerability.id, ...(relatedVulnerabilities ?? []).map(({ id }) => id)]),
      severity: severityOf(vulnerability.severity),
      package: artifact.name,
      version: artifact.version ?? '',
      ...given({ fixed: (vulnerability.fix?.versions ?? []).join(', '), title: vulnerability.description, path }),
      layer: place?.layerID ?? undefined,
    };
  });

/** When its database was made; undefined: it does not say. */
async function built(signal: AbortSignal | undefined): Promise<string | undefined> {
  const { stdout } = await run(['grype', 'db', 'status', '--output', 'json'], startedAs('grype', signal));
  const json = documentIn(stdout);
  return json === undefined ? undefined : (readDocument('Grype', json, Status).built ?? undefined);
}

async function scan({ archive, signal }: ScanRequest): Promise<Scanned> {
  const result = await run(
    ['grype', '--output', 'json', `docker-archive:${archive}`],
    startedAs('grype', signal, scanLimits.scan),
  );
  if (result.code !== 0 && /vulnerability d(?:b|atabase)|\bdb\b/i.test(outputText(result))) {
    const why = lastLines(outputText(result), 2).join(' ');
    return { database: { state: 'missing', why }, findings: [], secrets: [] };
  }
  if (result.code !== 0) throw scannerFailed('Grype', result, 'Check its output for an image: `grype NAME`.');
  return {
    database: { state: 'local', date: await built(signal) },
    findings: readGrype(result.stdout),
    secrets: [],
  };
}

const outputText = ({ stdout, stderr }: RunResult): string => stderr || stdout;

export const grype: Scanner = {
  name: 'grype',
  title: 'Grype',
  page: 'https://github.com/anchore/grype#installation',
  version: async (signal) => {
    const result = await ifInstalled(run(['grype', 'version', '--output', 'json'], startedAs('grype', signal)));
    if (!result) return undefined;
    // it names the versions of what it is made with as well
    const json = documentIn(result.stdout);
    const own = json === undefined ? undefined : readDocument('Grype', json, Version).version;
    return own ?? versionIn(result.stdout) ?? '';
  },
  scan,
};
