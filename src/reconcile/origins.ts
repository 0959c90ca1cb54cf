import type { Artifact } from '../model/artifact.ts';

/** The decision behind a line (1-based) of an artifact: the narrowest span that holds it. */
export const decisionAt = (artifact: Artifact, line: number): string | undefined =>
  artifact.origins
    .filter((origin) => origin.start <= line && line <= origin.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start))[0]?.decision;
