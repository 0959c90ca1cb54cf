/** The services beside the application in the author's compose files: which are known here, with their data, login and image. */
import { posix } from 'node:path';
import { dataServices } from '../../../catalog/data-services.ts';
import { imageInCompose } from '../../../catalog/image-name.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { ExistingCompose, ExistingDockerfile, ExistingService } from '../../../model/existing.ts';
import type { ExistingData, LeftOut, ServiceUse } from '../../../model/facts.ts';
import type { Project } from '../../../project/project.ts';
import type { ServiceDetection } from '../../../services/contract.ts';
import { services as known } from '../../../services/registry.gen.ts';
import { type ContainerEvidence, limitsEvidence } from './evidence.ts';
import { carriedEvidence, keyEvidence } from './keys.ts';
import { realName } from './mounts.ts';

/**
 * The services of the author's compose files that are known here, and what of the others is left out. `project` says what is part of the
 * repository; `told` are lines of which something is said already, such as those of a process that goes on.
 */
export function serviceEvidence(
  evidence: ContainerEvidence,
  project: Pick<Project, 'files'>,
  told: readonly Evidence[] = [],
): {
  readonly services: ServiceUse[];
  readonly leftOut: readonly LeftOut[];
} {
  const { set, service: main } = evidence;
  const services: ServiceUse[] = [];
  const leftOut: LeftOut[] = [];
  for (const service of set?.services ?? []) {
    if (service.runs === 'application') {
      const why = set?.services.some(({ completed = [] }) => completed.includes(service.name))
        ? 'it exits before the application starts: use a job of the generated files, or the key "migrate"'
        : 'the generated files start the application once: start this one beside it if you need it';
      if (service !== main && !isTold(service, told))
        leftOut.push({ what: `service ${service.name}`, why, from: [...service.from] });
      continue;
    }
    const detection = known.find(({ name }) => name === service.service);
    const what = `service ${service.name}`;
    const from = [...service.from];
    if (!set || !detection) {
      leftOut.push({ what, why: whyWithout(service), from });
    } else if (services.some((one) => one.service === detection.name)) {
      leftOut.push({ what, why: `there is another ${detection.title}, and the generated files have one`, from });
    } else {
      const read = existingData(set, service, detection, baseOf(service, evidence.dockerfiles), project);
      const memory = limitsEvidence(evidence, service.name)?.memory;
      leftOut.push(...read.leftOut);
      services.push({
        service: detection.name,
        required: detection.required,
        variables: [],
        existing: { ...read.data, ...(memory === undefined ? {} : { memory }) },
        from,
      });
    }
  }
  return { services, leftOut };
}

/** Why a service that nothing here starts is not in a generated set. */
function whyWithout({ name, image }: ExistingService): string {
  const program = posix.basename(imageInCompose(image?.value ?? '').repository).replace(/^cp-|-server$/g, '');
  const outside = known.find((one) => one.outside && [program, name].includes(one.name));
  return outside
    ? `the generated files start no ${outside.title}: if the app uses it, keep your files, or run it elsewhere and set its address`
    : 'no code that uses it was found in the application';
}

/** Whether something is said of the command of a service. */
const isTold = ({ command, entrypoint }: ExistingService, told: readonly Evidence[]): boolean =>
  [...(command?.from ?? []), ...(entrypoint?.from ?? [])].some((own) =>
    told.some(({ file, line }) => file === own.file && line === own.line),
  );

/** Texts that stand in names and paths of what is generated. */
const isPlain = (text: string): boolean => /^[\w.-]+$/.test(text);

function existingData(
  set: ExistingCompose,
  service: ExistingService,
  detection: ServiceDetection,
  base: string | undefined,
  project: Pick<Project, 'files'>,
): { readonly data: ExistingData; readonly leftOut: readonly LeftOut[] } {
  const from = [...service.from];
  const volume = service.mounts.find(
    ({ type, source, target }) => type === 'volume' && source !== undefined && /^\/[\w./-]+$/.test(target),
  );
  const image = imageOf(base, detection, volume?.target ?? dataFolderOf(service, base)?.target);
  // the command and the files of another program mean nothing to the one that takes its place
  const mount = image.isForeign ? undefined : volume;
  const key = mount?.source;
  const name = key === undefined ? undefined : realName(set, key);
  const { login } = detection;
  const argv = service.command?.argv.map((word) => word.replaceAll('$$', '\0'));
  const { rest, secret } = withoutPassword(argv, detection.passwordOption);
  const command =
    image.isForeign || rest?.some((word) => word.includes('$'))
      ? undefined
      : rest?.map((word) => word.replaceAll('\0', '$'));
  const lost = mount && keepsNothing(service, image.image ?? base, mount.target);
  const bound = mount ? undefined : dataFolderOf(service, base);
  const who = loginOf(set, service, login);
  const { user, password } = who;
  const isOpen = login?.optional === true && !who.isTold && (mount ?? bound) !== undefined;
  const carried = carriedEvidence(service);
  // another image looks for its files elsewhere
  const files = image.image === undefined ? [] : filesOf(service, bound, project);
  return {
    data: {
      ...(image.image === undefined ? {} : { image: image.image }),
      ...(mount && key !== undefined
        ? { volume: { key, ...(name === undefined ? {} : { name }), path: lost?.path ?? mount.target } }
        : {}),
      ...(bound?.source === undefined ? {} : { folder: { source: bound.source, path: bound.target } }),
      ...(files.length > 0 ? { files: files.map(({ source, target }) => ({ source, path: target })) } : {}),
      ...(command === undefined ? {} : { command: [...command] }),
      ...who.found,
      ...secret,
      ...(isOpen ? { open: true as const } : {}),
      ...(carried.length > 0 ? { keys: [...carried] } : {}),
      from,
    },
    leftOut: [
      ...keyEvidence(service),
      ...withoutBase(service, base, image),
      ...(image.isForeign ? withoutForeign(service, volume) : []),
      ...(mount && lost ? [movedVolume(service, mount, lost)] : []),
      ...bindsOf(service, [...(bound ? [bound] : []), ...files]),
      ...(login && (mount ?? bound) ? (isOpen ? openData(service) : withoutLogin(service, { user, password })) : []),
    ],
  };
}

/** A command without the option that holds a password, and that password: as it is written, or the variable that holds it. */
function withoutPassword(
  argv: readonly string[] | undefined,
  option: string | undefined,
): {
  readonly rest: readonly string[] | undefined;
  readonly secret: Pick<ExistingData, 'password' | 'passwordVariable'>;
} {
  const at = option === undefined ? -1 : (argv?.indexOf(option) ?? -1);
  const text = at === -1 ? undefined : argv?.[at + 1];
  if (!argv || text === undefined || text === '') return { rest: argv, secret: {} };
  const rest = [...argv.slice(0, at), ...argv.slice(at + 2)];
  const [, held] = /^\$\{?(\w+)(?::?[-?][^{}$]*)?\}?$/.exec(text) ?? [];
  if (held !== undefined) return { rest, secret: { passwordVariable: held } };
  return text.includes('$') || text.includes('\0') ? { rest: argv, secret: {} } : { rest, secret: { password: text } };
}

/** Who logs into a service, and into which database of it, as far as the author's files say it. */
function loginOf(set: ExistingCompose, service: ExistingService, login: ServiceDetection['login']) {
  const variable = (names: readonly string[] | undefined) =>
    names?.map((one) => ownValue(service, one)).find((value) => value !== undefined);
  // names are no secrets: what the example of the project says is better than a name of ours
  const nameIn = (names: readonly string[] | undefined) => variable(names) ?? exampleIn(set, service, names ?? []);
  // a variable that is given a value which is not known here is none that the image fills in
  const hasUser = login?.user.variables.some((one) => Object.hasOwn(service.env, one));
  const user = nameIn(login?.user.variables) ?? (hasUser ? undefined : login?.user.default);
  const database =
    (login?.database && addressedDatabase(set, service)) ??
    nameIn(login?.database?.variables) ??
    (login?.database?.ofUser ? user : undefined);
  const password = variable(login?.password.variables);
  const passwordVariable = login?.password.variables.flatMap((one) => variableOf(service, one) ?? [])[0];
  const told = [...(login?.user.variables ?? []), ...(login?.password.variables ?? [])];
  return {
    user,
    password,
    /** whether it may be told of a user, which need not be known here */
    isTold: told.some((one) => Object.hasOwn(service.env, one)) || service.has.includes('env_file'),
    found: {
      ...(user !== undefined && isPlain(user) ? { user } : {}),
      ...(database !== undefined && isPlain(database) ? { database } : {}),
      ...(password === undefined ? {} : { password }),
      ...(password === undefined && passwordVariable !== undefined ? { passwordVariable } : {}),
    },
  };
}

/** Data without a user stay without: a server that asks for one makes none over them, and lets nobody in. */
const openData = ({ name, from }: ExistingService): LeftOut[] => [
  {
    what: `login of ${name}`,
    why: 'its data was created without a user, so a server that requires one would reject everybody; only containers of this deployment can reach it. Create a user first, then add it under "environment"',
    from: [...from],
  },
];

/** The database that an address names with which another service of the set reaches this one: that is where its data lies. */
function addressedDatabase({ services }: ExistingCompose, { name }: ExistingService): string | undefined {
  for (const { env } of services) {
    for (const { value = '' } of Object.values(env)) {
      const [, host, database] =
        /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/\s]*@)?([\w.-]+)(?::\d+)?\/([\w.-]+)(?:\?|$)/.exec(value ?? '') ?? [];
      if (host === name && database !== undefined) return database;
    }
  }
  return undefined;
}

/** Who logs into data that are there already, where the author's files do not say it. */
function withoutLogin(
  { name, from: own }: ExistingService,
  { user, password }: { readonly user: string | undefined; readonly password: string | undefined },
): LeftOut[] {
  const from = [...own];
  const edit = 'set the name that the data was created with in the generated compose file, which keeps your edits';
  return [
    ...(user === undefined ? [{ what: `user of ${name}`, why: `it is not in the compose file: ${edit}`, from }] : []),
    ...(password === undefined
      ? [
          {
            what: `password of ${name}`,
            why: 'it is not in the compose file: set the one that the data was created with in .env',
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
    what: `changes of ${build?.dockerfile} to ${base} for ${name}`,
    why: 'the generated files use the base image: copy the additions into the volume, or build the image again',
    from,
  };
  return [
    ...(taken.why === undefined ? [] : [{ ...other, why: taken.why }]),
    ...(build?.dockerfile !== undefined && taken.image !== undefined ? [built] : []),
  ];
}

type Mount = ExistingService['mounts'][number];

/** What of a service of another maker the container of the catalogue does not take over, beside its image. */
const withoutForeign = ({ name, command }: ExistingService, volume: Mount | undefined): LeftOut[] => [
  ...(command
    ? [
        {
          what: `command of ${name}`,
          why: 'it belongs to the image that the catalog image replaces',
          from: [...command.from],
        },
      ]
    : []),
  ...(volume
    ? [
        {
          what: `${volume.source} mounted at ${volume.target} in ${name}`,
          why: 'its files belong to a different program: move the data through the service while it still runs, then delete it',
          from: [...volume.from],
        },
      ]
    : []),
];

type KeptService = { readonly title: string; readonly data: string; readonly path: string };

/** Where an image keeps its data, where nothing of it lands in a volume at `target`; undefined: it does, or nothing is known of the image. */
function keepsNothing({ env }: ExistingService, image: string | undefined, target: string): KeptService | undefined {
  const { repository, tag = '' } = imageInCompose(image ?? '');
  const known = Object.hasOwn(dataServices, repository) ? dataServices[repository] : undefined;
  const major = Number.parseInt(tag, 10);
  const folder = known?.folders?.find(({ since }) => (Number.isNaN(major) ? since === 0 : major >= since));
  if (!known || !folder || (folder.variable !== undefined && Object.hasOwn(env, folder.variable))) return undefined;
  const data = folder.data.replace('MAJOR', String(major));
  const holds = (outer: string, inner: string) => inner === outer || inner.startsWith(`${outer}/`);
  const at = posix.normalize(target).replace(/\/$/, '');
  // a volume of the image's own, below the mount, has the data instead
  const isHidden = holds(at, folder.volume) && at !== folder.volume;
  return holds(at, data) && !isHidden ? undefined : { title: known.title, data, path: folder.volume };
}

/** A volume that held nothing, and now does. */
const movedVolume = ({ name }: ExistingService, { source, target, from }: Mount, kept: KeptService): LeftOut => ({
  what: `${source} mounted at ${target} in ${name}`,
  why: `${kept.title} keeps its data in ${kept.data}, so the volume did not contain any of it; it is mounted at ${kept.path} now. Move the data of the old container with a dump`,
  from: [...from],
});

/** What of the repository a service has mounted: scripts that make its tables, its configuration. They are part of the deployment as the compose file is. */
function filesOf(
  { mounts }: ExistingService,
  data: Mount | undefined,
  project: Pick<Project, 'files'>,
): readonly (Mount & { readonly source: string })[] {
  const isTracked = (path: string) => project.files().some((file) => file === path || file.startsWith(`${path}/`));
  return mounts.flatMap((mount) => {
    const { type, source, target } = mount;
    const isPlainPath = source !== undefined && /^[\w][\w./-]*$/.test(source) && /^\/[\w./-]+$/.test(target);
    return type === 'bind' && mount !== data && isPlainPath && isTracked(source) ? [{ ...mount, source }] : [];
  });
}

/** What a service has mounted of this machine, besides the folder that its data lies in and what is part of the repository. */
const bindsOf = ({ name, mounts }: ExistingService, kept: readonly Pick<Mount, 'target'>[]): LeftOut[] =>
  mounts
    .filter((mount) => mount.type === 'bind' && !kept.some(({ target }) => target === mount.target))
    .map(({ source, target, from }) => ({
      what: `${source} mounted at ${target} in ${name}`,
      why: 'it is not in the repository, and the generated files do not mount other host paths into a service: copy its content into the volume, or mount it again',
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

/** The first version that keeps its data below a path, where those before keep it elsewhere: who mounts that path has no older one. */
function versionAt(repository: string, target: string | undefined): string | undefined {
  const folders = Object.hasOwn(dataServices, repository) ? (dataServices[repository]?.folders ?? []) : [];
  const path = target === undefined ? undefined : posix.normalize(target).replace(/(.)\/$/, '$1');
  const found = folders.find(({ volume }) => volume === path);
  return found && found.since > 0 ? String(found.since) : undefined;
}

/**
 * The image with its version, so that the data stays readable; why not, where another takes its place. `target` is where its data is mounted, which says
 * something of the version where the author says none.
 */
function imageOf(
  image: string | undefined,
  { images = [], foreignImages = [], tags = {} }: ServiceDetection,
  target: string | undefined,
): { readonly image?: string; readonly why?: string; readonly isForeign?: true } {
  if (image === undefined)
    return { why: 'it is built here; the catalog image is used instead, and may not be able to read its data' };
  const { repository, tag } = imageInCompose(image);
  const isOneOf = (one: string) => repository === one || repository.endsWith(`/${one}`);
  const known = foreignImages.some(isOneOf) ? undefined : images.find(isOneOf);
  if (known === undefined)
    return {
      isForeign: true,
      why: `${image} uses different settings; the catalog image is used instead, and cannot read its data`,
    };
  const version = saysVersion(tag) ? tag : versionFor(versionAt(repository, target) ?? tags[known], tag);
  if (version === undefined || !/^[\w.-]+$/.test(version) || !/^[\w.\-/:]+$/.test(repository))
    return {
      why: `${image} has no version: set the key "services" to the version that created the data, or a new server may not be able to read it`,
    };
  return {
    image: `${repository}:${version}`,
    ...(version === tag
      ? {}
      : {
          why: `${image} has no version, so ${version} is used: set the key "services" to the version that created the data`,
        }),
  };
}
