/** The application as a package of its own: its commands and its metadata are there only once it is installed. */
import { type Expression, expressionsOf, pathOf } from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import { type Data, isTable } from '../../project/data.ts';
import type { PythonDetails } from '../../stacks/python.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import { pyproject } from './manifest.ts';
import { type Program, polls } from './programs.ts';

type OwnPackage = NonNullable<PythonDetails['ownPackage']>;

/** Calls that read the metadata of an installed package (https://docs.python.org/3/library/importlib.metadata.html). */
const readers =
  /^(importlib\.metadata|importlib_metadata)\.(version|metadata|distribution|files)$|^pkg_resources\.get_distribution$/;

/** Backends that take the version from git, which no build context has, and the variable that says it instead. */
const versioning: readonly (readonly [requirement: RegExp, variable: string])[] = [
  [/^(setuptools[-_]scm|hatch-vcs)\b/, 'SETUPTOOLS_SCM_PRETEND_VERSION'],
  [/^poetry-dynamic-versioning\b/, 'POETRY_DYNAMIC_VERSIONING_BYPASS'],
];

/** What installing the application as a package takes, where something needs that; `program`: what starts. */
export function ownPackageOf(app: App, program: Program | undefined): OwnPackage | undefined {
  const data = pyproject(app.project, app.root);
  const name = data && packageName(data);
  if (!data || name === undefined) return undefined;
  const command = commandsIn(app, data).find(({ argv }) => argv === program?.argv[0]);
  const read = command ? undefined : metadataRead(app, name);
  const from = command?.from ?? read;
  if (!from) return undefined;
  const requires = data.at(['build-system', 'requires']);
  const listed = Array.isArray(requires) ? requires.map(String) : [];
  return {
    files: manifestFiles(app, data),
    env: Object.fromEntries(
      versioning.flatMap(([requirement, variable]) =>
        listed.some((one) => requirement.test(one)) ? [[variable, '0.0.0']] : [],
      ),
    ),
    why: command ? `${command.argv} is a command of the package` : 'the app reads its own metadata',
    from: [from],
  };
}

/** Whether the application is a package that a backend builds. */
export function isPackage({ project, root }: App): boolean {
  const data = pyproject(project, root);
  return data !== undefined && packageName(data) !== undefined;
}

/** The first command that the package offers, where a module of the application is behind it. */
export function commandProgram(app: App): Program | undefined {
  const data = pyproject(app.project, app.root);
  if (!data || packageName(data) === undefined) return undefined;
  const [first] = commandsIn(app, data);
  if (!first) return undefined;
  const archetype = polls(first.module) ? 'worker' : 'cli-tool';
  return { argv: [first.argv], file: first.module.file, archetype, stops: false, from: [first.from] };
}

/** The name of a package that a backend builds. */
const packageName = (data: Data): string | undefined =>
  data.at(['build-system']) === undefined
    ? undefined
    : (data.text(['project', 'name']) ?? data.text(['tool', 'poetry', 'name']));

type Command = { readonly argv: string; readonly module: Module; readonly from: Evidence };

function commandsIn(app: App, data: Data): readonly Command[] {
  return [
    ['project', 'scripts'],
    ['tool', 'poetry', 'scripts'],
  ].flatMap((path) => {
    const table = data.at(path);
    if (!isTable(table)) return [];
    return Object.entries(table).flatMap(([argv, target]): Command[] => {
      const module = typeof target === 'string' ? app.byName.get(target.split(':')[0]?.trim() ?? '') : undefined;
      if (!module || !/^[A-Za-z0-9][\w.-]*$/.test(argv)) return [];
      const line = data.line([...path, argv]);
      const why = `${path.join('.')} offers the command ${argv}`;
      return [{ argv, module, from: { file: data.file, ...(line === undefined ? {} : { line }), why } }];
    });
  });
}

/** As an index compares names: `My_Shop` is `my-shop`. */
const normalized = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Where the sources read the metadata of their own package. */
function metadataRead(app: App, name: string): Evidence | undefined {
  for (const module of app.modules)
    for (const one of expressionsOf(module.syntax.body)) {
      if (one.kind !== 'call' || !readers.test(resolve(app, module, pathOf(one.callee) ?? ''))) continue;
      if (isOwnName(one.args[0]?.value, name)) return inModule(module, one.start, `the metadata of ${name} is read`);
    }
  return undefined;
}

const isOwnName = (value: Expression | undefined, name: string): boolean =>
  value?.kind === 'text'
    ? normalized(value.value) === normalized(name)
    : value?.kind === 'name' && ['__package__', '__name__'].includes(value.name);

/** The files that a backend reads beside the sources. */
function manifestFiles(app: App, data: Data): readonly string[] {
  const named = [
    data.text(['project', 'readme']),
    data.text(['project', 'readme', 'file']),
    data.text(['project', 'license', 'file']),
    data.text(['tool', 'poetry', 'readme']),
  ];
  const usual = ['pyproject.toml', 'setup.py', 'setup.cfg', 'MANIFEST.in'];
  return [...new Set([...usual, ...named.flatMap((file) => file ?? [])])].filter((file) => app.files.includes(file));
}
