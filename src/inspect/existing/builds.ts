import { posix } from 'node:path';
import { globMatcher } from '../../formats/glob/index.ts';
import { languages } from '../../languages/registry.gen.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ExistingCompose, ExistingDockerfile } from '../../model/existing.ts';
import type { Project } from '../../project/project.ts';
import type { ReadCompose } from './compose.ts';
import { isInFolder, type Purpose, purposeOfFolder, purposeOfName, variantOf } from './names.ts';
import type { BuildReference } from './references.ts';
import type { ReadService } from './services.ts';
import { builtFor, foldersNamed, type Said, saidBy } from './shared.ts';
import type { ReadStages } from './stages.ts';

/** A Dockerfile that was read, and what builds it. */
export type ReadFile = ReadStages & { readonly path: string; readonly text: string };

/** An application, and the folders of the others in the repository. */
export type Application = {
  readonly root: string;
  readonly others: readonly string[];
  /** what images of it are called where they are published */
  readonly imageNames?: readonly string[];
};

/** A build of a Dockerfile that the repository itself asks for. */
export type ImageUse = {
  readonly context: string;
  readonly target?: string;
  readonly by: ExistingCompose['use'] | 'command';
  readonly mounts: ReadService['mounts'];
  /** how it says which application it is for */
  readonly said: Said;
  readonly from: readonly Evidence[];
};

/** Everything that builds a Dockerfile: services of compose files, then commands and workflows. */
export function usesOf(
  path: string,
  sets: readonly ReadCompose[],
  builds: readonly BuildReference[],
): readonly ImageUse[] {
  const bySets = sets.flatMap(({ use, services }) =>
    services.flatMap((service): ImageUse[] => {
      const { build, mounts } = service;
      if (build?.dockerfile !== path) return [];
      const { context, target, from } = build;
      return [{ context, ...(target === undefined ? {} : { target }), by: use, mounts, said: saidBy(service), from }];
    }),
  );
  const byCommands = builds
    .filter(({ dockerfile }) => dockerfile === path)
    .map(({ context, target, from }): ImageUse => {
      return {
        context,
        ...(target === undefined ? {} : { target }),
        by: 'command',
        mounts: [],
        said: [],
        from: [from],
      };
    });
  return [...bySets, ...byCommands];
}

/** Which of the builds of a Dockerfile that several applications share are for one of them: those that say so, and those that say nothing. */
export function usesFor(file: ReadFile, uses: readonly ImageUse[], application: Application): SharedUses {
  const rows = uses.map((use) => ({ use, folders: builtFor(use.said, use.target, file, application) }));
  const own = rows.filter(({ folders }) => folders === undefined || folders.includes(application.root));
  return {
    uses: own.map(({ use }) => use),
    isNamed: own.some(({ folders, use }) => folders !== undefined && isDeployed(use)),
    isOthers: rows.some(({ use }) => isDeployed(use)) && !own.some(({ use }) => isDeployed(use)),
  };
}

type SharedUses = {
  readonly uses: readonly ImageUse[];
  /** a compose file builds it for the application by name */
  readonly isNamed: boolean;
  /** compose files build it for other applications alone */
  readonly isOthers: boolean;
};

const isDeployed = ({ by }: ImageUse): boolean => by === 'base' || by === 'override' || by === 'production';

/** The folder that a Dockerfile is built from: as the repository says it, else the folder in which most of what it copies lies. */
export function contextOf(
  { path, stages }: ReadFile,
  uses: readonly ImageUse[],
  project: Project,
  { root }: Application,
): string {
  const [use] = uses;
  if (use) return use.context;
  const own = posix.dirname(path);
  const sources = stages.flatMap(({ copies }) =>
    copies.filter(({ stage }) => stage === undefined).flatMap((copy) => copy.sources),
  );
  const named = [...new Set(sources)].filter((source) => !['.', './', '/'].includes(source)).slice(0, 50);
  const folders = [...new Set([own, ...(isInFolder(own, root) ? [root] : []), '.'])];
  const counts = folders.map(
    (folder) => named.filter((source) => filesAt(project, posix.join(folder, source)).length > 0).length,
  );
  const best = Math.max(...counts);
  // a folder of Docker files that says nothing is no application: it is built from the one above
  if (best === 0)
    return isInFolder(own, root) &&
      own !== root &&
      /^\.?(docker|deploy|build|ci|containers?)$/.test(posix.basename(own))
      ? root
      : own;
  return folders[counts.indexOf(best)] ?? own;
}

/** The files at a path or below it; a path with `*` or `?` is a pattern. */
function filesAt(project: Project, path: string): readonly string[] {
  const clean = posix.normalize(path).replace(/(.)\/$/, '$1');
  if (clean.startsWith('..') || clean.includes('$')) return [];
  if (!/[*?[]/.test(clean))
    return clean === '.' ? project.files() : project.files().filter((file) => isInFolder(file, clean));
  if (clean.length > 200) return [];
  const matches = globMatcher(clean, {});
  return project
    .files()
    .filter((file) => matches(file) || matches(file.split('/').slice(0, clean.split('/').length).join('/')));
}

type Verdict = Pick<ExistingDockerfile, 'builds' | 'why'> & { readonly purpose?: Purpose };

/**
 * Whether a Dockerfile builds an application. What runs or ships the application says so itself; else its name and its folder may say that it is
 * for something else, and what it copies shows the rest.
 */
export function verdictOf(
  file: ReadFile,
  context: string,
  { uses, isNamed, isOthers }: SharedUses,
  application: Application,
  project: Project,
): Verdict {
  const { path } = file;
  const { root } = application;
  if (isOthers) return { builds: 'other', why: 'compose files build it for other applications' };
  const covers = isNamed ? 'it takes the application by name' : coverage(file, context, application, project);
  const named =
    purposeOfName(variantOf(path)) ?? purposeOfFolder(isInFolder(path, root) ? posix.relative(root, path) : path);
  if (covers && uses.some(isDeployed))
    return {
      builds: 'application',
      why: `${covers}, and a compose file builds it`,
      ...(named ? { purpose: named } : {}),
    };
  if (named === 'test')
    return { builds: 'other', why: 'its name or folder shows that it is for tests', purpose: named };
  if (named === 'other')
    return {
      builds: 'other',
      why: 'its name or folder shows that it does not belong to the application',
      purpose: named,
    };
  const purpose = named ? { purpose: named } : {};
  if (covers) return { builds: 'application', why: covers, ...purpose };
  const mount = uses
    .flatMap(({ mounts }) => mounts)
    .find(({ type, source }) => type === 'bind' && source !== undefined && isInFolder(root, source));
  if (mount) return { builds: 'application', why: 'a compose file mounts the application into it', ...purpose };
  const isPlain = variantOf(path) === '' && posix.dirname(path) === root;
  if (isPlain) return { builds: 'application', why: 'it is beside the application under the usual name', ...purpose };
  return { builds: 'other', why: 'it copies nothing of the application', ...purpose };
}

/** What shows that a Dockerfile copies the application; undefined where nothing does. */
function coverage(
  file: ReadFile,
  context: string,
  { root, others }: Application,
  project: Project,
): string | undefined {
  const { stages } = file;
  const within = others.filter((other) => other !== root && isInFolder(other, root));
  const sources = stages.flatMap(({ copies }) =>
    copies.filter(({ stage }) => stage === undefined).flatMap((copy) => copy.sources),
  );
  const paths = [
    ...new Set(sources.map((source) => posix.normalize(posix.join(context, source)).replace(/(.)\/$/, '$1'))),
  ];
  const manifests = languages.flatMap((language) => language.manifests).map((name) => posix.join(root, name));
  const hasManifest = manifests.some((path) => project.has(path));
  for (const path of paths.slice(0, 200)) {
    if (within.some((other) => isInFolder(path, other))) continue;
    if (isInFolder(root, path)) {
      const rest = others.filter((other) => other !== root && isInFolder(other, path));
      if (rest.length === 0 || names(file, root, rest))
        return `it copies ${path === '.' ? 'the whole repository' : path}`;
      continue;
    }
    const files = filesAt(project, path);
    const manifest = files.find((file) => manifests.includes(file));
    const elsewhere = others.filter((other) => other !== root);
    if (manifest !== undefined && (elsewhere.length === 0 || names(file, root, elsewhere)))
      return `it copies ${manifest}`;
    const endings = languages.flatMap((language) => language.endings);
    const source = hasManifest
      ? undefined
      : files.find((file) => isInFolder(file, root) && endings.includes(posix.extname(file)));
    if (source !== undefined) return `it copies ${source}`;
  }
  return undefined;
}

/**
 * Which of several applications a Dockerfile is for that copies all of them: the one whose folder the command of its last stage names, or, where that
 * names none, the one whose folder this stage names, or the whole text, or in whose folder it lies.
 */
function names({ stages, text, path }: ReadFile, root: string, others: readonly string[]): boolean {
  const last = stages.at(-1);
  const isWithin = [root, ...others].some((folder) => folder !== '.' && isInFolder(path, folder));
  const started = isWithin ? [] : foldersNamed(commandOf(last), [root, ...others]);
  if (started.length > 0) return started.includes(root);
  const parts = last ? [last.workdir, ...commandOf(last), ...last.copies.flatMap(({ sources }) => sources)] : [];
  for (const place of [parts.join(' '), text]) {
    const isNamed = (folder: string) =>
      folder !== '.' &&
      (place.includes(`${folder}/`) || place.includes(`/${folder}`) || wordIn(place, posix.basename(folder)));
    const named = others.filter(isNamed);
    if (isNamed(root)) return true;
    if (named.length > 0) return root === '.' && named.length > 1;
  }
  return !others.some((other) => other !== '.' && isInFolder(path, other));
}

const commandOf = (stage: ReadFile['stages'][number] | undefined): readonly string[] => [
  ...(stage?.entrypoint?.argv ?? []),
  ...(stage?.command?.argv ?? []),
];

const wordIn = (text: string, word: string): boolean => text.split(/[^\w-]+/).includes(word);

/** Files that are looked at for production first: those without a word of another purpose in their names, and those that are deployed. */
export function rankOf(
  file: Pick<ExistingDockerfile, 'path' | 'builds' | 'production'>,
  uses: readonly ImageUse[],
): number {
  const variant = variantOf(file.path);
  const isShipped = uses.some(({ by }) => by === 'production' || by === 'base');
  return (
    (file.builds === 'application' ? 0 : 1000) +
    (file.production === undefined ? 500 : 0) +
    (isShipped ? 0 : 100) +
    (variant === '' ? 0 : purposeOfName(variant) === 'production' ? 10 : 20) +
    Math.min(9, file.path.split('/').length)
  );
}
