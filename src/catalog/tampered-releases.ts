/**
 * Releases of programs that somebody else put out under their name, with code that steals what the machine holds. They are never run on an image.
 * Source: CVE-2026-33634, GHSA-69fq-xp46-6x23 (March 2026).
 */
const tampered: readonly {
  readonly program: string;
  readonly versions: readonly string[];
  readonly source: string;
}[] = [{ program: 'trivy', versions: ['0.69.4', '0.69.5', '0.69.6'], source: 'CVE-2026-33634' }];

/** The record of a release that was tampered with; undefined: none is known. */
export const tamperedRelease = (program: string, version: string) =>
  tampered.find((item) => item.program === program && item.versions.includes(version));
