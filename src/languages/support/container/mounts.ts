/** What the container of the author keeps: volumes, folders and files of the project that are mounted, and who owns them. */
import { posix } from 'node:path';
import { usersOfImages } from '../../../catalog/runtime-images.ts';
import type { ExistingCompose } from '../../../model/existing.ts';
import type { Facts, LeftOut } from '../../../model/facts.ts';
import type { ContainerEvidence, ReadValue } from './evidence.ts';
import { inApplication, workdirOf } from './paths.ts';

/** What of the project decides whether a mount of the author's holds the sources, or what the application keeps. */
export type MountedProject = {
  readonly root: string;
  /** what building needs, relative to the folder of the application */
  readonly sources: readonly string[];
  /** manifests, lockfiles and what else installing reads, relative to the repository */
  readonly manifests: readonly string[];
  /** all files of the repository */
  readonly files: readonly string[];
  /** why a path is none of the data of an application, such as a folder of packages; undefined: it may be */
  readonly notData: (path: string) => string | undefined;
  /** whether a file is source code, by its name: no application writes any */
  readonly isCode: (path: string) => boolean;
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
  for (const { type, source, target, readOnly: isFixed, from } of evidence.service?.mounts ?? []) {
    if (type !== 'bind' || source === undefined) continue;
    const why = notMounted(source, target, project) ?? hiding(evidence, target);
    if (why === undefined) {
      const path = inApplication(evidence, target);
      const readOnly = isFixed || holdsCode(source, project);
      mounted.push({ source, path, readOnly, ...(user === undefined || readOnly ? {} : { user }), from });
    } else leftOut.push({ what: `${source} mounted at ${target}`, why, from });
  }
  return { mounted, leftOut };
}

/** Why a generated set does not mount something; undefined: it does. */
function notMounted(source: string, target: string, project: MountedProject): string | undefined {
  const { root, sources, files, notData } = project;
  if (/^([/~]|\.\.(\/|$)|[a-z]:)/i.test(source) || source.includes('$'))
    return 'it is outside the project: mount it again if you need it';
  const own = sources.map((value) => posix.join(root, value));
  const isTracked = files.some((file) => isBelow(source, file));
  const holdsSources = isBelow(source, root) || own.some((value) => isBelow(source, value));
  const isSource = isTracked && own.some((value) => isBelow(value, source));
  const isManifest = files.includes(source) && posix.dirname(source) === root && isCopied(project, source);
  if (holdsSources || isSource || isManifest)
    return 'the image has a copy of the sources; the development compose file mounts them';
  return notData(target) ?? notData(source);
}

/** A mount over the folder of the application leaves nothing of the image there. */
const hiding = (evidence: ContainerEvidence, target: string): string | undefined =>
  posix.relative(target, workdirOf(evidence)).startsWith('..')
    ? undefined
    : 'it would hide the application in the image';

/** Whether a folder has nothing but source code, as far as git has it. */
function holdsCode(source: string, { files, isCode }: MountedProject): boolean {
  const own = files.filter((file) => file.startsWith(`${source}/`));
  return own.length > 0 && own.every(isCode);
}

const isBelow = (folder: string, path: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);

/** Whether a file beside the manifests is one that the image gets a copy of anyway. */
const isCopied = ({ manifests }: MountedProject, source: string): boolean => manifests.includes(source);

/** The user of the author's container as numbers, where it is another one than that of a generated image; undefined: the same, or only known by a name. */
function foreignUser({ stage, service }: ContainerEvidence): string | undefined {
  const [name = 'root', group] = ((service?.user ?? stage?.user)?.value ?? 'root').split(':');
  if (name === 'root' || /^0+$/.test(name)) return '0:0';
  if (!/^\d+$/.test(name) || name === '1000') return undefined;
  return `${name}:${group !== undefined && /^\d+$/.test(group) ? group : name}`;
}

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
    mounted.some((item) => !item.readOnly && item.user === undefined);
  if (!keeps || name === '1000' || usersOfImages.includes(name)) return [];
  const why =
    'the generated image runs as the user 1000, which must own the files that it writes: `docker compose run --rm --user root --entrypoint chown app -R 1000:1000 PATH`';
  return [{ what: `user ${name}`, why, from: [...(user?.from ?? stage?.from ?? service?.from ?? [])] }];
}

/** Folders of the container that hold data: named volumes and VOLUME, relative to the application where they lie in its folder. */
export function dataFolders(evidence: ContainerEvidence): readonly (ReadValue & { readonly volume?: string })[] {
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
export function realName(set: ExistingCompose, key: string): string | undefined {
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
