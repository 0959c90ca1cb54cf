import { resolve } from 'node:path';
import { needEngine } from '../engine/docker.ts';
import { findImage } from '../engine/images.ts';
import { openRegistry, type Registry } from '../engine/registry/client.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { PerApp, PushReport } from '../model/shipping.ts';
import { pushImage } from '../ship/push.ts';
import { readNote, writeNote } from '../write/notes.ts';
import { attesting, type BuildAttested } from './attest.ts';
import { build } from './build.ts';
import { type Context, loadContext } from './context.ts';
import type { FlowOptions } from './options.ts';
import type { SecretOptions } from './secrets.ts';
import { needRegistry, type Shipped, type ShippedStage, shippedOf } from './shipped.ts';
import { type Signing, signingOf } from './sign.ts';
import { builtFrom, type HeadCommit, perApp, readHeadOf, tagTable } from './tag.ts';

export type PushOptions = FlowOptions &
  SecretOptions & {
    readonly latest?: boolean;
    /** push what verify has not proved */
    readonly unverified?: boolean;
    /** false: without provenance and SBOM */
    readonly attest?: boolean;
    /** commands of the build may run on an emulated platform */
    readonly emulate?: boolean;
    /** the builder that makes them; default: the one that is in use, where it can */
    readonly builder?: string;
    /** sign what was pushed, with cosign */
    readonly sign?: boolean;
    /** the images by name that were scanned just now, each with its digest: nothing else is pushed */
    readonly scanned?: ReadonlyMap<string, string>;
    /** asked before the first push to a repository; without an answer nothing is pushed */
    readonly confirm?: (repository: string) => Promise<boolean>;
  };

/** What is pushed of an application: everything that can be known before anything is uploaded. */
type Ready = {
  readonly shipped: Shipped;
  readonly registry: Registry;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly version: string | undefined;
  readonly leftOut: readonly string[];
  readonly attest: BuildAttested | undefined;
  readonly stages: readonly (ShippedStage & { readonly digest: string; readonly attest: BuildAttested | undefined })[];
};

/** Pushes the image of each application that was verified, by its digest, and moves its tags. */
export async function push(options: PushOptions, onProgress?: OnProgress): Promise<PerApp<PushReport>> {
  const context = await loadContext(options);
  const shipped = shippedOf(context);
  const registries = await openRegistries(shipped, options, onProgress);
  const signing = await signingFor(context, options, onProgress);
  return pushAll({ shipped, registries, signing, head: await readHeadOf(context, options) }, options, onProgress);
}

/** What signs, where that is asked for: looked for before anything is built or uploaded. */
export const signingFor = async (
  context: Context,
  options: Pick<PushOptions, 'cwd' | 'signal' | 'sign'>,
  onProgress?: OnProgress,
): Promise<Signing | undefined> => (options.sign ? signingOf(context, options, onProgress) : undefined);

/** Opens the repositories and asks whether they let this user in, before anything is built or uploaded. */
export async function openRegistries(
  shipped: readonly Shipped[],
  { signal, confirm, cwd }: Pick<PushOptions, 'signal' | 'confirm' | 'cwd'>,
  onProgress?: OnProgress,
): Promise<readonly Registry[]> {
  needRegistry(shipped);
  const opened: Registry[] = [];
  for (const { registry, repository } of shipped) {
    if (!registry) continue;
    const onRetry = (line: string) => onProgress?.({ type: 'log', id: 'push', line });
    const item = openRegistry(registry, { action: 'push', signal, onRetry });
    await item.login();
    opened.push(item);
    if (readNote(resolve(cwd), 'pushed', repository) === undefined && !(await confirm?.(repository))) {
      throw new UserError({
        code: 'push-unconfirmed',
        message: `This would be the first push to ${repository} from this machine, which needs to be confirmed.`,
        next: ['Confirm it with `--yes`.'],
      });
    }
  }
  return opened;
}

type Pushing = {
  readonly shipped: readonly Shipped[];
  readonly registries: readonly Registry[];
  readonly signing: Signing | undefined;
  readonly head: HeadCommit;
};

/** Pushes what is ready; nothing is uploaded of any application before all of them are. */
export async function pushAll(
  { shipped, registries, signing, head }: Pushing,
  options: PushOptions,
  onProgress?: OnProgress,
): Promise<PerApp<PushReport>> {
  await needEngine(options.signal);
  const ready: Ready[] = [];
  for (const [at, item] of shipped.entries()) {
    const registry = registries[at];
    if (registry) ready.push(await prepare(item, registry, head, options, onProgress));
  }
  const reports: { app: string | undefined; report: PushReport }[] = [];
  for (const item of ready) {
    const report = await pushOne(item, signing, options, onProgress);
    reports.push({ app: item.shipped.app, report });
  }
  return perApp(reports);
}

async function prepare(
  shipped: Shipped,
  registry: Registry,
  head: HeadCommit,
  options: PushOptions,
  onProgress?: OnProgress,
): Promise<Ready> {
  const { local, app } = shipped;
  const known = await registry.tags();
  // versions that were pushed count as well: a clone may lack the git tags
  const table = tagTable(shipped, { ...head, allTags: [...head.allTags, ...known] }, options.latest === true);
  const image = await findImage(local, options.signal);
  const another = image && builtFrom(image.labels, head.built);
  if (!image || another !== undefined) {
    throw new UserError({
      code: image ? 'image-outdated' : 'not-built',
      message: image ? `${local} is not from this commit: ${another}.` : `${local} was not found on this machine.`,
      next: ['Build and verify it: `dockwright build`, then `dockwright verify`.'],
      exit: 1,
    });
  }
  if (!options.unverified && readNote(resolve(options.cwd), 'verified', image.id) === undefined) {
    throw new UserError({
      code: 'not-verified',
      message: `${app === undefined ? '' : `${app}: `}${local} (${image.id}) was not verified on this machine.`,
      next: ['Verify it: `dockwright verify`.', 'Or push it anyway: `--unverified`.'],
      exit: 1,
    });
  }
  const scanned = options.scanned?.get(local);
  if (scanned !== undefined && scanned !== image.id) {
    throw new UserError({
      code: 'image-changed',
      message: `${local} is ${image.id}, but ${scanned} was scanned: it was rebuilt in the meantime.`,
      next: ['Run `dockwright deploy` again.'],
      exit: 1,
    });
  }
  const attestOf = await attesting(options, onProgress);
  const which = app === undefined ? {} : { app, all: false };
  const { platforms } = shipped.image;
  const stages = await buildStages(shipped, options, onProgress);
  const unproved = stages.filter(
    ({ digest }) => !options.unverified && readNote(resolve(options.cwd), 'verified', digest) === undefined,
  );
  return {
    ...{ shipped, registry, digest: image.id, ...table },
    leftOut: [
      ...table.leftOut,
      ...unproved.map(({ target }) => `The stage ${target} was built, but verify did not start it.`),
    ],
    attest: attestOf({ ...which, local, platforms }),
    stages: stages.map((stage) => ({
      ...stage,
      attest: attestOf({ ...which, local: stage.local, target: stage.target, platforms }),
    })),
  };
}

/** Builds the further stages from the same files as the image, which is of this commit: they come from the cache of its build. */
async function buildStages({ app, stages }: Shipped, options: PushOptions, onProgress?: OnProgress) {
  const built: (ShippedStage & { readonly digest: string })[] = [];
  const of = app === undefined ? {} : { app, all: false };
  for (const stage of stages) {
    await build({ ...options, ...of, target: stage.target, tag: stage.local, baseline: false }, onProgress);
    const image = await findImage(stage.local, options.signal);
    if (image) built.push({ ...stage, digest: image.id });
  }
  return built;
}

async function pushOne(
  { shipped, registry, digest, tags, version, leftOut, attest, stages }: Ready,
  signing: Signing | undefined,
  options: PushOptions,
  onProgress?: OnProgress,
): Promise<PushReport> {
  const { local, repository, plan, image } = shipped;
  const platforms = image.platforms.length || undefined;
  const pushed = await pushImage({
    ...{ image: local, digest, registry, tags, fixed: version, attest, platforms, onProgress },
    signal: options.signal,
  });
  const started: { variable: string; image: string }[] = [];
  for (const stage of stages) {
    // in the same repository: a further one may not be there, or be allowed
    const named = (tag: string) => `${tag}-${stage.target}`;
    const item = await pushImage({
      ...{ image: stage.local, digest: stage.digest, registry, tags: tags.map(named), platforms, onProgress },
      attest: stage.attest,
      fixed: version === undefined ? undefined : named(version),
      signal: options.signal,
    });
    started.push({ variable: stage.variable, image: `${repository}@${item.digest}` });
  }
  const name = `${repository}@${pushed.digest}`;
  const root = resolve(options.cwd);
  const scan = readNote(root, 'scanned', digest);
  const names = started.map((item) => item.image);
  const why = writeNote(root, 'pushed', repository, {
    digest: pushed.digest,
    stages: names.map((value) => value.slice(value.lastIndexOf('@') + 1)),
    ...(scan ? { scan } : {}),
  });
  if (why !== undefined) options.onWarning?.(`The push to ${repository} could not be recorded, because ${why}.`);
  const verify = await signing?.sign(name);
  for (const value of names) await signing?.sign(value);
  const all = [...leftOut, ...pushed.leftOut];
  return {
    digest: pushed.digest,
    tags: pushed.tags.map((tag) => `${repository}:${tag}`),
    run: runLine(name, plan, image),
    ...(started.length > 0 ? { stages: started } : {}),
    ...(pushed.attested.length > 0 ? { attested: [...pushed.attested] } : {}),
    ...(verify === undefined ? {} : { verify }),
    uploaded: pushed.uploaded,
    bytes: pushed.bytes,
    ...(all.length > 0 ? { leftOut: all } : {}),
  };
}

/** The line that runs what was pushed, wherever Docker is. */
function runLine(name: string, plan: Shipped['plan'], image: Shipped['image']): string {
  const workload = Object.values(plan.workloads).find((workload) => plan.images[workload.image] === image);
  const [port] = Object.values(workload?.ports ?? {});
  const published = port === undefined ? [] : ['--publish', `127.0.0.1:${port.container}:${port.container}`];
  return ['docker', 'run', '--rm', ...published, name].join(' ');
}
