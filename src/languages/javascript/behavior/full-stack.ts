import { posix } from 'node:path';
import type { Dependency, Facts, Variable } from '../../../model/facts.ts';
import type { Detection, FullStack, SiteSource } from '../../../stacks/contract.ts';
import { fullStacks, loadFullStack } from '../../../stacks/fullstack/registry.gen.ts';
import type { JavaScriptDetails } from '../../../stacks/javascript.ts';
import { type App, byConfig, detected } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { isTest } from '../modules/graph.ts';

/** What a full-stack framework builds of an app. */
export type FoundFullStack = {
  readonly stack: Detection;
  readonly loaded: FullStack;
  readonly source: SiteSource;
  readonly fact: NonNullable<JavaScriptDetails['fullStack']>;
  /** files that its server begins with, relative to the app */
  readonly entries: readonly string[];
};

/** A framework that was recognised, and why this version has no deployment for what it builds. */
export type RefusedFullStack = { readonly stack: Detection; readonly unsupported: string };

/**
 * Recognises a full-stack framework by its build script. `started` is the file of the project that its start script runs: a server of its own decides
 * by itself what it renders.
 */
export async function readFullStack(
  app: App,
  toolchain: Toolchain,
  dependencies: readonly Dependency[],
  started: string | undefined,
): Promise<FoundFullStack | RefusedFullStack | undefined> {
  if (started !== undefined || (app.config.archetype ?? 'web-app') !== 'web-app') return undefined;
  for (const stack of fullStacks) {
    if (!dependencies.some(({ name }) => stack.dependencies?.includes(name))) continue;
    const followed = toolchain.buildScripts.map((name) => toolchain.followed(name)).find((one) => one !== undefined);
    const command = followed?.commands.find(({ argv }) => stack.programs?.includes(argv[0] ?? ''));
    const loaded = command && (await loadFullStack(stack.name));
    if (!followed || !command || !loaded) continue;
    const source: SiteSource = {
      project: app.project,
      root: app.root,
      argv: command.argv,
      ...inWorkspace(app, toolchain),
    };
    const build = loaded.build(source);
    if ('unsupported' in build) return { stack, unsupported: build.unsupported };
    const files = app.project
      .files()
      .map(app.own)
      .filter((file) => !file.startsWith('../') && !isTest(file));
    const fact = detected({ name: stack.name, ...build }, followed.from);
    return { stack, loaded, source, fact, entries: [...loaded.entries(files)].sort() };
  }
  return undefined;
}

/** Where the lockfile and the packages of an app lie that is a member of a workspace. */
function inWorkspace(
  { project, root, members, path }: App,
  { lockfile, loadedManager: manager }: Toolchain,
): Pick<SiteSource, 'top' | 'modules'> {
  if (!members || members.root === root) return {};
  const locked = lockfile && path(lockfile.value.path);
  const up = posix.relative(root, members.root);
  const member = { folder: posix.relative(members.root, root), root: members.root };
  return {
    ...(locked === undefined ? {} : { top: posix.dirname(locked) }),
    modules: (name) =>
      locked !== undefined && manager?.besideMember?.(project, locked, member, name)
        ? 'node_modules'
        : `${up}/node_modules`,
  };
}

/** The port that its server takes: what the start command names, else its own; the variable carries it in both. */
export function portOf(
  app: App,
  { loaded, stack }: FoundFullStack,
  toolchain: Toolchain,
  script: string | undefined,
): Pick<Facts, 'port'> {
  const { port, variable } = loaded.listens;
  const followed = script === undefined ? undefined : toolchain.followed(script);
  const start = followed?.commands.find(({ argv }) => stack.programs?.includes(argv[0] ?? ''))?.argv ?? [];
  if (app.config.port !== undefined) return { port: byConfig({ number: app.config.port, variable }, 'port') };
  const at = start.findIndex((word) => loaded.portFlags.includes(word));
  const named = Number(start[at + 1]);
  const isNamed = at !== -1 && Number.isInteger(named) && named > 0 && named < 65_536;
  const why = isNamed ? `the start script says ${named}` : `${loaded.listens.port} is the port of its server`;
  return {
    port: isNamed
      ? detected({ number: named, variable }, followed?.from ?? [])
      : { value: { number: port, variable }, by: 'default', from: [{ why }] },
  };
}

/** The variables that its server is told port and address by are set in the image. */
export const ownVariables = ({ loaded: { listens } }: FoundFullStack, variables: readonly Variable[]): Variable[] =>
  variables.filter(({ name }) => name !== listens.variable && name !== listens.address);
