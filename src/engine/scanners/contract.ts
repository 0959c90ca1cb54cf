import type { ScanFinding } from '../../model/scan.ts';
import type { ScannerName } from '../../model/scan-words.ts';

/** What a scanner names of the place of a finding: a layer by the digest of its packed or its unpacked form. */
export type FindingLocation = { readonly layer?: string | undefined };

export type RawFinding = Omit<ScanFinding, 'instruction' | 'line'> & FindingLocation;
export type RawSecret = FindingLocation & { readonly path: string; readonly what: string };

/** The vulnerabilities that a scanner knows. */
export type Database =
  | { readonly state: 'local'; readonly date: string | undefined }
  | { readonly state: 'missing'; readonly why: string }
  /** it asks a service of its maker */
  | { readonly state: 'remote' };

export type Scanned = {
  readonly database: Database;
  readonly findings: readonly RawFinding[];
  readonly secrets: readonly RawSecret[];
};

export type ScanRequest = {
  /** the image as an archive, in a temporary folder of ours */
  readonly archive: string;
  /** that folder */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
};

/** A program that looks for known vulnerabilities in an image. */
export type Scanner = {
  readonly name: ScannerName;
  readonly title: string;
  /** how to get it: where its maker says so */
  readonly page: string;
  /** undefined: it is not installed */
  readonly version: (signal?: AbortSignal | undefined) => Promise<string | undefined>;
  /** Throws a `UserError` (`scanner-failed`) where it could not scan at all. */
  readonly scan: (request: ScanRequest) => Promise<Scanned>;
};
