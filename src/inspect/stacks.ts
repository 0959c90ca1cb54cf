import { shellCommands } from '../formats/shell/commands.ts';
import type { Evidence, Unknown } from '../model/evidence.ts';
import type { Dependency, Facts } from '../model/facts.ts';
import type { Manager, Recognise, Runtime } from '../stacks/contract.ts';
import { loadManager, managers } from '../stacks/managers/registry.gen.ts';
import { loadRuntime, runtimes } from '../stacks/runtimes/registry.gen.ts';
import { type App, byConfig, type Fact, inData } from './app.ts';
import { scriptsOf } from './scripts.ts';

/** What in the manifests and files of an app is a sign of a stack. */
export function signsOf(app: App, stack: Recognise, dependencies: readonly Dependency[]): readonly Evidence[] {
  return [
    ...ofFields(app, stack),
    ...ofFiles(app, stack),
    ...ofDependencies(stack, dependencies),
    ...ofPrograms(app, stack),
  ];
}

const ofDependencies = (stack: Recognise, dependencies: readonly Dependency[]): Evidence[] =>
  dependencies.filter((one) => stack.dependencies?.includes(one.name)).map((one) => one.from);

const ofFiles = (app: App, stack: Recognise): Evidence[] =>
  (stack.files ?? []).flatMap((file) => {
    const found = [app.path(file), file].find((one) => app.project.has(one));
    return found === undefined ? [] : [{ file: found, why: `${file} is there` }];
  });

function ofFields(app: App, stack: Recognise): Evidence[] {
  const { manifest } = app;
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

function ofPrograms(app: App, stack: Recognise): Evidence[] {
  const { manifest } = app;
  if (!manifest || !stack.programs) return [];
  return Object.entries(scriptsOf(app)).flatMap(([name, text]) => {
    const program = shellCommands(text).commands.find((one) => stack.programs?.includes(one.argv[0] ?? ''))?.argv[0];
    return program === undefined ? [] : [inData(manifest, ['scripts', name], `the script ${name} runs ${program}`)];
  });
}

/** What was recognised of runtime and package manager, loaded. */
export type Ground = Pick<Facts, 'runtime' | 'manager' | 'lockfile' | 'notes'> & {
  readonly loadedRuntime: Runtime | undefined;
  readonly loadedManager: Manager | undefined;
  /** programs that run scripts of package.json */
  readonly programs: ReadonlySet<string>;
};

/** Runtime, its version, package manager and lockfile. */
export async function readGround(app: App, dependencies: readonly Dependency[]): Promise<Ground> {
  const [asked, askedVersion] = (app.config.runtime ?? '').split('@');
  const found = runtimes
    .map((stack) => ({ stack, from: signsOf(app, stack, dependencies) }))
    .filter((one) => (asked ? one.stack.name === asked : one.from.length > 0));
  const [first] = found;
  const loadedRuntime = first && found.length === 1 ? await loadRuntime(first.stack.name) : undefined;
  const runtime =
    first && loadedRuntime ? version(app, first, loadedRuntime, asked, askedVersion) : noRuntime(asked, found);
  const manager = await readManager(app, dependencies, first?.stack.name);
  const judged =
    'value' in runtime
      ? (loadedRuntime?.judge(runtime.value.version) ?? []).map((note) => ({ ...note, from: [...runtime.from] }))
      : [];
  return {
    runtime,
    loadedRuntime,
    ...manager,
    programs: new Set([...runtimes, ...managers].flatMap((one) => one.programs ?? [])),
    notes: [
      ...judged,
      ...(loadedRuntime?.notes?.(app.project, app.root) ?? []).map((note) => ({ ...note, from: [...note.from] })),
      ...manager.notes,
    ],
  };
}

type Found = { readonly stack: Recognise; readonly from: readonly Evidence[] };

function version(
  app: App,
  found: Found,
  runtime: Runtime,
  asked: string | undefined,
  askedVersion: string | undefined,
): Facts['runtime'] {
  const { name } = found.stack;
  if (asked && askedVersion) return byConfig({ name, version: askedVersion }, 'runtime');
  const said = runtime.version(app.project, app.root);
  if (!('value' in said)) return said;
  return {
    ...said,
    value: { name, ...said.value },
    from: said.from.length > 0 ? [...said.from] : found.from.slice(0, 1),
  };
}

function noRuntime(asked: string | undefined, found: readonly Found[]): Unknown {
  if (found.length > 1) {
    const titles = found.map((one) => one.stack.title).join(' and ');
    return { why: `signs of ${titles} are there`, ask: 'runtime', from: found.flatMap((one) => [...one.from]) };
  }
  return {
    why: asked
      ? `${asked} is no runtime that is known here`
      : `nothing says which runtime this is for; known are ${runtimes.map((one) => one.title).join(', ')}`,
    ask: 'runtime',
    from: [],
  };
}

async function readManager(
  app: App,
  dependencies: readonly Dependency[],
  runtime: string | undefined,
): Promise<Pick<Ground, 'manager' | 'lockfile' | 'loadedManager' | 'notes'>> {
  const signs = managers
    .map((stack) => ({ stack, from: signsOf(app, stack, dependencies) }))
    .filter((one) => one.from.length > 0);
  const [first] = signs;
  if (signs.length > 1) {
    const why = `signs of ${signs.map((one) => one.stack.title).join(' and ')} are there`;
    return {
      manager: { why, ask: 'manager', from: signs.flatMap((one) => [...one.from]) },
      loadedManager: undefined,
      notes: [],
    };
  }
  const name = first?.stack.name ?? managers.find((one) => one.name === runtime)?.name;
  const loadedManager = name === undefined ? undefined : await loadManager(name);
  if (name === undefined || !loadedManager) {
    return {
      manager: {
        why: 'no lockfile and no packageManager says which package manager this is for',
        ask: 'manager',
        from: [],
      },
      loadedManager,
      notes: [],
    };
  }
  const manager: Fact<{ name: string }> = first
    ? { value: { name }, by: 'detected', from: [...first.from] }
    : { value: { name }, by: 'default', from: [{ why: 'the package manager of the runtime' }] };
  const locks = loadedManager.lockfiles.flatMap((one) => {
    const path = [app.path(one.path), one.path].find((file) => app.project.has(file));
    return path === undefined ? [] : [{ path, format: one.format }];
  });
  const [lock, other] = locks;
  return {
    manager,
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
    notes: lockNotes(lock, other, dependencies),
  };
}

function lockNotes(
  lock: { path: string } | undefined,
  other: { path: string } | undefined,
  dependencies: readonly Dependency[],
): Facts['notes'] {
  if (!lock && dependencies.length > 0) {
    return [
      {
        code: 'no-lockfile',
        message: 'there is no lockfile: two builds can give different versions of the dependencies',
        from: [],
      },
    ];
  }
  if (!lock || !other) return [];
  const from = [lock, other].map((one) => ({ file: one.path, why: 'a lockfile' }));
  return [
    {
      code: 'two-lockfiles',
      message: `${lock.path} is used; ${other.path} is there too and may say something else`,
      from,
    },
  ];
}
