import { posix } from 'node:path';
import type { Facts } from './facts.ts';
import { APPLICATION_FOLDER } from './recipe.ts';

/** Where everything of a deployment lies: in the repository, in the build context, and in the image. */
export type Folders = {
  /** the folder of the application in the repository; `.` for its root */
  readonly root: string;
  /** the folder that the engine is sent, in the repository */
  readonly context: string;
  /** the folder of the application in that one; `.` where both are the same */
  readonly own: string;
  /** the Dockerfile and the ignore file of its context, in the repository */
  readonly dockerfile: string;
  readonly ignore: string;
  /** where the context lies in an image, and the application: the working folder, from which relative paths start */
  readonly top: string;
  readonly image: string;
};

/**
 * Decides the folders of an application, for every part of a deployment: nothing else puts them together. Compose files and what is kept of a run
 * lie in the root of the repository.
 */
export function foldersOf({ root, context = root }: Pick<Facts, 'root' | 'context'>): Folders {
  const own = posix.relative(context, root) || '.';
  return {
    root,
    context,
    own,
    dockerfile: posix.join(root, 'Dockerfile'),
    // one Dockerfile of several that are built from one folder has an ignore file of its own
    ignore: own === '.' ? posix.join(context, '.dockerignore') : posix.join(root, 'Dockerfile.dockerignore'),
    top: APPLICATION_FOLDER,
    image: posix.join(APPLICATION_FOLDER, own),
  };
}

/** The path in the repository of a path of the application. */
export const inRepository = ({ root }: Pick<Facts, 'root'>, path: string): string => posix.join(root, path);

/** A path and the folders above it, the innermost first: asking a set for each is faster than comparing a file with every path of a list. */
export function withFoldersAbove(path: string): readonly string[] {
  const found = [path];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) found.push(path.slice(0, at));
  return found;
}
