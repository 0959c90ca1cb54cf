import type { ScanFinding, ScanReport } from '../../model/scan.ts';
import { type ScanSeverity, scanSeverities } from '../../model/scan-words.ts';
import { type ImageScanned, namesOf, type ScanResult } from './scan.ts';

export type Limits = {
  /** the lowest severity that fails; undefined: none */
  readonly failOn: ScanSeverity | undefined;
  /** what is not proved fails as well */
  readonly strict: boolean;
  /** where `failOn` says nothing: critical ones that have a fix fail */
  readonly fixable: boolean;
};

/** What is noted of a scan, to compare the next one with. */
export type ScanNote = { readonly digest: string; readonly found: readonly string[] };

/** A scan with the image that was pushed last beside it. */
export function compared({ result, found }: ImageScanned, last: ScanNote | undefined): Omit<ScanReport, 'failed'> {
  if (!last || !result.scanner) return result;
  return {
    ...result,
    pushed: {
      digest: last.digest,
      new: namesOf(result.findings).filter((name) => !last.found.includes(name)),
      fixed: last.found.filter((value) => !found.includes(value)),
      still: found.filter((value) => last.found.includes(value)),
    },
  };
}

/** Why a scan fails, a sentence each; empty: it does not. */
export function failures(result: ScanResult, { failOn, strict, fixable }: Limits): readonly string[] {
  const { findings, secrets, notProved, scanner } = result;
  const reached = findings.filter(
    (finding) => reaches(finding, failOn) || (failOn === undefined && fixable && isFixable(finding)),
  );
  const what = failOn === undefined ? 'critical with a fix' : failOn === 'critical' ? 'critical' : `${failOn} or worse`;
  return [
    ...(reached.length > 0
      ? [`${reached.length} known ${reached.length === 1 ? 'vulnerability is' : 'vulnerabilities are'} ${what}.`]
      : []),
    ...(secrets.length > 0
      ? [`${secrets.length} ${secrets.length === 1 ? 'secret is' : 'secrets are'} in the image.`]
      : []),
    ...((strict || (failOn !== undefined && !scanner)) && notProved.length > 0 ? [`Not proved: ${notProved[0]}`] : []),
  ];
}

const isFixable = ({ severity, fixed }: ScanFinding): boolean => severity === 'critical' && fixed !== undefined;

function reaches({ severity }: ScanFinding, failOn: ScanSeverity | undefined): boolean {
  if (failOn === undefined || severity === 'unknown') return false;
  return scanSeverities.indexOf(severity) <= scanSeverities.indexOf(failOn);
}
