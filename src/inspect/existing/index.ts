import { posix } from 'node:path';
import { isComposeName } from '../../catalog/docker-files.ts';
import { isProgram, runtimeOfImage } from '../../catalog/runtime-images.ts';
import { type Dockerfile, parseDockerfile } from '../../formats/dockerfile/index.ts';
import { shellFor } from '../../formats/shell/commands.ts';
import type { ExistingCompose, ExistingDeployment, ExistingDockerfile } from '../../model/existing.ts';
import type { Project } from '../../project/project.ts';
import {
  type Application,
  contextOf,
  type ImageUse,
  type ReadFile,
  rankOf,
  usesFor,
  usesOf,
  verdictOf,
} from './builds.ts';
import type { ReadCompose } from './compose.ts';
import { type Devcontainer, readDevcontainer } from './devcontainer.ts';
import { isDockerfileName, isInFolder, purposeOfFolder, purposeOfName, variantOf } from './names.ts';
import { type NamedCommand, type References, readReferences } from './references.ts';
import { runsOf } from './runs.ts';
import { usesOfStages } from './stage-purposes.ts';
import { readStages } from './stages.ts';
import { at, type Broken, textOf } from './text.ts';

export { readExisting } from './files.ts';

/** The Docker files of a repository, read once for all of its applications. */
export type DockerFiles = {
  readonly project: Project;
  readonly dockerfiles: readonly ReadFile[];
  readonly sets: readonly ReadCompose[];
  readonly references: References;
  readonly devcontainer: Devcontainer | undefined;
  readonly dockerignores: readonly string[];
  readonly broken: readonly Broken[];
};

/** So many Dockerfiles are read, those nearest to the root first. */
const MAX_FILES = 60;
/** A Dockerfile of more stages or words is none that people write; what a stage takes over is repeated in it. */
const MAX_STAGES = 60;
const MAX_WORDS = 10_000;

/**
 * Reads every Docker file of a repository: Dockerfiles under any name, compose files, ignore files, a devcontainer, and what scripts and workflows
 * do with them. `commands` are those of the manifests, `variables` examples of settings that fill in compose files. Nothing is run, and what cannot be
 * read is listed as broken.
 */
export async function readDockerFiles(
  project: Project,
  commands: readonly NamedCommand[],
  variables: Readonly<Record<string, string>>,
): Promise<DockerFiles> {
  const said = await readReferences(project, commands);
  const references = { ...said, builds: said.builds.map((one) => withFoundFile(project, one)) };
  const devcontainer = readDevcontainer(project);
  const found = await readSets(project, references, devcontainer, variables);
  const { broken: brokenSets } = found;
  const sets = found.sets.map((set) => ({
    ...set,
    services: set.services.map((one) => (one.build ? { ...one, build: withFoundFile(project, one.build) } : one)),
  }));
  const named = [
    ...sets.flatMap(({ services }) => services.flatMap(({ build }) => build?.dockerfile ?? [])),
    ...references.builds.map(({ dockerfile }) => dockerfile),
    ...(devcontainer?.dockerfile === undefined ? [] : [devcontainer.dockerfile]),
  ];
  const paths = [
    ...new Set([...project.files().filter(isDockerfileName), ...named.filter((path) => project.has(path))]),
  ];
  paths.sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
  const read = await Promise.all(paths.slice(0, MAX_FILES).map((path) => readFile(project, path)));
  const skipped = paths.slice(MAX_FILES).map((file): Broken => {
    return { file, message: `${file} was not read: there are more than ${MAX_FILES} Dockerfiles.` };
  });
  return {
    project,
    dockerfiles: read.flatMap((one) => one.file ?? []),
    sets,
    references,
    devcontainer,
    dockerignores: project.files().filter((path) => /(^|\/|\.)\.?dockerignore$/.test(path)),
    broken: distinct([...read.flatMap((one) => one.broken), ...skipped, ...brokenSets]),
  };
}

/** A build with the file that BuildKit takes: where there is no `Dockerfile`, it looks for `dockerfile` (moby/buildkit, frontend/dockerui). */
function withFoundFile<T extends { readonly dockerfile?: string | undefined }>(project: Project, build: T): T {
  const { dockerfile } = build;
  if (dockerfile === undefined || posix.basename(dockerfile) !== 'Dockerfile' || project.has(dockerfile)) return build;
  const lower = posix.join(posix.dirname(dockerfile), 'dockerfile');
  return project.has(lower) ? { ...build, dockerfile: lower } : build;
}

/** The compose files. What reads them is loaded where there are some. */
async function readSets(
  project: Project,
  { compose }: References,
  devcontainer: Devcontainer | undefined,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly sets: readonly ReadCompose[]; readonly broken: readonly Broken[] }> {
  const named = [...compose.flatMap(({ files }) => files), ...(devcontainer?.compose ?? [])];
  if (named.length === 0 && !project.files().some(isComposeName)) return { sets: [], broken: [] };
  const { readComposeSets } = await import('./compose.ts');
  return readComposeSets(project, compose, named, variables);
}

const distinct = (all: readonly Broken[]): Broken[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];

async function readFile(
  project: Project,
  path: string,
): Promise<{ readonly file?: ReadFile; readonly broken: readonly Broken[] }> {
  const found = textOf(project, path);
  if (!found) return { broken: [] };
  if ('broken' in found) return { broken: [found.broken] };
  const { text } = found;
  const tree = parseDockerfile(text);
  const broken = tree.problems.map(({ line, message }): Broken => {
    return { file: path, line, message: `${path} is not a valid Dockerfile: ${message}.` };
  });
  if (tree.stages.length === 0) return { broken: broken.slice(0, 1) };
  if (tree.stages.length > MAX_STAGES || wordCount(tree) > MAX_WORDS)
    return { broken: [{ file: path, message: `${path} has too many stages or arguments to read.` }] };
  await shellFor(tree.instructions.filter(({ keyword }) => keyword === 'RUN').map(({ rest }) => rest.text));
  return { file: { path, text, ...readStages(tree, path) }, broken };
}

const wordCount = ({ instructions }: Dockerfile): number =>
  instructions.reduce((count, { args, pairs }) => count + 1 + args.length + pairs.length, 0);

/** What the Docker files say of one application; undefined where there are none. */
export function existingDeployment(files: DockerFiles, application: Application): ExistingDeployment | undefined {
  const { dockerignores, devcontainer, broken, references, sets } = files;
  const read = files.dockerfiles.map((file) => {
    const uses = usesOf(file.path, sets, references.builds);
    return { uses, dockerfile: dockerfileOf(file, uses, application, files) };
  });
  const dockerfiles = read
    .sort((a, b) => rankOf(a.dockerfile, a.uses) - rankOf(b.dockerfile, b.uses))
    .map(({ dockerfile }) => dockerfile);
  const compose = withServicesAlone(
    sets.map((set) => composeOf(set, sets, dockerfiles, application, files.project)),
    application,
  );
  const isEmpty = [dockerfiles, compose, dockerignores, broken].every((list) => list.length === 0) && !devcontainer;
  if (isEmpty) return undefined;
  return {
    dockerfiles,
    compose,
    dockerignores: [...dockerignores],
    ...(devcontainer ? { devcontainer } : {}),
    broken: [...broken],
  };
}

function dockerfileOf(
  file: ReadFile,
  all: readonly ImageUse[],
  application: Application,
  { project, devcontainer }: DockerFiles,
): ExistingDockerfile {
  const shared = usesFor(file, all, application);
  const { uses } = shared;
  const context = contextOf(file, uses, project, application);
  const isEditors =
    devcontainer?.dockerfile === file.path && uses.length === 0 && posix.dirname(file.path) !== application.root;
  const verdict = isEditors
    ? ({ builds: 'other', why: 'it belongs to the dev container' } as const)
    : verdictOf(file, context, shared, application, project);
  return {
    path: file.path,
    context,
    builds: verdict.builds,
    why: verdict.why,
    ...usesOfStages(file.stages, uses, 'purpose' in verdict ? verdict.purpose : undefined),
    unread: [...file.unread],
    from: [at(file.path, undefined, verdict.why), ...uses.flatMap(({ from }) => from)],
  };
}

function composeOf(
  set: ReadCompose,
  sets: readonly ReadCompose[],
  dockerfiles: readonly ExistingDockerfile[],
  application: Application,
  project: Project,
): ExistingCompose {
  const isRuntime = (image: string) => runtimeOfImage(image) !== undefined;
  const runs = runsOf(set, sets, dockerfiles, application, { isRuntime, isProgram, has: project.has });
  const services = set.services.map((service) => ({ ...service, ...runs(service.name) }));
  const another = anotherOf(set, application);
  return another !== undefined && services.every((service) => service.runs !== 'application')
    ? { ...set, services, use: 'other', why: `it is in ${another}, which is another application` }
    : { ...set, services };
}

/**
 * The compose files, where there is none to begin with but one that starts known services alone, whatever it is called (`docker-compose.services.yml`): those
 * are the services of the project. Of several such files nothing says which ones run together.
 */
function withServicesAlone(sets: readonly ExistingCompose[], application: Application): ExistingCompose[] {
  const isSaid = (path: string) => purposeOfName(variantOf(path)) !== undefined || purposeOfFolder(path) !== undefined;
  const found = sets.filter(
    ({ files, use, services }) =>
      use === 'other' &&
      files.length === 1 &&
      !files.some(isSaid) &&
      anotherOf({ files }, application) === undefined &&
      services.some(({ service }) => service !== undefined) &&
      services.every(({ runs, build }) => runs !== 'application' && build === undefined),
  );
  const [only] = found;
  const why = 'it only starts services, and there is no other base compose file';
  if (!only || found.length > 1 || sets.some(({ use }) => use !== 'other')) return [...sets];
  return sets.map((set) => (set === only ? { ...set, use: 'base', why } : set));
}

/** The folder of another application that a compose file lies in, and not this one. */
function anotherOf({ files }: Pick<ReadCompose, 'files'>, { root, others }: Application): string | undefined {
  const folder = posix.dirname(files[0] ?? '.');
  return others.find(
    (other) => other !== '.' && other !== root && isInFolder(folder, other) && !isInFolder(root, folder),
  );
}
