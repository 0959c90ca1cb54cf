import { matcher } from '../../formats/dockerignore/index.ts';

/** The ignore file that counts for a build. */
export type IgnoreFacts = { readonly path: string; readonly leavesOut: (file: string) => boolean };

/**
 * The ignore file of a build: `Dockerfile.dockerignore` beside the Dockerfile, else `.dockerignore` of the folder that is built from
 * (https://docs.docker.com/build/concepts/context/#filename-and-location). Undefined: there is none.
 */
export function ignoreOf(
  dockerfile: string,
  context: string,
  read: (path: string) => string | undefined,
): IgnoreFacts | undefined {
  const own = context === '.' || context === '' ? '' : `${context}/`;
  for (const path of [`${dockerfile}.dockerignore`, `${own}.dockerignore`]) {
    const text = read(path);
    if (text !== undefined) return { path, leavesOut: matcher(text.split(/\r?\n/)) };
  }
  return undefined;
}
