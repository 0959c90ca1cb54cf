import { ignoreFilesOf } from '../../catalog/docker-files.ts';
import { matcher } from '../../formats/dockerignore/index.ts';

/** The ignore file that counts for a build. */
export type IgnoreFacts = { readonly path: string; readonly leavesOut: (file: string) => boolean };

/** The ignore file of a build. Undefined: there is none. */
export function ignoreOf(
  dockerfile: string,
  context: string,
  read: (path: string) => string | undefined,
): IgnoreFacts | undefined {
  for (const path of ignoreFilesOf(dockerfile, context)) {
    const text = read(path);
    if (text !== undefined) return { path, leavesOut: matcher(text.split(/\r?\n/)) };
  }
  return undefined;
}
