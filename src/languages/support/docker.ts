import { posix } from 'node:path';
import { dataServices } from '../../catalog/data-services.ts';
import { distributionPackage } from '../../catalog/distribution-packages.ts';
import { imageInCompose } from '../../catalog/image-name.ts';
import { runtimeOfImage, usersOfImages } from '../../catalog/runtime-images.ts';
import type { Evidence } from '../../model/evidence.ts';
import type {
  ExistingCompose,
  ExistingDeployment,
  ExistingDockerfile,
  ExistingService,
  ExistingStage,
} from '../../model/existing.ts';
import type { ExistingData, Facts, LeftOut, ServiceUse } from '../../model/facts.ts';
import type { ServiceDetection } from '../../services/contract.ts';
import { services as known } from '../../services/registry.gen.ts';

/** What the Docker files of the author say of the container that runs an application in production. */
export type ContainerEvidence = {
  /** the stage that production runs; undefined: only compose files say something */
  readonly stage: ExistingStage | undefined;
  readonly stages: readonly ExistingStage[];
  /** all of the author's Dockerfiles: a service beside the application may be built here, too */
  readonly dockerfiles: readonly ExistingDockerfile[];
  /** the folder that the Dockerfile is built from */
  readonly context: string;
  /** the service of the compose files that runs it */
  readonly service: ExistingService | undefined;
  /** the compose files that it stands in, or else those of the base */
  readonly set: ExistingCompose | undefined;
};

/** The evidence of one application; undefined where no Docker file of the author runs it. */
export function containerEvidence(docker: ExistingDeployment | undefined): ContainerEvidence | undefined {
  const file = docker?.dockerfiles.find(
    ({ builds, production }) => builds === 'application' && production !== undefined,
  );
  const stage = file?.stages[file.production ?? -1];
  const sets = (docker?.compose ?? []).filter(({ use }) => use === 'base' || use === 'production');
  const set = sets.find(({ services }) => services.some(({ runs }) => runs === 'application')) ?? sets[0];
  const services = (set?.services ?? []).filter(({ runs }) => runs === 'application');
  const built = services.filter(
    ({ build }) => build === undefined || file === undefined || build.dockerfile === file.path,
  );
  const service = built.find(({ ports }) => ports.length > 0) ?? built[0];
  if (!stage && !set) return undefined;
  return {
    stage,
    stages: file?.stages ?? [],
    dockerfiles: docker?.dockerfiles ?? [],
    context: file?.context ?? '.',
    service,
    set,
  };
}

/** The runtime that the image brings, and its version where the tag says it. */
export function runtimeEvidence({
  stage,
  service,
}: ContainerEvidence): { readonly runtime: string; readonly version: string; readonly from: Evidence[] } | undefined {
  const said = stage
    ? { image: stage.base, from: stage.from }
    : service?.image && { image: service.image.value, from: service.image.from };
  const found = said && runtimeOfImage(said.image);
  if (!said || found?.version === undefined) return undefined;
  return {
    runtime: found.runtime,
    version: found.version,
    from: said.from.map((one) => ({ ...one, why: `the image is ${said.image}` })),
  };
}

type Value = { readonly value: string; readonly from: readonly Evidence[] };

/** The value that a variable has in the container: compose beats the image; one that names other variables is not known. */
export function variableEvidence({ stage, service }: ContainerEvidence, name: string): Value | undefined {
  const own = (
    values: Readonly<Record<string, { readonly value: string | null; readonly from: readonly Evidence[] }>> | undefined,
  ) => (values && Object.hasOwn(values, name) ? values[name] : undefined);
  const found = own(service?.env) ?? own(stage?.env);
  if (!found || found.value === null) return undefined;
  const value = found.value.replace(/^\$\{\w+:?-([^{}$]*)\}$/, '$1');
  return value.includes('$') ? undefined : { value, from: found.from };
}

/** The variables that the container is given, with what each was given by: compose beats the image. */
export const variableNames = ({ stage, service }: ContainerEvidence): readonly string[] =>
  [...new Set([...Object.keys(stage?.env ?? {}), ...Object.keys(service?.env ?? {})])].filter((name) =>
    /^[A-Za-z_]\w*$/.test(name),
  );

/** The user of the author's container as numbers, where it is another one than that of a generated image; undefined: the same, or only known by a name. */
function foreignUser({ stage, service }: ContainerEvidence): string | undefined {
  const [name = 'root', group] = ((service?.user ?? stage?.user)?.value ?? 'root').split(':');
  if (name === 'root' || /^0+$/.test(name)) return '0:0';
  if (!/^\d+$/.test(name) || name === '1000') return undefined;
  return `${name}:${group !== undefined && /^\d+$/.test(group) ? group : name}`;
}

/** What of the project decides whether a mount of the author's holds the sources, or what the application keeps. */
export type MountedProject = {
  readonly root: string;
  /** what building needs, relative to the folder of the application */
  readonly sources: readonly string[];
  /** manifests, lockfiles and what else installing reads, relative to the repository */
  readonly manifests: readonly string[];
  /** all files of the repository */
  readonly files: readonly string[];
  /** why a path of the container is none of an application, such as a folder of packages; undefined: it may be */
  readonly notData: (target: string) => string | undefined;
};

/**
 * The files and folders of the project that the author's compose file mounts into the application and that are not its sources, by the path that it
 * finds them at, and the mounts that a generated set does not have.
 */
export function mountEvidence(
  evidence: ContainerEvidence,
  project: MountedProject,
): { readonly mounted: NonNullable<Facts['mounted']>; readonly leftOut: readonly LeftOut[] } {
  const mounted: NonNullable<Facts['mounted']>[number][] = [];
  const leftOut: LeftOut[] = [];
  const user = foreignUser(evidence);
  for (const { type, source, target, readOnly, from } of evidence.service?.mounts ?? []) {
    if (type !== 'bind' || source === undefined) continue;
    const why = notMounted(source, target, project);
    if (why === undefined) {
      const path = inApplication(evidence, target);
      mounted.push({ source, path, readOnly, ...(user === undefined || readOnly ? {} : { user }), from });
    } else leftOut.push({ what: `${source} mounted at ${target}`, why, from });
  }
  return { mounted, leftOut };
}

/** Why a generated set does not mount something; undefined: it does. */
function notMounted(source: string, target: string, project: MountedProject): string | undefined {
  const { root, sources, files, notData } = project;
  if (/^([/~]|\.\.(\/|$)|[a-z]:)/i.test(source) || source.includes('$'))
    return 'it lies outside of the project: mount it again where it is needed';
  const own = sources.map((one) => posix.join(root, one));
  const isTracked = files.some((file) => isBelow(source, file));
  const holdsSources = isBelow(source, root) || own.some((one) => isBelow(source, one));
  const isSource = isTracked && own.some((one) => isBelow(one, source));
  const isManifest = files.includes(source) && posix.dirname(source) === root && isCopied(project, source);
  if (holdsSources || isSource || isManifest)
    return 'the image has a copy of the sources; the form for development mounts them';
  return notData(target);
}

const isBelow = (folder: string, path: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);

/** Whether a file beside the manifests is one that the image gets a copy of anyway. */
const isCopied = ({ manifests }: MountedProject, source: string): boolean => manifests.includes(source);

/** The user of the image, where the generated one is another: what is in the volumes belongs to it. */
export function userEvidence(
  { stage, service }: ContainerEvidence,
  mounted: NonNullable<Facts['mounted']>,
): readonly LeftOut[] {
  const user = service?.user ?? stage?.user;
  const [name = 'root'] = (user?.value ?? 'root').split(':');
  // a generated set runs as the user of what is mounted from this machine, where a number says who that is
  const keeps =
    (service?.mounts ?? []).some(({ type }) => type === 'volume') ||
    mounted.some((one) => !one.readOnly && one.user === undefined);
  if (!keeps || name === '1000' || usersOfImages.includes(name)) return [];
  const why =
    'the generated image runs as the user 1000, who must own what it writes: `docker compose run --rm --user root --entrypoint chown app -R 1000:1000 PATH`';
  return [{ what: `user ${name}`, why, from: [...(user?.from ?? stage?.from ?? service?.from ?? [])] }];
}

/** Build arguments of the image that runs, each with its default and its place. */
export const argumentEvidence = ({ stage }: ContainerEvidence) => Object.entries(stage?.args ?? {});

/** Whether a value names another service of the author's compose files. */
export const namesService = ({ set, service }: ContainerEvidence, value: string): boolean =>
  (set?.services ?? []).some(
    ({ name }) =>
      name !== service?.name &&
      (value === name || [`//${name}`, `@${name}`, `${name}:`].some((part) => value.includes(part))),
  );

/** The one port that the image exposes, or that compose publishes. */
export function portEvidence({
  stage,
  service,
}: ContainerEvidence): { readonly number: number; readonly from: readonly Evidence[] } | undefined {
  const published = service?.ports ?? [];
  const ports =
    published.length > 0 ? published.map(({ container, from }) => ({ number: container, from })) : (stage?.ports ?? []);
  const [only] = ports;
  return ports.length === 1 ? only : undefined;
}

/** Packages that production installs, by the names of Debian, and those that are left out. */
export function packageEvidence({ stage }: ContainerEvidence): {
  readonly system: readonly Value[];
  readonly leftOut: readonly LeftOut[];
} {
  const system: { value: string; from: Evidence[] }[] = [];
  const leftOut: LeftOut[] = [];
  const asked = (stage?.healthcheck?.command?.argv ?? []).flatMap((word) => word.split(/\s+/));
  for (const { value, from } of stage?.packages ?? []) {
    const [name = ''] = value.split(/[=~<>]/);
    if (asked.includes(name)) {
      const why = 'only the health check used it, and the generated one needs no program';
      leftOut.push({ what: `package ${value}`, why, from: [...from] });
      continue;
    }
    const found = distributionPackage(name);
    if ('why' in found) leftOut.push({ what: `package ${value}`, why: found.why, from: [...from] });
    else if (!system.some((one) => one.value === found.name)) system.push({ value: found.name, from: [...from] });
  }
  return { system, leftOut };
}

/**
 * The path in the application (relative to its folder) of a path of the production image, by what its stages copy; undefined where it comes from
 * elsewhere, or is the whole application.
 */
export function ownPath(
  evidence: ContainerEvidence,
  stage: ExistingStage,
  path: string,
  root: string,
): string | undefined {
  const { context, stages } = evidence;
  const matches = stage.copies
    .filter(({ mounted }) => !mounted)
    .flatMap((copy) =>
      copy.sources.flatMap((source) => {
        const target = copiedTo(source, copy.to, copy.sources.length);
        const inside = posix.relative(target, path);
        return inside.startsWith('..') ? [] : [{ length: target.length, copy, source, inside }];
      }),
    );
  const [best] = matches.sort((a, b) => b.length - a.length);
  if (best?.copy.stage !== undefined) {
    const other = stageOf(stages, best.copy.stage);
    const isEarlier = other !== undefined && other.index < stage.index;
    return isEarlier ? ownPath(evidence, other, posix.resolve('/', best.source, best.inside), root) : undefined;
  }
  const place = best
    ? posix.join(context, best.source, best.inside)
    : posix.join(root, posix.relative(stage.workdir, path));
  const own = posix.relative(root, posix.normalize(place));
  return own === '' || own.startsWith('..') ? undefined : own;
}

const stageOf = (stages: readonly ExistingStage[], name: string): ExistingStage | undefined =>
  stages.find((stage) => stage.name === name.toLowerCase() || String(stage.index) === name);

/** Where COPY puts a source: a file goes into a folder that is named with a slash, or that several sources go to; what a folder holds goes into it. */
const copiedTo = (source: string, to: string, count: number): string =>
  posix.extname(source) !== '' && (count > 1 || posix.extname(to) === '') ? posix.join(to, posix.basename(source)) : to;

/** What production copies of the application: paths relative to its folder, each with its place. */
export function copiedPaths(evidence: ContainerEvidence, root: string): readonly Value[] {
  const { stage, stages, context } = evidence;
  return (stage?.copies ?? []).flatMap((copy): Value[] => {
    if (copy.mounted) return [];
    const { from } = copy;
    if (copy.stage === undefined)
      return copy.sources.flatMap((source) => {
        const own = posix.relative(root, posix.normalize(posix.join(context, source)));
        return own === '' || own.startsWith('..') ? [] : [{ value: own, from }];
      });
    const other = stageOf(stages, copy.stage);
    return copy.sources.flatMap((source) => {
      const own = other && ownPath(evidence, other, posix.resolve('/', source), root);
      return own === undefined ? [] : [{ value: own, from }];
    });
  });
}

const workdirOf = ({ stage, service }: ContainerEvidence): string => service?.workdir?.value ?? stage?.workdir ?? '/';

/** A path of the container, relative to the application where it lies in its folder. */
function inApplication(evidence: ContainerEvidence, path: string): string {
  const workdir = workdirOf(evidence);
  const inside = posix.relative(workdir, path);
  return workdir === '/' || inside === '' || inside.startsWith('..') ? path : inside;
}

/** Folders of the container that hold data: named volumes and VOLUME, relative to the application where they lie in its folder. */
export function dataFolders(evidence: ContainerEvidence): readonly (Value & { readonly volume?: string })[] {
  const { stage, service } = evidence;
  const workdir = workdirOf(evidence);
  const own = (path: string) => inApplication(evidence, path);
  const mounts = (service?.mounts ?? []).flatMap(({ type, source, target, from }) =>
    type === 'volume' && source !== undefined ? [{ value: own(target), volume: source, from }] : [],
  );
  const volumes = (stage?.volumes ?? []).map(({ value, from }) => ({
    value: own(posix.resolve(workdir, value)),
    from,
  }));
  return [...mounts, ...volumes.filter(({ value }) => !mounts.some((mount) => mount.value === value))];
}

/** The real name of a volume, where the generated compose file would give it another: one of a compose file in a folder of its own. */
function realName(set: ExistingCompose, key: string): string | undefined {
  const { name } = set.volumes[key] ?? {};
  if (name !== undefined) return name;
  const folder = posix.dirname(set.files[0] ?? '.');
  return set.name === undefined && folder !== '.' ? `${posix.basename(folder).toLowerCase()}_${key}` : undefined;
}

/** The volumes that the application writes, by the path that it writes, and the name of the project that they carry. */
export function volumeEvidence(evidence: ContainerEvidence): Pick<Facts, 'data' | 'composeProject'> {
  const { set } = evidence;
  if (!set) return {};
  const data = dataFolders(evidence).flatMap(({ value, volume }) => {
    const name = volume === undefined ? undefined : realName(set, volume);
    return volume === undefined ? [] : [{ path: value, volume, ...(name === undefined ? {} : { name }) }];
  });
  const name = set.name !== undefined && /^[a-z0-9][a-z0-9_-]*$/.test(set.name) ? set.name : undefined;
  return {
    ...(data.length > 0 ? { data } : {}),
    ...(Object.keys(set.volumes).length > 0 ? { composeProject: name === undefined ? {} : { name } } : {}),
  };
}

/** The services of the author's compose files that are known here, and what of the others is left out. */
export function serviceEvidence(evidence: ContainerEvidence): {
  readonly services: ServiceUse[];
  readonly leftOut: readonly LeftOut[];
} {
  const { set, service: main } = evidence;
  const services: ServiceUse[] = [];
  const leftOut: LeftOut[] = [];
  for (const service of set?.services ?? []) {
    if (service.runs === 'application') {
      const why = 'the generated set starts the application once: start this one beside it, if it is needed';
      if (service !== main) leftOut.push({ what: `service ${service.name}`, why, from: [...service.from] });
      continue;
    }
    const detection = known.find(({ name }) => name === service.service);
    const what = `service ${service.name}`;
    const from = [...service.from];
    if (!set || !detection) {
      leftOut.push({ what, why: 'the application itself does not ask for it in a way that is known here', from });
    } else if (services.some((one) => one.service === detection.name)) {
      leftOut.push({ what, why: `there is another ${detection.title}, and the generated set has one`, from });
    } else {
      const read = existingData(set, service, detection, baseOf(service, evidence.dockerfiles));
      leftOut.push(...read.leftOut);
      services.push({
        service: detection.name,
        required: detection.required,
        variables: [],
        existing: read.data,
        from,
      });
    }
  }
  return { services, leftOut };
}

/** Texts that stand in names and paths of what is generated. */
const isPlain = (text: string): boolean => /^[\w.-]+$/.test(text);

function existingData(
  set: ExistingCompose,
  service: ExistingService,
  detection: ServiceDetection,
  base: string | undefined,
): { readonly data: ExistingData; readonly leftOut: readonly LeftOut[] } {
  const from = [...service.from];
  const image = imageOf(base, detection);
  const mount = service.mounts.find(
    ({ type, source, target }) => type === 'volume' && source !== undefined && /^\/[\w./-]+$/.test(target),
  );
  const key = mount?.source;
  const name = key === undefined ? undefined : realName(set, key);
  const variable = (names: readonly string[] | undefined) =>
    names?.map((one) => ownValue(service, one)).find((value) => value !== undefined);
  // names are no secrets: what the example of the project says is better than a name of ours
  const nameIn = (names: readonly string[] | undefined) => variable(names) ?? exampleIn(set, service, names ?? []);
  const { login } = detection;
  // a variable that is given a value which is not known here is none that the image fills in
  const isTold = login?.user.variables.some((one) => Object.hasOwn(service.env, one));
  const user = nameIn(login?.user.variables) ?? (isTold ? undefined : login?.user.default);
  const database = nameIn(login?.database?.variables) ?? (login?.database?.ofUser ? user : undefined);
  const password = variable(login?.password.variables);
  const passwordVariable = login?.password.variables.flatMap((one) => variableOf(service, one) ?? [])[0];
  const argv = service.command?.argv.map((word) => word.replaceAll('$$', '\0'));
  const command = argv?.some((word) => word.includes('$'))
    ? undefined
    : argv?.map((word) => word.replaceAll('\0', '$'));
  const bound = mount ? undefined : dataFolderOf(service, base);
  return {
    data: {
      ...(image.image === undefined ? {} : { image: image.image }),
      ...(mount && key !== undefined
        ? { volume: { key, ...(name === undefined ? {} : { name }), path: mount.target } }
        : {}),
      ...(bound?.source === undefined ? {} : { folder: { source: bound.source, path: bound.target } }),
      ...(command === undefined ? {} : { command: [...command] }),
      ...(user !== undefined && isPlain(user) ? { user } : {}),
      ...(database !== undefined && isPlain(database) ? { database } : {}),
      ...(password === undefined ? {} : { password }),
      ...(password === undefined && passwordVariable !== undefined ? { passwordVariable } : {}),
      from,
    },
    leftOut: [
      ...withoutBase(service, base, image),
      ...bindsOf(service, bound),
      ...(login && (mount ?? bound) ? withoutLogin(service, { user, password }) : []),
    ],
  };
}

/** Who logs into data that are there already, where the author's files do not say it. */
function withoutLogin(
  { name, from: own }: ExistingService,
  { user, password }: { readonly user: string | undefined; readonly password: string | undefined },
): LeftOut[] {
  const from = [...own];
  const edit = 'write the name that the data was made with in the generated compose file, which keeps your edit';
  return [
    ...(user === undefined
      ? [{ what: `user of ${name}`, why: `its compose file does not say it: ${edit}`, from }]
      : []),
    ...(password === undefined
      ? [
          {
            what: `password of ${name}`,
            why: 'its compose file does not say it: set in .env what the data was made with',
            from,
          },
        ]
      : []),
  ];
}

/** What of its own image a service does not go on with. */
function withoutBase(
  { name, image, build, from: own }: ExistingService,
  base: string | undefined,
  taken: ReturnType<typeof imageOf>,
): LeftOut[] {
  const from = [...own];
  const other = { what: `image of ${name}`, from: image ? [...image.from] : from };
  const built = {
    what: `what ${build?.dockerfile} adds to ${base} for ${name}`,
    why: 'the generated set runs the image that it begins with: copy what it adds into the volume, or build it again',
    from,
  };
  return [
    ...(taken.why === undefined ? [] : [{ ...other, why: taken.why }]),
    ...(build?.dockerfile !== undefined && taken.image !== undefined ? [built] : []),
  ];
}

/** What a service has mounted of this machine, besides the folder that its data lies in. */
const bindsOf = ({ name, mounts }: ExistingService, data: ExistingService['mounts'][number] | undefined): LeftOut[] =>
  mounts
    .filter((mount) => mount.type === 'bind' && mount !== data)
    .map(({ source, target, from }) => ({
      what: `${source} mounted at ${target} in ${name}`,
      why: 'the generated set mounts no folder of this machine into a service: copy what it holds into the volume, or mount it again',
      from: [...from],
    }));

/** The folder of the project that a service keeps its data in, where it is none of a volume: at the path, or above it, where its image has them. */
function dataFolderOf(
  { mounts }: ExistingService,
  base: string | undefined,
): ExistingService['mounts'][number] | undefined {
  const { repository } = imageInCompose(base ?? '');
  const known = Object.entries(dataServices).find(([name]) => repository === name || repository.endsWith(`/${name}`));
  const folders = (known?.[1].folders ?? []).flatMap(({ data, volume }) => [data.split('/MAJOR')[0] ?? data, volume]);
  return mounts.find(
    ({ type, source, target, readOnly }) =>
      type === 'bind' &&
      source !== undefined &&
      !readOnly &&
      /^[\w][\w./-]*$/.test(source) &&
      folders.some((folder) => posix.normalize(target).replace(/\/$/, '') === folder),
  );
}

/** The variable of whoever deploys that a variable of a service is given. */
const variableOf = ({ env }: ExistingService, name: string): string | undefined => {
  const value = Object.hasOwn(env, name) ? env[name]?.value : undefined;
  const found = /^\$(?:\{([A-Za-z_]\w*)(?::?\?[^{}]*)?\}|([A-Za-z_]\w*))$/.exec(value ?? '');
  return found?.[1] ?? found?.[2];
};

/** What the project's example of settings says of the variable that one of these variables of a service is given. */
function exampleIn(set: ExistingCompose, service: ExistingService, names: readonly string[]): string | undefined {
  const [variable] = names.flatMap((one) => variableOf(service, one) ?? []);
  const examples = set.variables ?? {};
  const example = variable !== undefined && Object.hasOwn(examples, variable) ? examples[variable]?.example : undefined;
  return example === undefined || example === '' ? undefined : example;
}

/** The value of a variable of a service, with its default where it has one. */
function ownValue({ env }: ExistingService, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name]?.value : undefined;
  const filled = value?.replace(/^\$\{\w+:?-([^{}$]*)\}$/, '$1').replaceAll('$$', '\0');
  return filled === undefined || filled === '' || filled.includes('$') ? undefined : filled.replaceAll('\0', '$');
}

/** The image that a service runs in the end: its own, or the one that its Dockerfile begins with. */
function baseOf({ build, image }: ExistingService, dockerfiles: readonly ExistingDockerfile[]): string | undefined {
  if (!build) return image?.value;
  return dockerfiles.find(({ path }) => path === build.dockerfile)?.stages.at(-1)?.base;
}

/** A tag such as `alpine` or `latest` is another version every year. */
const saysVersion = (tag: string | undefined): tag is string => tag !== undefined && /\d/.test(tag);

/** Distributions that images of databases are built for, as they stand alone in a tag. */
const distributions: ReadonlySet<string> = new Set(['alpine', 'bullseye', 'bookworm', 'trixie', 'oracle']);

/** The version that is taken where the author says none, of the same distribution: its library sorts texts, and so lie the indexes of the data. */
const versionFor = (version: string | undefined, tag: string | undefined): string | undefined =>
  version === undefined || tag === undefined || !distributions.has(tag) ? version : `${version}-${tag}`;

/** The image with its version, so that the data stays readable; why not, where another takes its place. */
function imageOf(
  image: string | undefined,
  { images = [], tags = {} }: ServiceDetection,
): { readonly image?: string; readonly why?: string } {
  if (image === undefined)
    return { why: 'it is built here; the image of the catalogue takes its place, which may not read its data' };
  const { repository, tag } = imageInCompose(image);
  const known = images.find((one) => repository === one || repository.endsWith(`/${one}`));
  if (known === undefined)
    return {
      why: `${image} is told its settings in other words; the image of the catalogue takes its place, and does not read its data`,
    };
  const version = saysVersion(tag) ? tag : versionFor(tags[known], tag);
  if (version === undefined || !/^[\w.-]+$/.test(version) || !/^[\w.\-/:]+$/.test(repository))
    return {
      why: `${image} says no version: set the key "services" to the one that made the data, or a new server may not read it`,
    };
  return {
    image: `${repository}:${version}`,
    ...(version === tag
      ? {}
      : {
          why: `${image} says no version, and ${version} is taken: set the key "services" to the one that made the data`,
        }),
  };
}
