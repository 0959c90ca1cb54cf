import { posix } from 'node:path';
import { intersects, validRange } from 'semver';
import { globMatcher } from '../../../formats/glob/index.ts';
import { shellCommands } from '../../../formats/shell/commands.ts';
import { UserError } from '../../../model/errors.ts';
import type { Evidence, Unknown } from '../../../model/evidence.ts';
import type { Dependency, Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { type Data, readData } from '../../../project/data.ts';
import { refuseObstacle } from '../../../project/input.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Detection, EngineConstraint, Manager, Runtime } from '../../../stacks/contract.ts';
import { loadManager, managers } from '../../../stacks/managers/registry.gen.ts';
import { loadRuntime, runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { runtimeEvidence } from '../../support/container/evidence.ts';
import { type App, byConfig, inData } from '../app.ts';
import { buildScriptsOf } from '../scripts/build-scripts.ts';
import { toldPrograms } from '../scripts/ecosystem.ts';
import {
  type FollowedScript,
  followedScripts,
  followScript,
  type ScriptCommand,
  scriptsOf,
} from '../scripts/follow.ts';
import { changesDatabase, knownTools, programApplies } from '../scripts/migrating.ts';
import { installCommands } from './install-flags.ts';
import { platformVersion } from './platform-version.ts';

/** What in the manifests and files of an app is a sign of a stack. */
function signsOf(app: App, stack: Detection, dependencies: readonly Dependency[]): readonly Evidence[] {
  return [
    ...ofFields(app, stack),
    ...ofFiles(app, stack),
    ...ofDependencies(stack, dependencies),
    ...ofPrograms(app, stack),
  ];
}

const ofDependencies = (stack: Detection, dependencies: readonly Dependency[]): Evidence[] =>
  dependencies
    .filter((dependency) => stack.dependencies?.includes(dependency.name))
    .map((dependency) => dependency.from);

/** The manager whose own file names the members of the workspace, where nothing else says which one is used. */
async function ofMembersFile({ config, members }: App): Promise<Found | undefined> {
  if (!members || config.manager) return undefined;
  for (const stack of managers) {
    const file = (await loadManager(stack.name))?.membersFile;
    if (file !== undefined && members.file === pathIn(members.root, file))
      return { stack, from: [{ file: members.file, why: 'it names the members' }] };
  }
  return undefined;
}

/** Of a workspace the manager of its root installs all members: a lockfile that lies beside one of them is left over. */
const ofFiles = (app: App, stack: Detection): Evidence[] =>
  (stack.files ?? []).flatMap((file) => {
    const places = stack.role === 'manager' ? lockPlaces(app, file) : [app.path(file), file];
    const found = places.find((place) => app.project.has(place));
    return found === undefined ? [] : [{ file: found, why: `${file} is there` }];
  });

function ofFields(app: App, stack: Detection): Evidence[] {
  const manifest = stack.role === 'manager' ? managerManifest(app) : app.manifest;
  if (!manifest) return [];
  return (stack.fields ?? []).flatMap((field) => {
    const [key = '', prefix] = field.split('=');
    const path = key.split('.');
    const value = manifest.at(path);
    if (value === undefined || (prefix !== undefined && !(typeof value === 'string' && value.startsWith(prefix))))
      return [];
    return [inData(manifest, path, `${key} is ${typeof value === 'string' ? value : 'set'}`)];
  });
}

/** The manifest that may name the package manager: of a workspace that in its root, where a name or a lockfile is there. */
function managerManifest(app: App): Data | undefined {
  const { manifest, members, project } = app;
  const root = members && readData(project, pathIn(members.root, 'package.json'));
  return root?.at(['packageManager']) !== undefined || isLockedAbove(app) ? root : manifest;
}

/** Whether a lockfile lies in the root of the workspace that the app is a member of. */
const isLockedAbove = ({ members, project, root }: App): boolean =>
  members !== undefined &&
  members.root !== root &&
  managers.some(({ files }) => files?.some((file) => project.has(pathIn(members.root, file))));

function ofPrograms(app: App, stack: Detection): Evidence[] {
  const { manifest } = app;
  if (!manifest || !stack.programs) return [];
  return Object.entries(scriptsOf(app)).flatMap(([name, text]) => {
    // what a process manager is told to start counts besides the process manager
    const commands = shellCommands(text).commands.flatMap((command) => [
      command,
      ...(toldPrograms(app, command.argv) ?? []),
    ]);
    const program = commands.find((command) => stack.programs?.includes(command.argv[0] ?? ''))?.argv[0];
    return program === undefined ? [] : [inData(manifest, ['scripts', name], `the script ${name} runs ${program}`)];
  });
}

/** What was recognised of runtime and package manager, loaded. */
export type Toolchain = Pick<Facts, 'runtime' | 'manager' | 'lockfile' | 'notes'> & {
  readonly loadedRuntime: Runtime | undefined;
  readonly loadedManager: Manager | undefined;
  /** a script of package.json, followed through those that it runs; undefined: there is none of that name */
  readonly followed: (name: string) => FollowedScript | undefined;
  /** names of the scripts that build the app, the most telling first */
  readonly buildScripts: readonly string[];
  /** whether a command of a script changes a database: no build has one */
  readonly changesDatabase: (command: ScriptCommand) => boolean;
  /** programs that the build image has on its path: the runtime and the package manager; all others are in node_modules */
  readonly programs: ReadonlySet<string>;
};

/** Runtime, its version, package manager and lockfile. */
export async function readToolchain(app: App, dependencies: readonly Dependency[]): Promise<Toolchain> {
  const [asked, askedVersion] = (app.config.runtime ?? '').split('@');
  const found = candidates(app, dependencies).filter((candidate) => !asked || candidate.stack.name === asked);
  const first = found.length === 1 ? found[0] : mainRuntime(app, found);
  const loadedRuntime = first && (await loadRuntime(first.stack.name));
  const manager = await readManager(app, dependencies, first?.stack.name);
  const constraints = constraintsOf(app, manager).filter((constraint) => constraint.runtime === first?.stack.name);
  const runtime =
    first && loadedRuntime
      ? version(app, first, loadedRuntime, constraints, asked, askedVersion)
      : noRuntime(asked, found);
  const followed = followedScripts(app, manager.loadedManager);
  const known = await knownTools(dependencies);
  const judged =
    'value' in runtime
      ? (loadedRuntime?.supportNotes(runtime.value.version) ?? []).map((note) => ({ ...note, from: [...runtime.from] }))
      : [];
  return {
    runtime,
    loadedRuntime,
    ...manager,
    followed,
    buildScripts: buildScriptsOf(app, followed),
    changesDatabase: (command) => {
      const file = loadedRuntime?.starts?.(command.argv)?.file;
      return changesDatabase(command, known) || (file !== undefined && programApplies(app, file, known));
    },
    programs: new Set([
      ...('value' in runtime ? [runtime.value.name] : []),
      ...('value' in manager.manager ? [manager.manager.value.name] : []),
    ]),
    notes: [
      ...judged,
      ...mismatchNotes(runtime, loadedRuntime, constraints),
      ...contradictions(app, runtime, loadedRuntime),
      ...(loadedRuntime?.notes?.(app.project, app.root) ?? []).map((note) => ({ ...note, from: [...note.from] })),
      ...manager.notes,
    ],
  };
}

/** The engine constraints of the packages of the lockfile, where the package manager installs with no other version. */
const constraintsOf = (app: App, { loadedManager, lockfile }: Pick<Toolchain, 'loadedManager' | 'lockfile'>) =>
  lockfile && 'value' in lockfile
    ? (loadedManager?.engineConstraints?.(app.project, app.root, app.path(lockfile.value.path)) ?? [])
    : [];

/** The image of the author has another version than the project asks for: the image is what runs, and its owner should know. */
function contradictions(app: App, runtime: Facts['runtime'], loaded: Runtime | undefined): Facts['notes'] {
  const image = app.container && runtimeEvidence(app.container);
  if (!image || !loaded || !('value' in runtime) || runtime.value.name !== image.runtime) return [];
  const managerVersion = loaded.version(app.project, app.root, []);
  if (!('value' in managerVersion) || managerVersion.by !== 'detected' || managerVersion.from.length === 0) return [];
  if (managerVersion.from.every((item) => loaded.isHint?.(item))) return [];
  const asked = managerVersion.value.range ?? managerVersion.value.version;
  if (agrees(asked, image.version)) return [];
  const place = (from: readonly Evidence[]) =>
    `${from[0]?.file ?? ''}${from[0]?.line === undefined ? '' : `:${from[0].line}`}`;
  const used =
    runtime.value.version === image.version
      ? `${runtime.value.version} is used`
      : `the configuration says ${runtime.value.version}`;
  return [
    {
      code: 'runtime-version-conflict',
      message: `The image at ${place(image.from)} has ${image.runtime} ${image.version}, but ${place(managerVersion.from)} requires ${asked}; ${used}. Make them agree, or set the key "runtime".`,
      from: [...image.from, ...managerVersion.from],
    },
  ];
}

/** Whether a version of an image, which may be a line such as 22, is among what a project asks for. */
function agrees(asked: string, version: string): boolean {
  const range = validRange(asked);
  return range === null || intersects(range, validRange(version) ?? '*');
}

/** Packages that do not support the version all the same: it is pinned, or no version satisfies all of them. */
function mismatchNotes(
  runtime: Facts['runtime'],
  loaded: Runtime | undefined,
  constraints: readonly EngineConstraint[],
): Facts['notes'] {
  if (!('value' in runtime)) return [];
  const { name, version: taken } = runtime.value;
  return (loaded?.engineMismatches?.(taken, constraints) ?? []).slice(0, 3).map((engineMismatch) => ({
    code: 'runtime-refused',
    message: `${engineMismatch.of} only supports ${name} ${engineMismatch.range.replace(/\s+/g, ' ')}, so the install fails on ${taken}; set the key "runtime" to another version`,
    from: [...runtime.from, engineMismatch.from],
  }));
}

/** Runtimes that the app shows signs of; where there are none, the one that a bare package.json is for. */
function candidates(app: App, dependencies: readonly Dependency[]): readonly Found[] {
  const asked = app.config.runtime !== undefined;
  const all = runtimes.map((stack) => ({ stack, from: signsOf(app, stack, dependencies) }));
  const signed = all.filter((item) => item.from.length > 0);
  if (asked) return all;
  if (signed.length > 0 || !app.manifest) return signed;
  const why = 'a package.json that names no other runtime';
  return all
    .filter((item) => item.stack.isDefault)
    .map((item) => ({ ...item, from: [{ file: app.path('package.json'), why }] }));
}

/** Scripts that show what runs the app, the most telling first. */
const telling = ['start:prod', 'start', 'serve', 'dev', 'start:dev', 'test', 'build'];

/**
 * Of several runtimes the one that runs the app: by its scripts, else by the types that its source is written against, else, where its scripts run
 * programs of packages alone, the one that the first line of those names, whatever installs them.
 */
function mainRuntime(app: App, found: readonly Found[]): Found | undefined {
  let runsPrograms = false;
  for (const name of telling) {
    const commands = followScript(app, name, undefined)?.commands.filter((command) => !command.beside) ?? [];
    runsPrograms ||= commands.length > 0;
    const last = commands.at(-1);
    // a process manager starts what it is told to by the interpreter that it is told
    const program = (last?.told ? undefined : last?.starter) ?? last?.argv[0] ?? '';
    const running = found.filter((item) => item.stack.programs?.includes(program));
    if (running.length === 1) return running[0];
  }
  const names = new Set(Object.keys(app.manifest?.texts(['devDependencies']) ?? {}));
  const typed = found.filter((item) => item.stack.dependencies?.some((name) => names.has(name)));
  if (typed.length === 1) return typed[0];
  return runsPrograms && typed.length === 0 ? found.find((item) => item.stack.isDefault) : undefined;
}

type Found = { readonly stack: Detection; readonly from: readonly Evidence[] };

function version(
  app: App,
  found: Found,
  runtime: Runtime,
  constraints: readonly EngineConstraint[],
  asked: string | undefined,
  askedVersion: string | undefined,
): Facts['runtime'] {
  const { name } = found.stack;
  if (asked && askedVersion) return byConfig({ name, version: askedVersion }, 'runtime');
  const image = app.container && runtimeEvidence(app.container);
  if (image && image.runtime === name) return detected({ name, version: image.version }, image.from);
  const runtimeVersion = runtime.version(app.project, app.root, constraints);
  if (!('value' in runtimeVersion)) return runtimeVersion;
  const told = runtimeVersion.by === 'default' ? platformVersion(app, name) : undefined;
  if (told) return told;
  return {
    ...runtimeVersion,
    value: { name, ...runtimeVersion.value },
    from: runtimeVersion.from.length > 0 ? [...runtimeVersion.from] : found.from.slice(0, 1),
  };
}

function noRuntime(asked: string | undefined, found: readonly Found[]): Unknown {
  if (found.length > 1) {
    const titles = found.map((item) => item.stack.title).join(' and ');
    return { why: `there are signs of ${titles}`, ask: 'runtime', from: found.flatMap((item) => [...item.from]) };
  }
  return {
    why: asked
      ? `${asked} is not a supported runtime`
      : `could not determine the runtime; supported are ${runtimes.map((runtime) => runtime.title).join(', ')}`,
    ask: 'runtime',
    from: [],
  };
}

/** The package manager with its release; `signs` are what it was recognised by. */
function managerFact(
  app: App,
  name: string,
  loaded: Manager,
  signs: readonly Evidence[] | undefined,
): Fact<{ name: string; version?: string }> {
  const release = loaded.version?.(app.project, app.root);
  const value = { name, ...(release ? { version: release.value } : {}) };
  if (!signs) return { value, by: 'default', from: [{ why: 'the package manager that comes with the runtime' }] };
  if (app.config.manager) return byConfig(value, 'manager');
  return { value, by: 'detected', from: [...signs, ...ownReasons(release?.from ?? [], signs)] };
}

async function readManager(
  app: App,
  dependencies: readonly Dependency[],
  runtime: string | undefined,
): Promise<Pick<Toolchain, 'manager' | 'lockfile' | 'loadedManager' | 'notes'>> {
  for (const file of new Set(
    managers.flatMap((stack) => stack.files ?? []).flatMap((value) => [app.path(value), value]),
  ))
    refuseObstacle(app.project, file);
  const signs = managers
    .map((stack) => ({ stack, from: signsOf(app, stack, dependencies) }))
    .filter((item) => (app.config.manager ? item.stack.name === app.config.manager : item.from.length > 0));
  const first =
    signs.length > 1
      ? (mainManager(app, signs, runtime) ?? (await likelyManager(app, signs)))
      : (usedByImage(app, signs) ?? signs[0] ?? (await ofMembersFile(app)));
  if (!first && signs.length > 1) {
    const why = `there are signs of ${signs.map((sign) => sign.stack.title).join(' and ')}`;
    return {
      manager: { why, ask: 'manager', from: signs.flatMap((sign) => [...sign.from]) },
      loadedManager: undefined,
      notes: [],
    };
  }
  const otherwise =
    managers.find((manager) => manager.name === runtime) ?? managers.find((manager) => manager.isDefault);
  const name = first?.stack.name ?? (runtime === undefined ? undefined : otherwise?.name);
  const loadedManager = name === undefined ? undefined : await loadManager(name);
  if (name === undefined || !loadedManager) {
    return {
      manager: {
        why: 'found no lockfile and no "packageManager" field',
        ask: 'manager',
        from: [],
      },
      loadedManager,
      notes: [],
    };
  }
  const locks = loadedManager.lockfiles.flatMap((lockfile) => {
    const path = lockPlaces(app, lockfile.path).find((file) => app.project.has(file));
    return path === undefined ? [] : [{ path, format: lockfile.format }];
  });
  const [lock, other] = locks;
  if (lock) refuseBroken(app, lock.path, loadedManager, name);
  return {
    manager: managerFact(app, name, loadedManager, first?.from),
    loadedManager,
    ...(lock
      ? {
          lockfile: {
            value: { ...lock, path: app.own(lock.path) },
            by: 'detected',
            from: [{ file: lock.path, why: 'the lockfile' }],
          },
        }
      : {}),
    notes: [...lockNotes(lock, other, dependencies), ...managerNotes(app, name, lock, signs, runtime)],
  };
}

/**
 * Where a lockfile may lie: beside the app, or in the root of the repository. Of a workspace in its root; beside a member only where none lies in the
 * root.
 */
function lockPlaces(app: App, path: string): readonly string[] {
  const { members } = app;
  return members && isLockedAbove(app) ? [pathIn(members.root, path)] : [app.path(path), path];
}

/** A text that is no lockfile at all: installing from it cannot work, and nothing else may be said of its versions. */
function refuseBroken(app: App, file: string, manager: Manager, name: string): void {
  const locked = manager.locked(app.project, app.root, file);
  if (!('unknown' in locked) || !locked.broken) return;
  throw new UserError({
    code: 'lockfile-broken',
    message: `${locked.unknown}: installing from it would fail`,
    where: { file },
    next: [`Restore it from version control, or delete it and run \`${name} install\``],
  });
}

/** Evidence that is not among others already. */
const ownReasons = (from: readonly Evidence[], others: readonly Evidence[]): readonly Evidence[] =>
  from.filter((item) => !others.some((other) => other.file === item.file && other.line === item.line));

/**
 * Of several package managers the one that `packageManager` names, else the one whose lockfile the author's image gets, or which it starts, else
 * the one that the project's own scripts call, else the one that is the runtime's own.
 */
function mainManager(app: App, signs: readonly Found[], runtime: string | undefined): Found | undefined {
  const named = managerManifest(app)?.text(['packageManager'])?.split('@')[0];
  const only = (found: readonly Found[]): Found | undefined => (found.length === 1 ? found[0] : undefined);
  return (
    signs.find((sign) => sign.stack.name === named) ??
    only(signs.filter(({ stack }) => isCopied(app, stack.files ?? []))) ??
    only(signs.filter(({ stack }) => isStarted(app, stack.name))) ??
    only(signs.filter(({ stack }) => isCalled(app, stack.name))) ??
    signs.find((sign) => sign.stack.name === runtime)
  );
}

/**
 * Of several package managers, where nothing names one, the one whose programs the scripts start, else the one whose lockfile fits the
 * manifest best, of equals the one that the author's image installs with: the lockfile of the other is what somebody forgot. undefined: none of them fits, and they do so equally.
 */
async function likelyManager(app: App, signs: readonly Found[]): Promise<Found | undefined> {
  const started = signs.filter(({ stack }) => ofPrograms(app, stack).length > 0);
  const candidates = started.length > 0 ? started : signs;
  const rated = await Promise.all(
    candidates.map(async (candidate) => {
      const { name } = candidate.stack;
      return { candidate, wrong: await countWrong(app, name), installs: isInstalling(app, name) ? 0 : 1 };
    }),
  );
  const [best, next] = rated.sort((a, b) => a.wrong - b.wrong || a.installs - b.installs);
  return best && best.wrong > 0 && best.wrong === next?.wrong ? undefined : best?.candidate;
}

/** How many dependencies the lockfile of a package manager lacks or has otherwise than the manifest; all where there is none that can be read. */
async function countWrong(app: App, name: string): Promise<number> {
  const manager = await loadManager(name);
  const ranges = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((group) =>
    Object.entries(app.manifest?.texts([group]) ?? {}),
  );
  const file = manager?.lockfiles.flatMap(({ path }) => lockPlaces(app, path)).find((path) => app.project.has(path));
  const locked = manager && file !== undefined ? manager.locked(app.project, app.root, file) : undefined;
  if (!locked || !('wrong' in locked)) return ranges.length + 1;
  return ranges.filter(([dependency, range]) => locked.wrong(dependency, range) !== undefined).length;
}

/** Several package managers have left signs, and nothing but their lockfiles says which one counts. */
function managerNotes(
  app: App,
  name: string,
  lock: { path: string } | undefined,
  signs: readonly Found[],
  runtime: string | undefined,
): Facts['notes'] {
  if (app.config.manager || signs.length < 2 || mainManager(app, signs, runtime)) return [];
  const others = signs.filter(({ stack }) => stack.name !== name);
  const titles = others.map(({ stack }) => stack.title).join(' and ');
  return [
    {
      code: 'two-managers',
      message: `The package manager ${name} is a guess${lock ? `: no lockfile fits package.json better than ${lock.path}` : ''}. There are signs of ${titles} too: delete the lockfiles that are not used, or set the key "manager".`,
      from: others.flatMap(({ from }) => [...from]),
    },
  ];
}

/** The package manager that the author's image uses, where a field alone names another one, and no lockfile is there that it would have written. */
function usedByImage(app: App, signs: readonly Found[]): Found | undefined {
  const hasFile = (files: readonly string[] = []) =>
    files.some((file) => lockPlaces(app, file).some((place) => app.project.has(place)));
  if (app.config.manager || signs.length !== 1 || managers.some(({ files }) => hasFile(files))) return undefined;
  const commands = installCommands(app);
  const used = managers.filter(({ name }) => commands.some(({ argv }) => argv[0] === name));
  const [only] = used;
  return used.length === 1 && only ? { stack: only, from: commands.map(({ from }) => from).slice(0, 1) } : undefined;
}

/** Whether the author's Dockerfile copies one of some files by its name, or by a pattern that is not for everything. */
function isCopied({ container }: App, files: readonly string[]): boolean {
  const sources = (container?.stages ?? []).flatMap(({ copies }) =>
    copies.flatMap(({ stage, sources: all }) => (stage === undefined ? all : [])),
  );
  return sources.some((source) => {
    const name = posix.basename(source);
    return name !== '*' && files.some((file) => (/[*?]/.test(name) ? globMatcher(name)(file) : name === file));
  });
}

/** Whether the author's image installs with a package manager. */
const isInstalling = (app: App, name: string): boolean => installCommands(app).some(({ argv }) => argv[0] === name);

const isStarted = ({ container }: App, name: string): boolean =>
  [container?.service?.command, container?.stage?.command, container?.stage?.entrypoint].some(
    (command) => command?.argv[0]?.split(' ')[0] === name,
  );

const isCalled = (app: App, name: string): boolean =>
  Object.values(scriptsOf(app)).some((script) => shellCommands(script).commands.some(({ argv }) => argv[0] === name));

function lockNotes(
  lock: { path: string } | undefined,
  other: { path: string } | undefined,
  dependencies: readonly Dependency[],
): Facts['notes'] {
  if (!lock && dependencies.length > 0) {
    return [
      {
        code: 'no-lockfile',
        message: 'no lockfile: two builds can install different versions of the dependencies',
        from: [],
      },
    ];
  }
  if (!lock || !other) return [];
  const from = [lock, other].map((item) => ({ file: item.path, why: 'a lockfile' }));
  return [
    {
      code: 'two-lockfiles',
      message: `${lock.path} is used; ${other.path} exists too and may differ`,
      from,
    },
  ];
}
