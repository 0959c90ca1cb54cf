import { posix } from 'node:path';
import { isComposeFile } from '../catalog/docker-files.ts';
import type { ApplicationInput } from '../languages/contract.ts';
import { configOf } from '../model/application-config.ts';
import type { Config } from '../model/config.ts';
import type { Facts, Repository } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import type { Specification } from '../model/requirement.ts';
import type { Project } from '../project/project.ts';
import { statedArchetype } from './archetype.ts';
import { readCi } from './ci.ts';
import { readCredentials, withCredentials } from './credentials.ts';
import { readExamples } from './env-example.ts';
import { withExamplePlaces } from './example-places.ts';
import { type DockerFiles, existingDeployment, readDockerFiles, readExisting } from './existing/index.ts';
import { readHints, withHints } from './hints.ts';
import { type Application, languagesIn, notDeployed } from './languages.ts';
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
  const found = languages.flatMap(({ applications }) => applications);
  const commands = languages.flatMap(
    ({ language, applications }) =>
      language.commands?.(
        project,
        applications.map(({ root }) => root),
      ) ?? [],
  );
  // an empty example is there to be filled in: it says no value
  const written = Object.fromEntries(
    [...readExamples(project, '.')].flatMap(([name, { value }]) => (value === '' ? [] : [[name, value]])),
  );
  const files = await readDockerFiles(project, commands, written);
  const packages = languages.flatMap(({ language }) => language.packages?.(project) ?? []);
  // what a Docker file says may hang on the defaults of any application
  const wanted = app === undefined || files.broken.length > 0 ? undefined : wantedOf(app, packages, found);
  const ci = await readCi(project);
  const others = { ...othersOf(packages, found, wanted), ...(ci ? { ci } : {}) };
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
    const named = packages.filter((item) => item.name === name || posix.basename(item.root) === name);
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
  found: readonly Application[],
  files: DockerFiles,
  { config, archetype }: Pick<ApplicationInput, 'config' | 'archetype'>,
  wanted: ReadonlySet<string> | undefined,
): Promise<Facts[]> {
  const apps: Facts[] = [];
  // in a workspace one example often stands for all
  const shared = readExamples(project, '.');
  const credentials = readCredentials(project);
  for (const application of found.filter((item) => wanted?.has(item.root) ?? true)) {
    const { language, root } = application;
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
      others: found.map((item) => item.root),
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
    const known = withCredentials(
      withoutSecretDefaults(withExamplePlaces(withHints(facts, hints), docker), own),
      credentials,
    );
    const notes = [...known.notes, ...notDeployed(project, application)];
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
