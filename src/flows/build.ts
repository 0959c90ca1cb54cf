import { posix, resolve } from 'node:path';
import { readCache } from '../engine/cache.ts';
import { needEngine } from '../engine/docker.ts';
import { imageName } from '../model/applications.ts';
import type { BuildReport, OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { Image, Plan } from '../model/plan.ts';
import { secretIds } from '../model/secret-settings.ts';
import { isEmulated } from '../plan/ci.ts';
import { brokenFiles } from '../plan/kept/broken.ts';
import type { Project } from '../project/project.ts';
import { type Attested, buildImage } from '../ship/build.ts';
import { imagesOf } from '../ship/workloads.ts';
import { fixesOf, refuseBroken } from './broken.ts';
import { type Context, loadContext } from './context.ts';
import type { FlowOptions } from './options.ts';
import { countsForBuild, readRevision } from './revision.ts';
import { askedBy, decideSecrets, type SecretOptions } from './secrets.ts';

export type BuildOptions = FlowOptions & {
  /** name of the image; default: what the compose file starts */
  readonly tag?: string;
  /** a target of the plan (production, development, test), or any stage of the Dockerfile; default: production */
  readonly target?: string;
  /** platforms, such as linux/arm64; default: the plan's, else the engine's own */
  readonly platforms?: readonly string[];
  /** commands of the build may run on an emulated platform */
  readonly emulate?: boolean;
  /** where the cache of the build comes from and goes to, as buildx takes it; folders are relative to this process */
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
  /** the builder, such as one on another machine; default: the one that is in use */
  readonly builder?: string;
  /** an agent of SSH that the build may use, such as `default` */
  readonly ssh?: readonly string[];
  /** the first image goes to this archive, with attestations, and into no store */
  readonly attested?: Attested;
  /** false: no single-stage build to compare with */
  readonly baseline?: boolean;
} & SecretOptions;

/** The image that the generated compose file starts, where TAG is not set. */
export const localTag = (plan: Plan, image?: Image): string => `${imageName(plan, image)}:local`;

/** Fails where a file that the verb needs is not there: it is generated first, unless it is one of the author's (`kept`). */
export function needFiles(
  has: (path: string) => boolean,
  files: readonly string[],
  kept: ReadonlySet<string> = new Set(),
): void {
  const missing = files.filter((file) => !has(file));
  if (missing.length === 0) return;
  const own = missing.filter((file) => kept.has(file));
  const message = `${missing.join(' and ')} ${missing.length === 1 ? 'does' : 'do'} not exist.`;
  if (own.length > 0) {
    throw new UserError({
      code: 'not-there',
      message,
      next: [
        `${own.join(' and ')} ${own.length === 1 ? 'was' : 'were'} your own: restore ${own.length === 1 ? 'it' : 'them'} with \`git restore ${own.join(' ')}\`.`,
        `Or generate a new one: \`dockwright --accept ${own[0]}=generated\`.`,
      ],
    });
  }
  throw new UserError({
    code: 'not-generated',
    message,
    next: ['Run `dockwright` first: it generates the files to build.'],
  });
}

/**
 * Builds the images of an application and measures them: of an author's files, every one that a service of it runs. Throws a UserError where a build
 * asks for a value of this shell that nobody has allowed, or where nothing is built.
 */
export async function build(options: BuildOptions, onProgress?: OnProgress): Promise<BuildReport> {
  const context = await loadContext(options);
  const { plan, project } = context;
  const all = asked(context, options.target);
  const images = options.attested ? all.slice(0, 1) : all;
  needFiles(project.has, [...new Set(images.map(([, { dockerfile }]) => dockerfile))], context.kept);
  const flags = flagsOf(options);
  await refuseEmulation(
    images.map(([, image]) => image),
    options,
  );
  const roots = images.map(([, image]) => contextOf(options.cwd, project, image.context.root));
  const secrets = await decideSecrets({ plan, image: askedBy(images.map(([, image]) => image)) }, options, {
    read: project.read,
  });
  const reports: BuildReport[] = [];
  for (const [at, [key, image]] of images.entries()) {
    const root = roots[at] ?? resolve(options.cwd);
    const own = secretIds(image);
    reports.push(
      await buildImage({
        root,
        trust: { root: resolve(options.cwd), frontends: options.allowFrontends ?? [] },
        image,
        // a Dockerfile may lie outside of the folder that it is built from
        dockerfilePath: posix.relative(image.context.root, image.dockerfile),
        revision: await readRevision(resolve(options.cwd), {
          images: [image],
          counts: countsForBuild(context),
          signal: options.signal,
        }),
        secrets: secrets.values.filter(({ id }) => own.has(id)),
        tag: tagOf({ plan, key, image, isFirst: reports.length === 0 }, options.tag),
        target: options.target === undefined ? undefined : targetOf(image.targets, options.target),
        platforms: options.platforms,
        flags,
        attested: options.attested,
        baseline: options.baseline,
        onProgress,
        signal: options.signal,
      }),
    );
  }
  const [first, ...others] = reports;
  if (!first) throw nothingBuilt();
  const rest = others.map(({ image, digest, compressed, size, layers, seconds }) => ({
    ...{ image, digest, compressed, size, layers, seconds },
  }));
  const [broken] = context.chosen.flatMap((facts) => brokenFiles(facts, context.config, context.replaced));
  return {
    ...first,
    ...(secrets.given.length === 0 ? {} : { secrets: [...secrets.given] }),
    ...(rest.length === 0 ? {} : { others: rest }),
    // nothing starts what was built
    ...(broken ? { next: [broken.message, ...fixesOf(broken)] } : {}),
  };
}

/** Flags of buildx for what a person asked for. */
function flagsOf({ cacheFrom = [], cacheTo = [], builder, ssh = [] }: BuildOptions): readonly string[] {
  return [
    ...cacheFrom.flatMap((value) => ['--cache-from', readCache(value, 'from')]),
    ...cacheTo.flatMap((value) => ['--cache-to', readCache(value, 'to')]),
    ...(builder === undefined ? [] : ['--builder', builder]),
    ...ssh.flatMap((value) => ['--ssh', value]),
  ];
}

/** Another platform costs nothing where the recipe builds for it here; where it has to run commands there, that is slow, and only done when asked. */
async function refuseEmulation(
  images: readonly Image[],
  { platforms = [], emulate, builder, signal }: BuildOptions,
): Promise<void> {
  if (platforms.length === 0 || emulate || builder !== undefined || !images.some(isEmulated)) return;
  const { architecture } = await needEngine(signal);
  const others = platforms.filter((platform) => platform.split('/')[1] !== architecture);
  if (others.length === 0) return;
  throw new UserError({
    code: 'platform-emulated',
    message: `The Dockerfile runs commands on the target platform, and ${others.join(' and ')} would be emulated on this machine.`,
    next: [
      'Use a builder that runs this platform natively: `--builder NAME` (`docker buildx create --name NAME ssh://HOST`).',
      'Or allow emulation, which is many times slower: `--emulate`.',
    ],
  });
}

/**
 * The images that are built: those of what runs; beside a compose file of the author that cannot be read, that of the Dockerfile. A target that not every
 * Dockerfile has is built where it is.
 */
function asked(context: Context, target: string | undefined): readonly (readonly [string, Image])[] {
  const { plan } = context;
  const [only] = Object.entries(plan.images);
  if (Object.keys(plan.workloads).length === 0 && only) return [only];
  refuseBroken(context);
  const all = Object.entries(imagesOf(plan));
  const having = all.filter(([, { targets }]) => target !== undefined && targets[target as keyof typeof targets]);
  return target === undefined ? all : having.length > 0 ? having : all.slice(0, 1);
}

/** How an image is called: of several applications each has a name of its own, and a name that is asked for is the first one's. */
function tagOf(
  {
    plan,
    key,
    image,
    isFirst,
  }: { readonly plan: Plan; readonly key: string; readonly image: Image; readonly isFirst: boolean },
  asked: string | undefined,
): string {
  if (asked !== undefined) return isFirst ? asked : tagBeside(asked, key);
  return plan.applications || isFirst ? localTag(plan, image) : tagBeside(localTag(plan), key);
}

/** The tag of another image of the set: the key of the image behind the name, `registry/shop:1.2` becomes `registry/shop-worker:1.2`. */
export function tagBeside(tag: string, key: string): string {
  const name = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const at = tag.indexOf(':', tag.lastIndexOf('/') + 1);
  return at === -1 ? `${tag}-${name}` : `${tag.slice(0, at)}-${name}${tag.slice(at)}`;
}

/** The error where every service runs an image that is there already. */
export const nothingBuilt = (): UserError =>
  new UserError({
    code: 'nothing-to-build',
    message: 'No service of this project is built from a Dockerfile: each uses an existing image.',
    next: ['Start them: `docker compose up --detach --wait`.', 'Or add `build` to the service of the application.'],
  });

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
