import { posix, resolve } from 'node:path';
import type { BuildReport, OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../project/project.ts';
import { buildImage } from '../ship/build.ts';
import { workloadOf } from '../ship/verify.ts';
import { loadContext } from './context.ts';
import type { FlowOptions } from './options.ts';
import { readRevision } from './revision.ts';
import { decideSecrets, type SecretOptions } from './secrets.ts';

export type BuildOptions = FlowOptions & {
  /** name of the image; default: what the compose file starts */
  readonly tag?: string;
  /** a target of the plan (production, development, test), or any stage of the Dockerfile; default: production */
  readonly target?: string;
  /** platforms, such as linux/arm64; default: the plan's, else the engine's own */
  readonly platforms?: readonly string[];
  /** false: no single-stage build to compare with */
  readonly baseline?: boolean;
} & SecretOptions;

/** The image that the generated compose file starts, where TAG is not set. */
export const localTag = (plan: Plan): string => `${plan.name}:local`;

/** Fails where a file that the verb needs is not there: it is generated first. */
export function needFiles(has: (path: string) => boolean, files: readonly string[]): void {
  const missing = files.filter((file) => !has(file));
  if (missing.length === 0) return;
  throw new UserError({
    code: 'not-generated',
    message: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there.`,
    next: ['Run `dockwright` first: it generates what is built here.'],
  });
}

/**
 * Builds the image of an app and measures it. Throws a UserError where the build asks for a value of this shell that nobody has allowed.
 */
export async function build(options: BuildOptions, onProgress?: OnProgress): Promise<BuildReport> {
  const { plan, project } = await loadContext(options);
  const { image } = workloadOf(plan);
  needFiles(project.has, [image.dockerfile]);
  const root = contextOf(options.cwd, project, image.context.root);
  const secrets = await decideSecrets({ plan, image }, options);
  const report = await buildImage({
    root,
    trust: { root: resolve(options.cwd), frontends: options.allowFrontends ?? [] },
    image,
    // it need not lie in the folder that it is built from
    dockerfilePath: posix.relative(image.context.root, image.dockerfile),
    revision: await readRevision(root, options.signal),
    secrets: secrets.values,
    tag: options.tag ?? localTag(plan),
    target: options.target === undefined ? undefined : targetOf(image.targets, options.target),
    platforms: options.platforms,
    baseline: options.baseline,
    onProgress,
    signal: options.signal,
  });
  return secrets.given.length === 0 ? report : { ...report, secrets: [...secrets.given] };
}

/** The folder that the engine is sent: `overrides` may name another one, but none outside of the repository, and no link to one. */
function contextOf(cwd: string, project: Project, root: string): string {
  const folder = posix.normalize(root).replace(/\/$/, '');
  if (folder === '.' || project.files().some((file) => file.startsWith(`${folder}/`))) return resolve(cwd, folder);
  throw new UserError({
    code: 'context-outside',
    message: `The build context "${root}" is not a folder of this repository.`,
    next: ['Change "images.app.context.root" under "overrides" in dockwright.json.'],
  });
}

/** A target by its role in the plan, else as the name of a stage. */
const targetOf = (targets: Readonly<Record<string, string | undefined>>, asked: string): string =>
  targets[asked] ?? asked;
