import { posix } from 'node:path';

/** The names under which Compose looks for a file, in its order (compose-go, `DefaultFileNames`). */
export const composeNames: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
];

/** The names of files that it lays over that one by itself (compose-go, `DefaultOverrideFileNames`). */
export const composeOverrideNames: readonly string[] = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** Whether Compose finds a file by itself, in whatever folder. */
export const isComposeBase = (path: string): boolean => composeNames.includes(posix.basename(path));

/**
 * Where the ignore file of a build may lie: beside the Dockerfile under its name, else in the folder that is built from; the first that is there counts
 * (https://docs.docker.com/build/concepts/context/#filename-and-location).
 */
export const ignoreFilesOf = (dockerfile: string, context: string): readonly string[] => [
  `${dockerfile}.dockerignore`,
  posix.join(context === '' ? '.' : context, '.dockerignore'),
];

/** Whether a file in the root of a repository is a compose file by its name: a base, or what is laid over one. */
export const isComposeFile = (path: string): boolean => /^(docker-)?compose(\.[\w-]+)?\.ya?ml$/.test(path);

/** Whether a file is a compose file by its name, wherever it lies: also what is given to `docker stack deploy`, and names before it (`dev-compose.yml`). */
export const isComposeName = (path: string): boolean =>
  /^((docker-)?compose|docker-stack)([._-][^/]+)?\.ya?ml$|^[^/]+[._-](docker-)?compose\.ya?ml$/i.test(
    posix.basename(path),
  );
