import { imageInCompose } from './image-name.ts';

/** Images that bring a runtime, by repository without the default registry: whoever runs one of them runs an application on it. */

export type RuntimeImage = {
  readonly repository: string;
  readonly runtime: string;
  /** where the repository itself carries the version: `distroless/nodejs22-debian12` */
  readonly versionBehind?: true;
};

const runtimeRepositories: readonly RuntimeImage[] = [
  { repository: 'node', runtime: 'node' },
  { repository: 'bitnami/node', runtime: 'node' },
  { repository: 'cimg/node', runtime: 'node' },
  { repository: 'circleci/node', runtime: 'node' },
  { repository: 'cgr.dev/chainguard/node', runtime: 'node' },
  { repository: 'dhi.io/node', runtime: 'node' },
  { repository: 'mcr.microsoft.com/devcontainers/javascript-node', runtime: 'node' },
  { repository: 'mcr.microsoft.com/devcontainers/typescript-node', runtime: 'node' },
  { repository: 'gcr.io/distroless/nodejs', runtime: 'node', versionBehind: true },
  { repository: 'oven/bun', runtime: 'bun' },
  { repository: 'imbios/bun-node', runtime: 'bun' },
];

/** Whether a word of a command is the program of a runtime. */
export const isProgram = (word: string): boolean => runtimeRepositories.some(({ runtime }) => runtime === word);

/** The users that images of runtimes bring, all with the number 1000. */
export const usersOfImages: readonly string[] = ['node', 'bun'];

/**
 * The runtime that an image brings, and its version as the tag says it (`22`, `22.11.0`); the version is undefined for `latest`, names of releases and
 * variables. Undefined: an image of something else.
 */
export function runtimeOfImage(image: string): { readonly runtime: string; readonly version?: string } | undefined {
  const { repository, tag = '' } = imageInCompose(image);
  const known = runtimeRepositories.find((runtimeRepository) =>
    runtimeRepository.versionBehind
      ? repository.startsWith(runtimeRepository.repository)
      : runtimeRepository.repository === repository,
  );
  if (!known) return undefined;
  const text = known.versionBehind ? repository.slice(known.repository.length) : tag.replace(/^v/, '');
  const version = /^\d+(\.\d+){0,2}(?=$|-)/.exec(text)?.[0];
  return { runtime: known.runtime, ...(version === undefined ? {} : { version }) };
}
