import { posix } from 'node:path';
import { gte, satisfies } from 'semver';
import { scriptedPackages } from '../../../catalog/scripted-packages.ts';
import { shellCommands } from '../../../formats/shell/commands.ts';
import type { Dependency, Facts } from '../../../model/facts.ts';
import { leastOf } from '../../../model/range.ts';
import { type Data, readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { type JavaScriptDetails, type OwnScript, programRun } from '../../../stacks/javascript.ts';
import { type App, inData } from '../app.ts';
import { fromCatalog } from '../workspace/catalogs.ts';
import { memberClosure } from '../workspace/member-closure.ts';
import type { Toolchain } from './toolchain.ts';

/**
 * The dependencies of package.json, in its order: those of production first. Of a member of a workspace also those that the siblings bring with them
 * which it runs with, and the tools in the root, which every member may use.
 */
export function readDependencies(app: App): readonly Dependency[] {
  const { manifest, members, root } = app;
  const place = members?.root ?? root;
  const from = (data: Data, wanted: typeof groups | typeof production) =>
    dependenciesOf(app.project, place, data, wanted);
  const own = manifest ? from(manifest, groups) : [];
  if (!members) return own;
  const siblings = memberClosure(app.project, members, [root], { runs: true }).filter((folder) => folder !== root);
  const brought = siblings.flatMap((folder) => {
    const sibling = members.folders.get(folder);
    return sibling ? from(sibling, production) : [];
  });
  const top = root === members.root ? undefined : readData(app.project, pathIn(members.root, 'package.json'));
  const tools = top ? from(top, groups).map((tool) => ({ ...tool, dev: true })) : [];
  const seen = new Set<string>();
  return [...own, ...brought, ...tools].filter(({ name }) => !seen.has(name) && seen.add(name));
}

const production = [
  ['dependencies', false],
  ['optionalDependencies', false],
] as const;

const groups = [...production, ['peerDependencies', true], ['devDependencies', true]] as const;

/** The dependencies of a manifest; where one names a catalog of the workspace in `place`, with the range that it has there. */
function dependenciesOf(
  project: Project,
  place: string,
  manifest: Data,
  from: readonly (readonly [string, boolean])[],
): readonly Dependency[] {
  const seen = new Set<string>();
  return from.flatMap(([group, dev]) =>
    Object.entries(manifest.texts([group])).flatMap(([name, written]) => {
      if (seen.has(name)) return [];
      seen.add(name);
      const catalogued = fromCatalog(project, place, name, written);
      const range = catalogued?.range ?? written;
      const why = `${group} has ${name} ${written}${catalogued ? ` (${range} in ${catalogued.file})` : ''}`;
      return [{ name, range, dev, from: inData(manifest, [group, name], why) }];
    }),
  );
}

/** Packages that bring or build machine code: they are compiled or fetched for one platform, and stay outside of a bundle. */
const nativePackages = new Set(
  `argon2 bcrypt better-sqlite3 bufferutil canvas cpu-features deasync duckdb duckdb-async isolated-vm kerberos leveldown libsql
   lmdb lightningcss msgpackr-extract node-pty node-rdkafka onnxruntime-node oracledb re2 robotjs serialport sharp skia-canvas
   snappy sqlite3 tree-sitter usb utf-8-validate zeromq @confluentinc/kafka-javascript @duckdb/node-api @libsql/client
   @mongodb-js/zstd @napi-rs/canvas @prisma/client @resvg/resvg-js @swc/core @tensorflow/tfjs-node @xenova/transformers
   @huggingface/transformers @node-rs/argon2 @node-rs/bcrypt @node-rs/jieba @node-rs/xxhash`.split(/\s+/),
);

/** Of those, the ones that are compiled while they are installed where no binary can be fetched: their packages bring none. */
const compiledPackages = new Set(
  `argon2 bcrypt better-sqlite3 bufferutil canvas cpu-features deasync isolated-vm kerberos leveldown node-pty node-rdkafka oracledb re2 robotjs
   sqlite3 tree-sitter usb utf-8-validate zeromq`.split(/\s+/),
);

/** The releases from which some of those bring their binaries. */
const broughtFrom: Readonly<Record<string, string>> = { argon2: '0.40.0', bcrypt: '6.0.0' };

const isBrought = ({ name, range }: Dependency): boolean => {
  const first = broughtFrom[name];
  const least = leastOf(range);
  return first !== undefined && least !== undefined && gte(least, first);
};

/** The dependencies that need a compiler to be installed. */
export const readCompiled = (dependencies: readonly Dependency[]): Facts['compiled'] =>
  dependencies
    .filter((dependency) => compiledPackages.has(dependency.name) && !isBrought(dependency))
    .map((dependency) => ({ value: dependency.name, by: 'detected', from: [dependency.from] }));

/** The dependencies of production that have native code. */
export const readNative = (dependencies: readonly Dependency[]): Facts['native'] =>
  dependencies
    .filter((dependency) => !dependency.dev && nativePackages.has(dependency.name))
    .map((dependency) => ({ value: dependency.name, by: 'detected', from: [dependency.from] }));

/** Packages that do not work without their install scripts, by the releases that need them. */
const scripted: readonly (readonly [string, string])[] = [
  ...[...compiledPackages].map((name) => [name, broughtFrom[name] ? `<${broughtFrom[name]}` : '*'] as const),
  ...Object.entries(scriptedPackages),
];

/** Those of the lockfile, whoever depends on them, and of the manifest where there is none. */
export function readScripted(
  app: App,
  { lockfile, loadedManager }: Pick<Toolchain, 'lockfile' | 'loadedManager'>,
  dependencies: readonly Dependency[],
): readonly string[] | undefined {
  const path = lockfile && app.path(lockfile.value.path);
  const found = scripted.filter(([name, releases]) => {
    const own = dependencies.find((dependency) => dependency.name === name);
    const least = own && leastOf(own.range);
    const locked = path === undefined ? undefined : loadedManager?.releases?.(app.project, path, name);
    return (locked ?? (least === undefined ? [] : [least])).some((release) => satisfies(release, releases));
  });
  return found.length > 0 ? found.map(([name]) => name) : undefined;
}

/** How a dependency names a repository instead of a release: an address, or the place of it on a known host. */
const repository =
  /^(git(\+[a-z]+)?:|ssh:|git@|(github|gitlab|bitbucket|gist):|https?:\/\/[^#]+\.git(#|$)|[\w-][\w.-]*\/[\w.-]+(#|$))/i;

/** Dependencies that are fetched from a repository, by git. Absent: none. */
export function readFromGit(dependencies: readonly Dependency[]): JavaScriptDetails['fromGit'] {
  const found = dependencies.filter((dependency) => repository.test(dependency.range));
  return found.length === 0
    ? undefined
    : found.map((item) => ({ value: item.name, by: 'detected' as const, from: [item.from] }));
}

/** Programs that set up git hooks or guard the machine of a developer: of no use in an image, and often not there. */
const hooks = new Set(
  'husky husky-run lefthook simple-git-hooks is-ci git echo exit true test only-allow npx-only-allow pre-commit node_modules/.bin/husky'.split(
    ' ',
  ),
);

/** Scripts of the project that installing runs, by what they do. */
export function readOwnScripts(app: App): OwnScript[] {
  const { manifest, members, root, project } = app;
  const own = manifest ? scriptsOfInstall(manifest) : [];
  if (!members) return own;
  const others = [members.root, ...memberClosure(project, members, [root], { runs: false })].filter(
    (value) => value !== root,
  );
  const elsewhere = [...new Set(others)].flatMap((folder) => {
    const data = readData(project, pathIn(folder, 'package.json'));
    return data ? scriptsOfInstall(data) : [];
  });
  return [...own, ...elsewhere.map((script): OwnScript => ({ ...script, elsewhere: true }))];
}

/** Scripts of a manifest that installing runs. */
export function scriptsOfInstall(manifest: Data): OwnScript[] {
  return ['preinstall', 'install', 'postinstall', 'prepare'].flatMap((name) => {
    const text = manifest.text(['scripts', name]);
    if (text === undefined) return [];
    const programs = shellCommands(text).commands.map(({ argv }) => (programRun(argv) ?? argv)[0] ?? '');
    const does = programs.every((program) => hooks.has(program))
      ? ('hooks' as const)
      : programs.every((program) => program === 'patch-package' || hooks.has(program))
        ? ('patches' as const)
        : ('generates' as const);
    return [{ name, text, does, from: [inData(manifest, ['scripts', name], `the script ${name} is \`${text}\``)] }];
  });
}

/** Scripts of the project that installing runs: without development dependencies or sources they often fail (`prepare` with husky). */
export function installScripts(app: App): Facts['notes'] {
  const { manifest } = app;
  if (!manifest) return [];
  return ['preinstall', 'install', 'postinstall', 'prepare'].flatMap((name) => {
    const text = manifest.text(['scripts', name]);
    if (text === undefined) return [];
    const from = [inData(manifest, ['scripts', name], `the script ${name} is \`${text}\``)];
    const message = `installing runs the project's script ${name} (\`${text}\`), even without development dependencies`;
    return [{ code: 'install-scripts', message, from }];
  });
}

/** Dependencies that are a folder or an archive of the project: installing reads them (`file:vendor/shapes`, `link:./shared`, `./a.tgz`). */
export const localPackages = (app: App, dependencies: readonly Dependency[]): readonly string[] =>
  dependencies.flatMap(({ range }) => {
    const named = /^(?:file:|link:|portal:)(?:\/\/)?([^/].*)$|^(\.\.?\/.+)$/.exec(range);
    const path = posix.normalize(named?.[1] ?? named?.[2] ?? '').replace(/\/$/, '');
    const isInside = path !== '.' && path !== '' && !path.startsWith('..') && !path.startsWith('/');
    return isInside && (app.project.has(app.path(path)) || hasFolder(app, path)) ? [path] : [];
  });

const hasFolder = (app: App, path: string): boolean =>
  app.project.files().some((file) => file.startsWith(`${app.path(path)}/`));
