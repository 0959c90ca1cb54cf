import { z } from '../../model/zod.ts';
import { type RunResult, run } from '../exec.ts';
import type { Database, Scanned, Scanner, ScanRequest } from './contract.ts';
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

const Layer = z.object({ Digest: text, DiffID: text }).nullish();

/** What we read of `trivy image --format json`. */
const Report = z.object({
  Results: z
    .array(
      z.object({
        Target: text,
        Class: text,
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string(),
              VendorIDs: z.array(z.string()).nullish(),
              PkgName: z.string(),
              PkgPath: text,
              InstalledVersion: text,
              FixedVersion: text,
              Severity: text,
              Title: text,
              Layer,
            }),
          )
          .nullish(),
        Secrets: z.array(z.object({ Title: text, RuleID: text, Layer })).nullish(),
      }),
    )
    .nullish(),
});

const Version = z.object({ Version: text, VulnerabilityDB: z.object({ UpdatedAt: text }).nullish() });

/** What it says of itself and of its database. Versions that print no JSON are read as text. */
async function about(signal: AbortSignal | undefined) {
  const result = await ifInstalled(run(['trivy', 'version', '--format', 'json'], startedAs('trivy', signal)));
  if (!result) return undefined;
  const json = documentIn(result.stdout);
  const read = json === undefined ? undefined : Version.safeParse(parsed(json));
  return {
    version: read?.data?.Version ?? versionIn(result.stdout) ?? '',
    updated: read?.data?.VulnerabilityDB?.UpdatedAt ?? undefined,
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const noDatabase = /vulnerability DB|DB error|db-update|database/i;

/** The part of a report that we go on with. */
export function readTrivy(json: string): Pick<Scanned, 'findings' | 'secrets'> {
  const results = readDocument('Trivy', json, Report).Results ?? [];
  const layerOf = (layer: z.infer<typeof Layer>) => layer?.DiffID || layer?.Digest || undefined;
  return {
    findings: results.flatMap(({ Vulnerabilities, Target, Class }) =>
      (Vulnerabilities ?? []).map((vulnerability) => {
        const path = vulnerability.PkgPath || (Class === 'lang-pkgs' ? Target : undefined);
        return {
          ...named([vulnerability.VulnerabilityID, ...(vulnerability.VendorIDs ?? [])]),
          severity: severityOf(vulnerability.Severity),
          package: vulnerability.PkgName,
          version: vulnerability.InstalledVersion ?? '',
          ...given({
            fixed: vulnerability.FixedVersion,
            title: vulnerability.Title,
            path: path ? rooted(path) : undefined,
          }),
          layer: layerOf(vulnerability.Layer),
        };
      }),
    ),
    secrets: results.flatMap(({ Secrets, Target }) =>
      (Secrets ?? []).map((secret) => ({
        path: rooted(Target ?? ''),
        what: secret.Title || secret.RuleID || 'a secret',
        layer: layerOf(secret.Layer),
      })),
    ),
  };
}

async function scan({ archive, signal }: ScanRequest): Promise<Scanned> {
  const look = (cached: boolean): Promise<RunResult> =>
    run(
      [
        'trivy',
        'image',
        '--quiet',
        '--format',
        'json',
        '--scanners',
        'vuln,secret',
        '--exit-code',
        '0',
        ...(cached ? ['--skip-db-update'] : []),
        '--input',
        archive,
      ],
      startedAs('trivy', signal, scanLimits.scan),
    );
  const first = await look(false);
  const isWithout = ({ code, stderr }: RunResult) => code !== 0 && noDatabase.test(stderr);
  // a copy that was fetched before is better than none: its date is said
  const result = isWithout(first) ? await look(true) : first;
  if (isWithout(result)) return { database: missing(first), findings: [], secrets: [] };
  if (result.code !== 0) throw scannerFailed('Trivy', result, 'Check its output for an image: `trivy image NAME`.');
  return { database: { state: 'local', date: (await about(signal))?.updated }, ...readTrivy(result.stdout) };
}

const missing = ({ stderr }: RunResult): Database => ({
  state: 'missing',
  why: lastLines(stderr, 1)[0] ?? 'it could not be downloaded',
});

export const trivy: Scanner = {
  name: 'trivy',
  title: 'Trivy',
  page: 'https://trivy.dev/docs/latest/getting-started/installation/',
  version: async (signal) => (await about(signal))?.version,
  scan,
};
