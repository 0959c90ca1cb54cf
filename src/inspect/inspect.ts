import { posix } from 'node:path';
import { isComposeFile } from '../catalog/docker-files.ts';
import type { ApplicationInput, Language, LanguageDetection } from '../languages/contract.ts';
import { languages, loadLanguage } from '../languages/registry.gen.ts';
import { configOf } from '../model/application-config.ts';
import type { Config } from '../model/config.ts';
import type { Facts, Repository } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import type { Specification } from '../model/requirement.ts';
import { pathIn } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import { statedArchetype } from './archetype.ts';
import { readExamples } from './env-example.ts';
import { type DockerFiles, existingDeployment, readDockerFiles, readExisting } from './existing/index.ts';
import { readHints, withHints } from './hints.ts';
import { withoutSecretDefaults } from './secret-defaults.ts';

/**
 * Reads a repository: the facts of each application in it, with the file and line of each. Nothing of the project is run, and no value of
 * a `.env` is read. `config` overrides what is detected, by its documented keys.
 */
export async function inspect(
  project: Project,
  options: {
    readonly config?: Config;
    readonly specification?: Specification | undefined;
    /** the applications that are wanted, by name or folder, with commas between several; absent: all. The sources of others are not read */
    readonly app?: string | undefined;
  } = {},
): Promise<Repository> {
  const { config = {}, specification, app } = options;
  const archetype = statedArchetype(config, specification);
  const languages = await languagesIn(project);
  const found = languages.flatMap(({ language, roots, claimed }) =>
    roots.map((root) => ({ language, root, others: claimed(root) })),
  );
  const commands = languages.flatMap(({ language, roots }) => language.commands?.(project, roots) ?? []);
  // an empty example is there to be filled in: it says no value
  const written = Object.fromEntries(
    [...readExamples(project, '.')].flatMap(([name, { value }]) => (value === '' ? [] : [[name, value]])),
  );
  const files = await readDockerFiles(project, commands, written);
  const packages = languages.flatMap(({ language }) => language.packages?.(project) ?? []);
  // what a Docker file says may hang on the defaults of any application
  const wanted = app === undefined || files.broken.length > 0 ? undefined : wantedOf(app, packages, found);
  const others = othersOf(packages, found, wanted);
  const appsWith = (docker: DockerFiles) => readApps(project, found, docker, { config, archetype }, wanted);
  const apps = await appsWith(files);
  if (files.broken.length === 0) return { apps, ...others };
  // a port that only a variable says is none until it has a value, and the sources may say which the application takes by itself
  const again = await readDockerFiles(project, commands, { ...defaultsOf(apps), ...written });
  return { apps: again.broken.length < files.broken.length ? await appsWith(again) : apps, ...others };
}

type Package = { readonly root: string; readonly name: string; readonly scope?: string };

/** The folders of the applications that are wanted; undefined: not each of them is known by its manifest, so all are read. */
function wantedOf(
  app: string,
  packages: readonly Package[],
  found: readonly { readonly root: string }[],
): ReadonlySet<string> | undefined {
  const roots = new Set(found.map(({ root }) => root));
  const names = app.split(',').map((name) => posix.normalize(name.trim()).replace(/(.)\/$/, '$1'));
  const wanted = names.map((name) => {
    const named = packages.filter((one) => one.name === name || posix.basename(one.root) === name);
    return [...(roots.has(name) ? [name] : []), ...named.map(({ root }) => root).filter((root) => roots.has(root))];
  });
  return wanted.every((found) => found.length > 0) ? new Set(wanted.flat()) : undefined;
}

/** The packages that are not among the applications that are read. */
function othersOf(
  packages: readonly Package[],
  found: readonly { readonly root: string }[],
  wanted: ReadonlySet<string> | undefined,
): Pick<Repository, 'others'> {
  const roots = new Set(found.map(({ root }) => root));
  const others = packages
    .filter(({ root }) => !(wanted ?? roots).has(root))
    .map(({ root, name, scope }) => ({
      root,
      name,
      ...(scope === undefined ? {} : { scope }),
      application: roots.has(root),
    }));
  return others.length > 0 ? { others } : {};
}

/** What the applications take for variables that nobody sets. */
const defaultsOf = (apps: readonly Facts[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    apps.flatMap(({ variables, port }) => {
      const { number, variable } = knownValue(port) ?? {};
      return [
        ...variables.flatMap(({ name, secret, default: value }) =>
          value === undefined || value === '' || secret ? [] : [[name, value] as const],
        ),
        ...(number === undefined || variable === undefined ? [] : [[variable, String(number)] as const]),
      ];
    }),
  );

async function readApps(
  project: Project,
  found: readonly { readonly language: Language; readonly root: string; readonly others: readonly Found[] }[],
  files: DockerFiles,
  { config, archetype }: Pick<ApplicationInput, 'config' | 'archetype'>,
  wanted: ReadonlySet<string> | undefined,
): Promise<Facts[]> {
  const apps: Facts[] = [];
  // in a workspace one example often stands for all
  const shared = readExamples(project, '.');
  for (const { language, root, others } of found.filter((one) => wanted?.has(one.root) ?? true)) {
    // compose files lie in the root of the repository, whatever they start
    const existing = [
      ...new Set([
        ...readExisting(project, root),
        ...(root === '.' ? [] : readExisting(project, '.').filter(isShared)),
      ]),
    ].sort();
    const examples = root === '.' ? shared : new Map([...shared, ...readExamples(project, root)]);
    const docker = existingDeployment(files, {
      root,
      others: found.map((one) => one.root),
      imageNames: language.imageNames?.(project, root) ?? [],
    });
    const hints = await readHints(project, root);
    const own = found.length > 1 ? ofOne(config, root) : config;
    const facts = await language.inspect({
      project,
      root,
      config: own,
      // a specification speaks of the whole
      archetype: found.length > 1 ? statedArchetype(configOf(config, root), undefined) : archetype,
      existing,
      examples,
      ...(docker ? { docker } : {}),
      hints: hints.hints,
    });
    const known = withoutSecretDefaults(withHints(facts, hints), own);
    const notes = [...known.notes, ...notDeployed(project, root, others)];
    apps.push({ ...known, notes, ...(docker ? { docker } : {}) });
  }
  return apps;
}

/** The configuration of one of several applications: the name in it is that of the deployment of all. */
function ofOne(config: Config, root: string): Config {
  const { name: _name, ...own } = configOf(config, root);
  return own;
}

/** Files that all applications of a repository have in common. */
const isShared = (path: string): boolean => isComposeFile(path) || path === '.env.example';

type Found = Pick<LanguageDetection, 'title' | 'manifests' | 'endings'> & {
  readonly language: Language;
  readonly roots: readonly string[];
  /** the other languages that have an application in a folder */
  readonly claimed: (root: string) => readonly Found[];
};

/** The languages of a repository, each with the folders of its applications: a folder is an application of one language. */
async function languagesIn(project: Project): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { name, title, manifests, endings } of languagesOf(project)) {
    const language = await loadLanguage(name);
    if (language)
      found.push({ language, roots: language.applications(project), title, manifests, endings, claimed: () => [] });
  }
  const starts = found.map((one) => withoutTools(project, one, found));
  return starts.map((one) => ({
    ...one,
    roots: one.roots.filter((root) => ownerOf(project, root, starts) === one),
    claimed: (root) => starts.filter((other) => other !== one && other.roots.includes(root)),
  }));
}

/** What an owner should know of an application whose folder is one of another language as well, which is not deployed. */
function notDeployed(project: Project, root: string, others: readonly Found[]): Facts['notes'] {
  return others.flatMap(({ title, manifests }) => {
    const file = manifests.map((manifest) => pathIn(root, manifest)).find((path) => project.has(path));
    if (file === undefined) return [];
    const message = `${file} is the manifest of an application in ${title} that is not deployed: a folder is one application. Move it to a folder of its own if it is to run as well`;
    return [{ code: 'other-language', message, from: [{ file, line: 1, why: `a manifest of ${title}` }] }];
  });
}

/** A manifest of tools alone is an application where no other language has one. */
function withoutTools(project: Project, found: Found, all: readonly Found[]): Found {
  const { language, roots } = found;
  if (all.every((one) => one === found || one.roots.length === 0)) return found;
  return { ...found, roots: roots.filter((root) => !language.holdsTools?.(project, root)) };
}

/** The language that a folder is an application of: the first that needs no manifest, else the one with the most sources in it, the first of equals. */
function ownerOf(project: Project, root: string, all: readonly Found[]): Found | undefined {
  const claims = all.filter(({ roots }) => roots.includes(root));
  const bare = claims.find(({ manifests }) => manifests.length === 0);
  if (claims.length < 2 || bare) return bare ?? claims[0];
  const files = project.files().filter((file) => root === '.' || file.startsWith(`${root}/`));
  const sources = ({ endings }: Found) => files.filter((file) => endings.includes(posix.extname(file))).length;
  return claims.reduce((best, one) => (sources(one) > sources(best) ? one : best));
}

/** The languages that a repository has manifests of, else those that it has sources of, else the default one. */
function languagesOf(project: Project): readonly LanguageDetection[] {
  const names = new Set(project.files().map((file) => posix.basename(file)));
  const endings = new Set(project.files().map((file) => posix.extname(file)));
  const withManifest = languages.filter((language) => language.manifests.some((name) => names.has(name)));
  if (withManifest.length > 0) return withManifest;
  const withSources = languages.filter((language) => language.endings.some((ending) => endings.has(ending)));
  return withSources.length > 0 ? withSources : languages.filter((language) => language.isDefault);
}
