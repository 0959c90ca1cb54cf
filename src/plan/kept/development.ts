import { posix } from 'node:path';
import type { Evidence } from '../../model/evidence.ts';
import type { ExistingStage } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import type { Workload } from '../../model/plan.ts';
import type { ForeignRuntime } from '../../model/recipe.ts';
import { originOf, pairsOf, placeOf } from './copies.ts';
import type { Built, KeptApp, KeptSet } from './set.ts';
import { targetOf } from './set.ts';
import { holdsSources } from './source-mounts.ts';

type Development = NonNullable<Workload['development']>;
type Shape = Omit<Development, 'decision' | 'mounts'> & {
  readonly mounts: readonly { readonly source: string; readonly target: string }[];
  readonly choice: string;
  readonly why: string;
  readonly from: readonly Evidence[];
};

/** How a service is developed, or why no form can be written that is known to work. */
export type DevelopmentPlan =
  | { readonly kind: 'form'; readonly form: Shape }
  | { readonly kind: 'there'; readonly why: string }
  | { readonly kind: 'none'; readonly why: string; readonly next: string };

type Input = {
  readonly app: KeptApp;
  readonly set: KeptSet;
  readonly facts: Facts;
  readonly runtime: ForeignRuntime | undefined;
  /** the folder of the compose files, relative to the repository: where the paths of mounts start */
  readonly folder: string;
  /** whether a file is in the repository */
  readonly has: (file: string) => boolean;
};

/**
 * The development form of a service: the stage that the author has for it, else the command of the kept image with its runtime watching the
 * sources, which are mounted over the copies. What would need more than the image has is no form.
 */
export function planDevelopment(input: Input): DevelopmentPlan {
  const { app, set } = input;
  const own = app.service?.mounts.find(
    ({ type, source }) => type === 'bind' && source !== undefined && holdsSources(input.facts, source),
  );
  if (own) return { kind: 'there', why: `${app.name} already has the sources mounted` };
  if (app.isOnce) return { kind: 'there', why: `${app.name} runs once and exits, so there is nothing to watch` };
  const stage = app.built && developmentStage(app.built, set);
  if (stage) return beyondSystem(staged(input, stage), stage);
  if (!app.built) {
    const why = `${app.name} uses an image that is not built here`;
    return { kind: 'none', why, next: 'Add a `build` with a Dockerfile of the project to the service.' };
  }
  return beyondSystem(watched(input, app.built), app.built);
}

/** Folders that belong to the system of an image: a mount there hides it, and the engine refuses one at the root. */
const systemFolders: ReadonlySet<string> = new Set(
  '/ /bin /boot /dev /etc /lib /lib64 /proc /run /sbin /sys /usr /usr/bin /usr/lib /usr/local /usr/local/bin /var'.split(
    ' ',
  ),
);

/** The form, unless it would mount sources over the system of the image: what sets no WORKDIR has its files in the root. */
function beyondSystem(planned: DevelopmentPlan, { dockerfile }: Built): DevelopmentPlan {
  const hidden =
    planned.kind === 'form' ? planned.form.mounts.find(({ target }) => systemFolders.has(target)) : undefined;
  if (!hidden) return planned;
  const why = `${dockerfile.path} copies the sources to ${hidden.target}, a system folder that cannot be mounted over`;
  return { kind: 'none', why, next: `Use a separate folder in ${dockerfile.path}, such as \`WORKDIR /app\`.` };
}

/** The stage for development, of the same Dockerfile where it has one. */
function developmentStage(built: Built, { docker }: KeptSet): Built | undefined {
  // a stage of another purpose is developed as what it is
  if (built.stage.use !== 'production') return undefined;
  const files = [built.dockerfile, ...docker.dockerfiles.filter(({ builds }) => builds === 'application')];
  const dockerfile = files.find(({ development }) => development !== undefined);
  const stage = dockerfile?.stages.find(({ index }) => index === dockerfile.development);
  return dockerfile && stage && { dockerfile, stage };
}

/** The path of a folder of the context as the author's compose file names it, or, where that starts nothing of it, as the repository does. */
function mountSource({ app, folder }: Input, { dockerfile }: Built, source: string): string {
  const path = posix.relative(app.service ? folder : '.', posix.join(dockerfile.context, source));
  return path === '' ? '.' : path.startsWith('..') ? path : `./${path}`;
}

/** Folders of packages that a mount at `target` would hide, `source` being the folder of the context that is mounted. */
function packagesAt({ facts, runtime }: Input, { dockerfile }: Built, source: string, target: string): string[] {
  if (facts.dependencies.length === 0) return [];
  const own = posix.relative(posix.join(dockerfile.context, source), facts.root);
  const roots = own === '' || own.startsWith('..') ? [target] : [target, posix.join(target, own)];
  return roots.flatMap((root) => (runtime?.packages ?? []).map((name) => posix.join(root, name)));
}

/** The author's stage for development, with the sources mounted where it copies them to. */
function staged(input: Input, built: Built): DevelopmentPlan {
  const { app, facts } = input;
  const { stage, dockerfile } = built;
  const target = targetOf(built);
  const dev = facts.commands.dev;
  const hasCommand =
    app.service?.command !== undefined || stage.command !== undefined || stage.entrypoint !== undefined;
  if (!hasCommand && !dev) {
    const why = `${dockerfile.path} has a development stage without a start command`;
    return { kind: 'none', why, next: 'Add a CMD that starts the application to that stage.' };
  }
  const folders = pairsOf(stage).filter(({ isFolder }) => isFolder);
  const whole = folders.find(({ source }) => source === '.');
  // a stage that copies nothing but manifests expects the sources to be mounted
  const mounts =
    whole || folders.length === 0
      ? [{ source: mountSource(input, built, '.'), target: whole?.to ?? stage.workdir }]
      : folders.map(({ source, to }) => ({ source: mountSource(input, built, source), target: to }));
  const keep = whole || folders.length === 0 ? packagesAt(input, built, '.', whole?.to ?? stage.workdir) : [];
  const isOther = dockerfile.path !== app.built?.dockerfile.path;
  return {
    kind: 'form',
    form: {
      ...(target === undefined ? {} : { target }),
      ...(isOther ? { dockerfile: dockerfile.path } : {}),
      ...(hasCommand || !dev ? {} : { command: [...dev.value.argv] }),
      ...overService(app, stage),
      mounts,
      ...(keep.length > 0 ? { keep } : {}),
      env: {},
      choice: `the stage ${target ?? `of ${dockerfile.path}`}`,
      why: 'your Dockerfile has a development stage; an edit on the host shows up in it',
      from: stage.from,
    },
  };
}

/** The command of the stage itself, where the author's service has one for production, which would count in every form. */
function overService({ service }: KeptApp, { command, from }: ExistingStage): Pick<Shape, 'command'> {
  const [line, first] = [command?.from[0]?.line ?? 0, from[0]?.line ?? 0];
  if (!service?.command || !command || line < first) return {};
  return { command: command.form === 'exec' ? [...command.argv] : ['sh', '-c', ...command.argv] };
}

/** The kept image, with its runtime watching the sources. */
function watched(input: Input, built: Built): DevelopmentPlan {
  const { app, runtime, has } = input;
  const { stage, dockerfile } = built;
  const command = app.service?.command ?? stage.command;
  const next = `Add a stage named \`development\` to ${dockerfile.path}, with all dependencies and a CMD that watches the sources.`;
  if (!runtime)
    return { kind: 'none', why: `could not determine how the image of ${app.name} can watch the sources`, next };
  const { file, watch } = runtime;
  if (file === undefined || watch === undefined) {
    const why = `the runtime of ${app.name} cannot watch its command${command ? `: ${command.argv.join(' ')}` : ''}`;
    return { kind: 'none', why, next };
  }
  const path = posix.resolve(app.service?.workdir?.value ?? stage.workdir, file);
  const own = (name: string) => has(posix.join(dockerfile.context, name));
  const origin = originOf(dockerfile, stage, path, own);
  if (origin === undefined) {
    return {
      kind: 'none',
      why: `${app.name} starts ${file}, which is build output: the image cannot rebuild it`,
      next,
    };
  }
  const mounts = mountsFor(input, built, origin, path);
  if (!mounts) {
    return {
      kind: 'none',
      why: `a mount over the files of ${app.name} would hide the build output of its image`,
      next,
    };
  }
  return {
    kind: 'form',
    form: {
      ...mounts,
      command: [...watch],
      env: {},
      choice: watch.join(' '),
      why: 'the runtime of the kept image watches the sources, which are mounted over its copies',
      from: command?.from ?? stage.from,
    },
  };
}

type Mounts = Pick<Shape, 'mounts' | 'keep'>;

/** Mounts over the copies of the sources; undefined where one would hide something that only the image has. */
function mountsFor(input: Input, built: Built, origin: string, path: string): Mounts | undefined {
  const { stage } = built;
  const pair = placeOf(stage, origin)?.pair;
  if (pair?.isFolder && pair.source !== '.' && pair.to !== stage.workdir) return folderMounts(input, built);
  const [source, target] =
    pair?.isFolder && pair.source !== '.' ? [pair.source, pair.to] : ['.', path.slice(0, -origin.length - 1) || '/'];
  // what lies elsewhere in the image than in the project would be missed there
  if (posix.join(target, posix.relative(source, origin)) !== path || target === '/') return undefined;
  const made = hiddenBy(stage, source, target);
  if (!made) return undefined;
  // where the file lies that is watched the project's own is what shows
  const kept = made.filter((value) => !path.startsWith(`${value}/`));
  const keep = [...new Set([...packagesAt(input, built, source, target), ...kept])];
  return {
    mounts: [{ source: mountSource(input, built, source), target }],
    ...(keep.length > 0 ? { keep } : {}),
  };
}

/** Each folder that is copied, over its copy. */
function folderMounts(input: Input, built: Built): Mounts {
  const folders = pairsOf(built.stage).filter(({ isFolder, source }) => isFolder && source !== '.');
  const distinct = new Map(folders.map((pair) => [pair.to, pair]));
  return {
    mounts: [...distinct.values()].map(({ source, to }) => ({ source: mountSource(input, built, source), target: to })),
  };
}

/** Folders that other stages have made below a mount, which have to stay visible; undefined where something else would be hidden. */
function hiddenBy(stage: ExistingStage, source: string, target: string): readonly string[] | undefined {
  const kept: string[] = [];
  const isBelow = (path: string) => path === target || path.startsWith(`${target}/`);
  for (const { source: from, to } of pairsOf(stage))
    if (isBelow(to) && !/[*?]/.test(from) && posix.join(target, posix.relative(source, from)) !== to) return undefined;
  for (const copy of stage.copies) {
    if (copy.stage === undefined || copy.mounted || !isBelow(copy.to) || copy.to === target) continue;
    if (/\.[a-z0-9]+$/i.test(posix.basename(copy.to))) return undefined;
    kept.push(copy.to);
  }
  return kept;
}
