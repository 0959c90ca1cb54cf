import { memoryProject } from '../../src/project/memory.ts';
import { builders } from '../../src/stacks/builders/registry.gen.ts';
import type { Detection, Framework, FullStack, Manager, Migrator, Runtime, Site } from '../../src/stacks/contract.ts';
import { fullStacks, loadFullStack } from '../../src/stacks/fullstack/registry.gen.ts';
import { loadPythonManager, pythonManagers } from '../../src/stacks/managers/python.registry.gen.ts';
import { loadManager, managers } from '../../src/stacks/managers/registry.gen.ts';
import { pythonMigrators } from '../../src/stacks/migrators/python.registry.gen.ts';
import { loadMigrator, migrators } from '../../src/stacks/migrators/registry.gen.ts';
import { packageKinds } from '../../src/stacks/packages/registry.gen.ts';
import type { PythonFramework, PythonManager, PythonRuntime } from '../../src/stacks/python.ts';
import { loadPythonRuntime, pythonRuntimes } from '../../src/stacks/runtimes/python.registry.gen.ts';
import { loadRuntime, runtimes } from '../../src/stacks/runtimes/registry.gen.ts';
import { loadPythonFramework, pythonFrameworks } from '../../src/stacks/servers/python.registry.gen.ts';
import { frameworks, loadFramework } from '../../src/stacks/servers/registry.gen.ts';
import { loadSite, sites } from '../../src/stacks/sites/registry.gen.ts';
import { argv, code, codes, openingComment, page, properties, sourceLine, table } from './markdown.ts';

type Row = readonly [what: string, value: string];

/** One role: its folder, what is in it, and what each of them gives. */
type Room = {
  readonly folder: string;
  readonly title: string;
  readonly about: string;
  readonly entries: readonly Detection[];
  readonly gives: (name: string) => Promise<readonly Row[]>;
};

const nothing = async (): Promise<readonly Row[]> => [];

/** The rows of what was loaded; none where there is nothing of that name. */
const rowsOf =
  <T>(load: (name: string) => Promise<T | undefined>, rows: (entry: T, name: string) => readonly Row[]) =>
  async (name: string): Promise<readonly Row[]> => {
    const entry = await load(name);
    return entry === undefined ? [] : rows(entry, name);
  };

function runtimeRows(runtime: Runtime): readonly Row[] {
  const usual = runtime.version(memoryProject({}), '.');
  if (!('value' in usual)) return [];
  const { version } = usual.value;
  const bases = runtime.bases(version).map(({ kind, image }) => `${kind}: ${code(image)}`);
  return [
    ['Version if the project sets none', version],
    ['Image that builds', code(runtime.build(version).image)],
    ['Images that run, the best first', bases.join('; ')],
    [
      'Image for a program that includes the runtime',
      codes(runtime.compiledBase ? [runtime.compiledBase().image] : []),
    ],
    ['Starts a file', argv(runtime.run('FILE'))],
    ['Restarts it after an edit', argv(runtime.watch('FILE'))],
    ['Runs the tests', argv(runtime.test())],
    ['Conventional entry points', codes(runtime.entries ?? [])],
    ['Variables in production', codes(Object.entries(runtime.production).map(([name, value]) => `${name}=${value}`))],
  ];
}

function managerRows(manager: Manager): readonly Row[] {
  const [lockfile] = manager.lockfiles;
  const install = (production: boolean) => manager.install({ lockfile: lockfile?.path, production, tokens: [] });
  const { mounts, env = {} } = install(false);
  const caches = mounts.flatMap((mount) => (mount.type === 'cache' ? [mount.target] : []));
  const { look, send } = manager.publish({ access: undefined, registry: undefined });
  return [
    ['Lockfiles', codes(manager.lockfiles.map(({ path }) => path))],
    ['Installs', argv(install(false).argv)],
    ['Installs for production', argv(install(true).argv)],
    ['Variables of installing', codes(Object.entries(env).map(([name, value]) => `${name}=${value}`))],
    ['Build cache', codes(caches)],
    ['Runs a script', argv(manager.script('NAME', []))],
    ['Runs a program of a package', argv(manager.exec(['PROGRAM']))],
    ['Publishes', `${argv(look)}, then ${argv(send)}`],
  ];
}

function serverRows(framework: Framework): readonly Row[] {
  const health = framework.healthRoutes.exports !== '';
  return [
    ['Health routes', health ? 'a generated module, and an edit that registers it' : 'none'],
    ['Listens on the loopback address by default', framework.loopback ? 'yes' : 'no'],
    ['An edit makes it listen on all interfaces', framework.bindAllInterfaces ? 'yes' : 'no'],
  ];
}

function siteRows(site: Site, name: string): readonly Row[] {
  const source = { project: memoryProject({}), root: '.', argv: [name, 'build'] };
  return [
    ['Output folder', code(site.output(source))],
    ['Folder of hashed files', codes([site.assets(source)].filter((folder) => folder !== undefined))],
    ['Variables that are written into the code', codes(site.prefixes(source).map((prefix) => `${prefix}*`))],
    ['Development server', argv(site.dev(site.port(source), source))],
    ['Folders that it writes in development', codes(site.writes)],
    ['Pages', site.pages(source) === 'one' ? 'one page for all paths' : 'a file for each path'],
  ];
}

function fullStackRows({ listens, prefixes, env, caches, dev, signals }: FullStack): readonly Row[] {
  return [
    ['Port if the start command sets none', `${listens.port}, set by ${codes([listens.variable])}`],
    ['Variable for the address', codes(listens.address === undefined ? [] : [listens.address])],
    ['Variables that are written into the code', codes(prefixes.map((prefix) => `${prefix}*`))],
    ['Variables that are set', codes(Object.entries(env).map(([name, value]) => `${name}=${value}`))],
    ['Cached between builds', codes(caches)],
    ['Development server', argv(dev(listens.port))],
    ['Stops gracefully on', codes(signals)],
  ];
}

function migratorRows(migrator: Migrator): readonly Row[] {
  const calls = migrator.calls.map(({ modules, name }) => `${code(name)} of ${code(modules.source)}`);
  return [
    ['Packages of Debian', codes(migrator.system ?? [])],
    ['Generates code before the build', migrator.generates ? 'yes' : 'no'],
    ['Calls with which an application migrates itself', calls.join(', ')],
  ];
}

function pythonRuntimeRows(runtime: PythonRuntime): readonly Row[] {
  const usual = runtime.version(memoryProject({}), '.');
  if (!('value' in usual)) return [];
  const { version } = usual.value;
  const set = Object.entries({ ...runtime.environment, ...runtime.production });
  return [
    ['Version if the project sets none', version],
    ['Image that builds', code(runtime.build(version).image)],
    [
      'Images that run, the best first',
      runtime
        .bases(version)
        .map(({ kind, image }) => `${kind}: ${code(image)}`)
        .join('; '),
    ],
    ['Variables in production', codes(set.map(([name, value]) => `${name}=${value}`))],
  ];
}

function pythonManagerRows(manager: PythonManager): readonly Row[] {
  const install = (development: boolean) =>
    manager
      .install({ files: [], lockfile: manager.lockfiles[0], development, added: [] })
      .flatMap((step) => (step.do === 'run' ? [argv(step.argv)] : []))
      .join(', then ');
  return [
    ['Lockfiles', codes(manager.lockfiles)],
    ['Installs', install(true)],
    ['Installs for production', install(false)],
    ['Comes from', codes(manager.installInto ? [manager.installInto.image] : [])],
  ];
}

const pythonServerRows = ({ makes }: PythonFramework): readonly Row[] => [
  [
    'Creates an application',
    Object.entries(makes)
      .map(([name, how]) => `${code(name)} (${how.toUpperCase()})`)
      .join(', '),
  ],
];

/** What the entries of one language in a room give, beside those of the room itself. */
const beside =
  (room: Room['gives'], own: Room['gives']): Room['gives'] =>
  async (name) => {
    const rows = await room(name);
    return rows.length > 0 ? rows : own(name);
  };

const rooms: readonly Room[] = [
  {
    folder: 'runtimes',
    title: 'Runtimes',
    about: 'Runtimes run applications. A project that sets no version gets the default of the catalog.',
    entries: [...runtimes, ...pythonRuntimes],
    gives: beside(rowsOf(loadRuntime, runtimeRows), rowsOf(loadPythonRuntime, pythonRuntimeRows)),
  },
  {
    folder: 'managers',
    title: 'Package managers',
    about: 'Package managers install exactly the versions in the lockfile.',
    entries: [...managers, ...pythonManagers],
    gives: beside(rowsOf(loadManager, managerRows), rowsOf(loadPythonManager, pythonManagerRows)),
  },
  {
    folder: 'builders',
    title: 'Builders',
    about: 'Builders compile or bundle the source.',
    entries: builders,
    gives: nothing,
  },
  {
    folder: 'servers',
    title: 'Servers',
    about:
      'Frameworks whose routes, ports and server objects are read from the syntax tree. If the application has no health route, a health module is generated, and an edit to wire it in is offered.',
    entries: [...frameworks, ...pythonFrameworks],
    gives: beside(rowsOf(loadFramework, serverRows), rowsOf(loadPythonFramework, pythonServerRows)),
  },
  {
    folder: 'fullstack',
    title: 'Full-stack frameworks',
    about:
      'Frameworks that build pages and the server that renders them. A project with its own server around it is deployed as that server; unsupported setups are refused by name.',
    entries: fullStacks,
    gives: rowsOf(loadFullStack, fullStackRows),
  },
  {
    folder: 'sites',
    title: 'Sites',
    about: 'Tools that build a folder of static files for a web server.',
    entries: sites,
    gives: rowsOf(loadSite, siteRows),
  },
  {
    folder: 'migrators',
    title: 'Migrators',
    about: 'Tools that migrate a database before the application starts.',
    entries: [...migrators, ...pythonMigrators],
    gives: rowsOf(loadMigrator, migratorRows),
  },
  {
    folder: 'packages',
    title: 'Packages',
    about: 'What is published, and not deployed.',
    entries: packageKinds,
    gives: nothing,
  },
];

/** How a stack is recognised, as rows. */
const detectionRows = (stack: Detection): readonly Row[] => [
  ['Name', code(stack.name)],
  ['Role', stack.role],
  ['Language', stack.language ?? ''],
  ['Recognised by dependencies', codes(stack.dependencies ?? [])],
  ['Recognised by files', codes(stack.files ?? [])],
  ['Recognized by fields of the manifest', codes(stack.fields ?? [])],
  ['Recognized by programs in its scripts', codes(stack.programs ?? [])],
  ['Recognized by APIs that the source uses', codes(stack.uses ?? [])],
  ['Used by default', stack.isDefault ? 'yes' : ''],
  ['Includes', codes(stack.includes ?? [])],
];

const seenBy = (stack: Detection): string =>
  codes([...(stack.dependencies ?? []), ...(stack.uses ?? []), ...(stack.files ?? []), ...(stack.fields ?? [])]);

/** A page for each stack, and one that names them all. By path below docs/reference. */
export async function stackPages(): Promise<Readonly<Record<string, string>>> {
  const pages: Record<string, string> = {};
  for (const { folder, entries, gives } of rooms) {
    for (const stack of entries) {
      const file = `src/stacks/${folder}/${stack.name}.ts`;
      const fixture =
        folder === 'servers' && stack.language === undefined
          ? undefined
          : `fixtures/stacks/${folder}/${stack.name}.json`;
      pages[`stacks/${folder}/${stack.name}.md`] = page(
        sentenceCase(stack.title),
        `everyone whose project uses ${stack.title}`,
        openingComment(file),
        properties([...detectionRows(stack), ...(await gives(stack.name))]),
        sourceLine(4, file, fixture),
      );
    }
  }
  const parts = rooms.flatMap(({ folder, title, about, entries }) => [
    `## ${title}`,
    about,
    table(
      ['Title', 'Name', 'Recognised by'],
      entries.map((stack) => [
        `[${sentenceCase(stack.title)}](stacks/${folder}/${stack.name}.md)`,
        code(stack.name),
        seenBy(stack),
      ]),
    ),
  ]);
  pages['stacks.md'] = page(
    'Stacks',
    'everyone who wonders whether a project is supported',
    'The tools and frameworks that this version supports, by their role.',
    ...parts,
  );
  return pages;
}

/** A title at the beginning of a line; names of programs keep their own spelling. */
const sentenceCase = (title: string): string => (title.startsWith('the ') ? `T${title.slice(1)}` : title);
