import { posix, resolve } from 'node:path';
import type { BuildReport, OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { Image, Plan } from '../model/plan.ts';
import { brokenFiles } from '../plan/kept/broken.ts';
import type { Project } from '../project/project.ts';
import { buildImage } from '../ship/build.ts';
import { workloadOf } from '../ship/verify.ts';
import { fixesOf, refuseBroken } from './broken.ts';
import { type Context, loadContext } from './context.ts';
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

/** Fails where a file that the verb needs is not there: it is generated first, unless it is one of the author's (`kept`). */
export function needFiles(
  has: (path: string) => boolean,
  files: readonly string[],
  kept: ReadonlySet<string> = new Set(),
): void {
  const missing = files.filter((file) => !has(file));
  if (missing.length === 0) return;
  const own = missing.filter((file) => kept.has(file));
  const message = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there.`;
  if (own.length > 0) {
    throw new UserError({
      code: 'not-there',
      message,
      next: [
        `${own.join(' and ')} ${own.length === 1 ? 'was' : 'were'} yours: bring ${own.length === 1 ? 'it' : 'them'} back (\`git restore ${own.join(' ')}\`).`,
        `Or have one generated in its place: \`dockwright --accept ${own[0]}=generated\`.`,
      ],
    });
  }
  throw new UserError({
    code: 'not-generated',
    message,
    next: ['Run `dockwright` first: it generates what is built here.'],
  });
}

/**
 * Builds the image of an app and measures it. Throws a UserError where the build asks for a value of this shell that nobody has allowed.
 */
export async function build(options: BuildOptions, onProgress?: OnProgress): Promise<BuildReport> {
  const context = await loadContext(options);
  const { plan, project } = context;
  const image = imageOf(context);
  needFiles(project.has, [image.dockerfile], context.kept);
  const root = contextOf(options.cwd, project, image.context.root);
  const secrets = await decideSecrets({ plan, image }, options);
  const report = await buildImage({
    root,
    trust: { root: resolve(options.cwd), frontends: options.allowFrontends ?? [] },
    image,
    // an author's Dockerfile may lie outside of the folder that it is built from
    ...(image.kept ? { dockerfilePath: posix.relative(image.context.root, image.dockerfile) } : {}),
    revision: await readRevision(root, options.signal),
    secrets: secrets.values,
    tag: options.tag ?? localTag(plan),
    target: options.target === undefined ? undefined : targetOf(image.targets, options.target),
    platforms: options.platforms,
    baseline: options.baseline,
    onProgress,
    signal: options.signal,
  });
  const [broken] = brokenFiles(context.facts, context.config, context.replaced);
  return {
    ...report,
    ...(secrets.given.length > 0 ? { secrets: [...secrets.given] } : {}),
    // nothing starts what was built
    ...(broken ? { next: [broken.message, ...fixesOf(broken)] } : {}),
  };
}

/** The image that is built: that of what runs; beside a compose file of the author that cannot be read, that of the Dockerfile. */
function imageOf(context: Context): Image {
  const [only] = Object.values(context.plan.images);
  if (Object.keys(context.plan.workloads).length === 0 && only) return only;
  refuseBroken(context);
  return workloadOf(context.plan).image;
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
