import { posix } from 'node:path';
import { type Import, type Source, sourceEndings } from '../../../formats/source/index.ts';
import { isTable, readData } from '../../../project/data.ts';
import { filesBelow } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { interpreterLine, readSource } from '../../../project/source.ts';
import type { App } from '../app.ts';
import { emittedFrom } from '../manifest/tsconfig.ts';

/** The modules of an app: what is reached from where it starts, and nothing else. */
export type Modules = {
  /** parsed sources, the entry first, in the order in which they are reached */
  readonly sources: readonly Source[];
  /** other files that are imported: JSON, HTML, SQL, text */
  readonly files: readonly string[];
  /** imports of packages and built-ins that are there at run time, with the source of each */
  readonly packages: readonly { readonly name: string; readonly source: Source; readonly at: Import }[];
  /** relative imports of files that are not there */
  readonly missing: readonly { readonly source: Source; readonly at: Import }[];
  /** the file of the repository that an import of `from` means; undefined: a package, or not there */
  readonly resolve: (from: string, specifier: string) => string | undefined;
  readonly source: (file: string) => Source | undefined;
};

const isSource = (file: string): boolean =>
  sourceEndings.some((ending) => file.endsWith(ending)) && !file.endsWith('.d.ts');

/** Files that are tests by their name or folder: what they read says nothing about the app. */
export const isTest = (file: string): boolean =>
  /(^|\/)(__tests__|__mocks__|tests?|spec|e2e)\//.test(file) || /[._-](test|spec|e2e|bench)\.[cm]?[jt]sx?$/.test(file);

/** The files of an app by its own paths, without those of its tests. */
export const filesWithoutTests = ({ project, root }: App): readonly string[] =>
  filesBelow(project.files(), root).filter((file) => !isTest(file));

/** Names of files as a tool of the app resolves them: patterns, each with what it stands for below the folder of the app. */
export type Aliases = Readonly<Record<string, readonly string[]>>;

/** Reads the modules that are reached from some files of the app by imports. */
export function readModules(app: App, entries: readonly string[], own: Aliases = {}): Modules {
  const { project } = app;
  const resolve = resolver(app, own);
  const parsed = new Map<string, Source>();
  const files: string[] = [];
  const packages: { name: string; source: Source; at: Import }[] = [];
  const missing: { source: Source; at: Import }[] = [];
  // grows while it is walked; taking from its front would move all the rest each time
  const queue = new Set(entries);
  for (const file of queue) {
    const source = isSource(file) || isProgram(project, file) ? readSource(project, file) : undefined;
    if (!source) {
      if (fileSet(project).has(file)) files.push(file);
      continue;
    }
    parsed.set(file, source);
    for (const at of source.imports) {
      if (at.typeOnly) continue;
      const target = resolve(file, at.specifier);
      if (target !== undefined) queue.add(target);
      else if (at.caught || isDeclared(project, file, at.specifier)) continue;
      else if (at.specifier.startsWith('.') || isSettings(app, at.specifier)) missing.push({ source, at });
      else if (!/^[./]/.test(at.specifier)) packages.push({ name: packageOf(at.specifier), source, at });
    }
  }
  return {
    sources: [...parsed.values()],
    files,
    packages,
    missing,
    resolve,
    source: (file) => parsed.get(file),
  };
}

/** Whether only the types of a module are there: importing it gives nothing when it runs, and the compiler takes it out. */
const isDeclared = (project: Project, from: string, specifier: string): boolean =>
  specifier.startsWith('.') &&
  fileSet(project).has(`${posix.join(posix.dirname(from), specifier).replace(/\.[cm]?js$/, '')}.d.ts`);

/** A file of data under a name of the project's own, which no package has: `root/config.json` by the paths of the compiler. */
const isSettings = ({ manifest }: App, specifier: string): boolean =>
  specifier.endsWith('.json') &&
  !/^[./]/.test(specifier) &&
  !specifier.includes(':') &&
  !['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].some(
    (key) => manifest?.text([key, packageOf(specifier)]) !== undefined,
  );

/** The package of a specifier: `@scope/name/part` is of `@scope/name`; built-ins with a scheme (`node:fs`) stay whole. */
export function packageOf(specifier: string): string {
  if (specifier.includes(':')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function resolver(app: App, own: Aliases): Modules['resolve'] {
  const { project } = app;
  const aliases = [...pathAliases(app), ...patterns(own, app.root)];
  const members = app.members?.names;
  const resolved = (folder: string, specifier: string): string | undefined => {
    if (/^\.\.?(\/|$)/.test(specifier)) return ofPath(project, posix.join(folder, specifier));
    for (const alias of aliases) {
      const target = alias(specifier);
      const found = target.map((one) => existing(project, one)).find((one) => one !== undefined);
      if (found !== undefined) return found;
    }
    const member = members?.get(packageOf(specifier));
    return member === undefined
      ? undefined
      : entryOfMember(project, member, specifier.slice(packageOf(specifier).length + 1));
  };
  // the files of a folder import the same modules, and whoever follows a value asks for the same few imports many times
  const known = new Map<string, Map<string, string | undefined>>();
  return (from, specifier) => {
    const folder = posix.dirname(from);
    const ofFolder = known.get(folder) ?? new Map<string, string | undefined>();
    if (ofFolder.has(specifier)) return ofFolder.get(specifier);
    const file = resolved(folder, specifier);
    known.set(folder, ofFolder.set(specifier, file));
    return file;
  };
}

/** The file behind a path; where building makes it, its source. */
export const ofPath = (project: Project, path: string): string | undefined =>
  existing(project, path) ??
  emittedFrom(project, posix.normalize(path))
    .map((one) => existing(project, one))
    .find((one) => one !== undefined);

const fileSets = new WeakMap<Project, ReadonlySet<string>>();

/** The files of a project as a set: asking the disk for each of many candidates would take most of the time. */
export function fileSet(project: Project): ReadonlySet<string> {
  const known = fileSets.get(project) ?? new Set(project.files());
  fileSets.set(project, known);
  return known;
}

/** The file behind a path without an ending, with the ending of its output (`.js` for `.ts`), or of a folder. */
export function existing(project: Project, raw: string): string | undefined {
  const path = posix.normalize(raw).replace(/\/$/, '');
  return path.startsWith('..') ? undefined : (mainOf(project, path) ?? plainly(project, path));
}

function plainly(project: Project, path: string): string | undefined {
  const files = fileSet(project);
  if (/\.[a-z0-9]+$/i.test(path) && files.has(path)) return path;
  const written = path.match(/^(.*)\.([cm]?)jsx?$/);
  const candidates = [
    ...(written ? [`${written[1]}.${written[2]}ts`, `${written[1]}.tsx`] : []),
    ...sourceEndings.map((ending) => path + ending),
    `${path}.json`,
    // `import '..'` of a folder below the root means its index
    ...sourceEndings.map((ending) => posix.join(path, `index${ending}`)),
  ];
  return candidates.find((one) => files.has(one)) ?? (isProgram(project, path) ? path : undefined);
}

/** A program without an ending whose first line says what runs it: `bin/tool` with `#!/usr/bin/env node`. */
const isProgram = (project: Project, path: string): boolean =>
  fileSet(project).has(path) &&
  !posix.basename(path).includes('.') &&
  /\b(node|bun|tsx)\b/.test(interpreterLine(project, path) ?? '');

const manifestFolders = new WeakMap<Project, ReadonlySet<string>>();

/** The folders that have a package.json of their own. */
function foldersWithManifest(project: Project): ReadonlySet<string> {
  const known =
    manifestFolders.get(project) ??
    new Set(project.files().flatMap((file) => (/(^|\/)package\.json$/.test(file) ? [posix.dirname(file)] : [])));
  manifestFolders.set(project, known);
  return known;
}

/** The module that `main` of the package.json of a folder names. */
function mainOf(project: Project, folder: string): string | undefined {
  if (!foldersWithManifest(project).has(folder)) return undefined;
  const main = readData(project, posix.join(folder, 'package.json'))?.text(['main']);
  return main === undefined ? undefined : plainly(project, posix.join(folder, main).replace(/\/$/, ''));
}

type Alias = (specifier: string) => readonly string[];

/** `paths` and `baseUrl` of tsconfig.json (one `extends` deep), and `imports` of package.json. */
function pathAliases(app: App): readonly Alias[] {
  const { project } = app;
  const config = readData(project, app.path('tsconfig.json')) ?? readData(project, app.path('jsconfig.json'));
  const parent = config?.text(['extends']);
  const extended = parent?.startsWith('.') ? readData(project, withEnding(app.path(parent), '.json')) : undefined;
  const found: Alias[] = [];
  for (const data of [config, extended]) {
    if (!data) continue;
    const baseUrl = data.text(['compilerOptions', 'baseUrl']);
    const base = posix.join(posix.dirname(data.file), baseUrl ?? '.');
    const paths = data.at(['compilerOptions', 'paths']);
    if (isTable(paths)) found.push(...patterns(paths, base));
    if (baseUrl !== undefined)
      found.push((specifier) => (specifier.startsWith('@') ? [] : [posix.join(base, specifier)]));
  }
  const imports = app.manifest?.at(['imports']);
  if (isTable(imports)) found.push(...patterns(imports, app.root));
  return found;
}

const withEnding = (path: string, ending: string) => (path.endsWith(ending) ? path : path + ending);

function patterns(table: Readonly<Record<string, unknown>>, base: string): readonly Alias[] {
  return Object.entries(table).map(([pattern, value]) => {
    const targets = targetsOf(value);
    const [head = '', tail] = pattern.split('*');
    return (specifier) => {
      if (tail === undefined) return specifier === pattern ? targets.map((one) => posix.join(base, one)) : [];
      if (!specifier.startsWith(head) || !specifier.endsWith(tail) || specifier.length < head.length + tail.length)
        return [];
      const star = specifier.slice(head.length, specifier.length - tail.length);
      return targets.map((one) => posix.join(base, one.replace('*', star)));
    };
  });
}

/** The paths behind a key: a text, a list, or conditions, of which all are tried. */
function targetsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(targetsOf);
  return isTable(value) ? Object.entries(value).flatMap(([key, one]) => (key === 'types' ? [] : targetsOf(one))) : [];
}

function entryOfMember(project: Project, folder: string, part: string): string | undefined {
  const data = readData(project, `${folder}/package.json`);
  const exported = data?.at(['exports']);
  const key = part === '' ? '.' : `./${part}`;
  const own = isTable(exported) && Object.hasOwn(exported, key) ? exported[key] : part === '' ? exported : undefined;
  const named =
    part === '' ? [data?.text(['module']), data?.text(['main']), 'src/index', 'index'] : [part, `src/${part}`];
  const candidates = [...targetsOf(own), ...named].filter((one) => one !== undefined);
  for (const one of candidates) {
    const found = existing(project, posix.join(folder, one));
    if (found !== undefined) return found;
  }
  return undefined;
}
