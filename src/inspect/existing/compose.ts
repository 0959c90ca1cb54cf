import { posix } from 'node:path';
import { composeNames, composeOverrideNames, isComposeBase, isComposeName } from '../../catalog/docker-files.ts';
import { type EffectiveCompose, readCompose } from '../../formats/compose/index.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { UserError } from '../../model/errors.ts';
import type { ExistingCompose } from '../../model/existing.ts';
import { isTable } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import { purposeOfFolder, purposeOfName, variantOf } from './names.ts';
import type { ComposeReference } from './references.ts';
import { type ReadService, readServices } from './services.ts';
import { at, type Broken, textOf } from './text.ts';
import { variablesOf } from './variables.ts';

/** Compose files that belong together, read; what their services are is not known yet. */
export type ReadCompose = Omit<ExistingCompose, 'services'> & { readonly services: readonly ReadService[] };

type FileSet = Pick<ExistingCompose, 'files' | 'use' | 'why'>;

/** So many compose files are read, those nearest to the root first. */
const MAX_FILES = 60;

/** The compose files of a repository by what they are used for, the base first, and what is wrong with them. */
export function readComposeSets(
  project: Project,
  references: readonly ComposeReference[],
  named: readonly string[],
  variables: Readonly<Record<string, string>>,
): { readonly sets: readonly ReadCompose[]; readonly broken: readonly Broken[] } {
  const broken: Broken[] = [];
  const all = [...new Set([...project.files().filter(isComposeName), ...named])].filter((path) => project.has(path));
  const files = all.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, MAX_FILES);
  for (const file of all.slice(MAX_FILES))
    broken.push({ file, message: `${file} was not read: there are more than ${MAX_FILES} compose files.` });
  const sets = setsOf(project, files, references).flatMap((set) => {
    const read = readSet(project, set, variables);
    broken.push(...read.broken);
    return read.set ? [read.set] : [];
  });
  return { sets: sets.sort((a, b) => order(a) - order(b)), broken };
}

const depth = (path: string): number => path.split('/').length;

const uses: readonly ExistingCompose['use'][] = ['base', 'override', 'production', 'development', 'test', 'other'];
const order = ({ use, files }: ReadCompose): number => uses.indexOf(use) * 100 + Math.min(99, depth(files[0] ?? ''));

function setsOf(
  project: Project,
  files: readonly string[],
  references: readonly ComposeReference[],
): readonly FileSet[] {
  const folders = [...new Set(files.map((path) => posix.dirname(path)))];
  const rootBase = baseIn('.', files);
  return folders.flatMap((folder): FileSet[] => {
    const own = files.filter((path) => posix.dirname(path) === folder);
    const base = baseIn(folder, files);
    const override =
      base && composeOverrideNames.map((name) => posix.join(folder, name)).find((path) => own.includes(path));
    const variants = own.filter((path) => path !== base && path !== override);
    return [
      ...(base ? [baseSet(base, folder, rootBase)] : []),
      ...(base && override ? [overrideSet(base, override)] : []),
      ...variants.map((path) => variantSet(project, path, base ?? rootBase, references)),
    ];
  });
}

const baseIn = (folder: string, files: readonly string[]): string | undefined =>
  composeNames.map((name) => posix.join(folder, name)).find((path) => files.includes(path));

function baseSet(base: string, folder: string, rootBase: string | undefined): FileSet {
  const purpose = folder === '.' ? undefined : purposeOfFolder(base);
  if (purpose !== undefined) return { files: [base], use: purpose, why: `its folder, ${folder}, suggests ${purpose}` };
  const why =
    base === rootBase ? 'Docker Compose loads it by default' : `Docker Compose loads it by default in ${folder}`;
  return { files: [base], use: 'base', why };
}

/** The override of a folder that is for something else goes with its base. */
function overrideSet(base: string, override: string): FileSet {
  const purpose = purposeOfFolder(base);
  return {
    files: [base, override],
    use: purpose === undefined ? 'override' : purpose,
    why: `Docker Compose merges it into ${base} by default`,
  };
}

function variantSet(
  project: Project,
  path: string,
  base: string | undefined,
  references: readonly ComposeReference[],
): FileSet {
  const variant = variantOf(path);
  const purpose = purposeOfName(variant) ?? purposeOfFolder(path);
  const use = purpose ?? 'other';
  const why =
    purpose === undefined ? 'neither its name nor its folder shows its purpose' : `its name suggests ${purpose}`;
  const together = references.find(({ files }) => files.at(-1) === path && files.every((file) => project.has(file)));
  if (together) return { files: [...together.files], use, why: `${why}, and ${placeOf(together)} uses it that way` };
  if (isComposeBase(path)) {
    return { files: [path], use: 'other', why: `Docker Compose reads ${base} instead` };
  }
  return { files: base !== undefined && needsBase(project, path, base) ? [base, path] : [path], use, why };
}

const placeOf = ({ from }: ComposeReference): string => `${from.file}:${from.line}`;

/**
 * Whether a file only makes sense over the base: a service in it has no image, one waits for a service that it lacks, or it lacks what a service
 * of the same name waits for in the base.
 */
function needsBase(project: Project, path: string, base: string): boolean {
  const services = rawServices(project, path);
  const below = rawServices(project, base);
  if (!services || Object.keys(services).length === 0) return true;
  return Object.entries(services).some(([name, service]) => {
    const wanted = [...waitsFor(service), ...waitsFor(below?.[name])];
    return !hasImage(service) || wanted.some((other) => !Object.hasOwn(services, other));
  });
}

function rawServices(project: Project, path: string): Readonly<Record<string, unknown>> | undefined {
  const root = raw(project, path);
  return root && isTable(root['services']) ? root['services'] : undefined;
}

function raw(project: Project, path: string): Readonly<Record<string, unknown>> | undefined {
  const read = textOf(project, path);
  if (!read || !('text' in read)) return undefined;
  try {
    const { value } = parseYaml(read.text, path);
    return isTable(value) ? value : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const waitsFor = (service: unknown): readonly string[] => {
  const waits = isTable(service) ? service['depends_on'] : undefined;
  return Array.isArray(waits) ? waits.map(String) : isTable(waits) ? Object.keys(waits) : [];
};

/** A service with a `build` that only names a stage takes the rest from the base. */
function hasImage(service: unknown): boolean {
  if (!isTable(service)) return false;
  const { build } = service;
  const isWhole = isTable(build)
    ? ['context', 'dockerfile', 'dockerfile_inline'].some((key) => Object.hasOwn(build, key))
    : build !== undefined;
  return isWhole || ['image', 'extends', 'provider'].some((key) => Object.hasOwn(service, key));
}

function readSet(
  project: Project,
  { files, use, why }: FileSet,
  variables: Readonly<Record<string, string>>,
): { readonly set?: ReadCompose; readonly broken: readonly Broken[] } {
  const [first = ''] = files;
  const read = (path: string) => {
    const found = textOf(project, path);
    return found && 'text' in found ? found.text : undefined;
  };
  let effective: EffectiveCompose;
  try {
    effective = readCompose({ files, read, variables, asWritten: true });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { file = first, line } = error.where ?? {};
    return { broken: [{ file, ...(line === undefined ? {} : { line }), message: error.message }] };
  }
  const broken = effective.refused.map(({ key, why: reason, place }) => ({
    file: place?.file ?? first,
    ...(place ? { line: place.line } : {}),
    message: `${key} was not read. ${reason}.`,
  }));
  const name = files.map((path) => raw(project, path)?.['name']).findLast((value) => typeof value === 'string');
  return {
    set: {
      files: [...files],
      use,
      why,
      ...(typeof name === 'string' ? { name } : {}),
      services: readServices(effective),
      volumes: volumesOf(effective),
      networks: Object.keys(effective.model.networks ?? {}),
      ...variablesOf(
        files.map((path) => ({ file: path, root: raw(project, path) })),
        variables,
      ),
      from: files.map((file) => at(file, undefined, why)),
    },
    broken,
  };
}

function volumesOf({ model, place }: EffectiveCompose): ExistingCompose['volumes'] {
  const project = typeof model['name'] === 'string' ? model['name'] : '';
  return Object.fromEntries(
    Object.entries(model.volumes ?? {}).map(([key, volume]) => {
      const name = volume?.['name'];
      // compose names every other volume after the project
      const isOwn = typeof name === 'string' && name !== `${project}_${key}`;
      const found = place(['volumes', key]);
      const from = found ? [at(found.file, found.line, `volumes.${key}`)] : [];
      return [key, { ...(isOwn ? { name } : {}), external: volume?.['external'] === true, from }];
    }),
  );
}
