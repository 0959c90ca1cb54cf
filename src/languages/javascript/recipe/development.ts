import { posix } from 'node:path';
import { quoteShell } from '../../../formats/dockerfile/index.ts';
import { envFilesOf } from '../../../formats/env/files.ts';
import type { Facts } from '../../../model/facts.ts';
import { evidenceOf, knownValue } from '../../../model/known.ts';
import type { Recipe, RecipeStep } from '../../../model/recipe.ts';
import type { FullStack } from '../../../stacks/contract.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { hashVariables } from './build.ts';
import { generateSteps, ofScripts, type RecipeContext } from './context.ts';
import { intoOwn, packageFolders } from './context-paths.ts';
import { canWatch } from './foreign.ts';

/** How the app is developed: its own script, else the runtime watching the source. */
export function developmentOf(context: RecipeContext): Recipe['development'] {
  const { facts, stacks } = context;
  if (stacks.fullStack) return developmentOfFullStack(context, stacks.fullStack);
  const serves = context.shape === 'service';
  const { own, builds } = serves ? developedServer(context) : developedProgram(context);
  const watches = serves && (facts.commands.dev !== undefined || canWatch(stacks.runtime, context.version));
  const why = watches
    ? 'hot reload: the source is mounted over this one'
    : 'the source: docker-compose.dev.yml mounts it over this one';
  const plain = builds?.command ?? own;
  const made = madeAnew(context, plain);
  const command = made?.command ?? plain;
  return {
    reason: {
      choice: command.join(' '),
      why: builds?.why ?? why,
      ...(facts.commands.dev ? evidenceOf(facts.commands.dev) : {}),
    },
    note: watches ? 'hot reload: docker-compose.dev.yml mounts the source over this one' : why,
    command,
    ...(watches || builds ? {} : { still: true as const }),
    env: {
      ...developmentVariables(stacks.runtime.production),
      ...hashVariables(context),
      ...detailsOf(facts).packageVariables,
      ...detailsOf(facts).settings,
      ...scriptVariables(context, command),
    },
    keep: packageFolders(context),
    ...besideOf(context),
    ...(made ? { user: made.user, writesSource: true as const } : {}),
    layers: [{ steps: [...preparedSteps(context), ...madeWhileDeveloping(context, builds?.building ?? command)] }],
  };
}

/**
 * Modules that scripts of the project make among its sources are none of those that are mounted: the scripts run where these are, before the app starts, as
 * they do when it is installed. Undefined: nothing is made there.
 */
function madeAnew(context: RecipeContext, command: readonly string[]) {
  if (context.generates.length === 0 || ofScripts(context.facts).length === 0) return undefined;
  const { uid, gid } = context.stacks.runtime.build(context.version);
  const scripts = context.generates.map(({ argv }) => quoteShell(argv));
  return { command: ['sh', '-c', [...scripts, `exec ${quoteShell(command)}`].join(' && ')], user: { uid, gid } };
}

type Developed = { readonly own: readonly string[]; readonly builds?: ReturnType<typeof buildingAgain> };

/** What answers requests is started again at each change: by its own script, else built again, else by the runtime that watches. */
function developedServer(context: RecipeContext): Developed {
  const { facts, stacks } = context;
  const entry = knownValue(facts.entry) ?? 'index.ts';
  if (facts.commands.dev) return { own: facts.commands.dev.value.argv };
  const runs = stacks.runtime.runsSource(facts);
  // what no script of the project builds is loaded as its author starts it, where a loader is there
  const loader =
    runs || (context.output.kind === 'built' && isOwnBuild(context)) ? undefined : stacks.runtime.developing?.(facts);
  const builds = loader && context.output.kind === 'built' ? undefined : buildingAgain(context);
  const loaded = builds ? undefined : loader;
  const plain = stacks.runtime.run(entry);
  const watching = canWatch(stacks.runtime, context.version) ? stacks.runtime.watch(entry) : plain;
  const own = loaded ? [...watching.slice(0, -1), ...loaded.slice(plain.length - 1)] : watching;
  return { own: withEnvFiles(own, facts), builds };
}

/** The files of variables that the start command reads, before the file that is started. */
function withEnvFiles(argv: readonly string[], { commands }: Facts): readonly string[] {
  const files = envFilesOf(knownValue(commands.start)?.argv ?? []);
  return [...argv.slice(0, -1), ...files.map((file) => `--env-file=${file}`), ...argv.slice(-1)];
}

/**
 * What answers no requests runs from its source. Where the runtime does not run that, a worker is started by its own script, and all others by what
 * the project loads its source with; where it has none of these, what it is built to.
 */
function developedProgram(context: RecipeContext): Developed {
  const { facts, stacks, shape } = context;
  const own = stacks.runtime.run(knownValue(facts.entry) ?? 'index.ts');
  if (stacks.runtime.runsSource(facts)) return { own };
  const script = facts.commands.dev?.value.argv;
  const loaded = stacks.runtime.developing?.(facts);
  const found = shape === 'worker' ? (script ?? loaded) : (loaded ?? (shape === 'command' ? undefined : script));
  return found ? { own: found } : { own, builds: buildingAgain(context) };
}

/** The development server of a full-stack framework: it reads the whole project, and writes its own folders into it. */
function developmentOfFullStack(context: RecipeContext, { dev, made, env }: FullStack): Recipe['development'] {
  const { facts, stacks, version, folders } = context;
  const port = knownValue(facts.port)?.number ?? 3000;
  const words = dev(port);
  const { server, develops } = detailsOf(facts).fullStack?.value ?? {};
  // a server of the author loads the development server by itself
  const own = server === undefined ? undefined : facts.commands.dev?.value.argv;
  const command = own ?? (words[0] === stacks.runtime.run('')[0] ? words : (stacks.manager?.exec(words) ?? words));
  const why = 'hot reload: docker-compose.dev.yml mounts the source over this one';
  const user = stacks.runtime.build(version);
  return {
    reason: { choice: command.join(' '), why },
    note: why,
    command,
    env: {
      ...developmentVariables(stacks.runtime.production),
      ...env,
      ...hashVariables(context),
      ...detailsOf(facts).packageVariables,
      ...detailsOf(facts).settings,
      ...scriptVariables(context, command),
    },
    layers: [
      {
        steps: [
          ...intoOwn(context),
          ownedFolders(user, ['.', ...made], 'files that the server writes at run time', !develops),
          ...ownedFiles(user, develops?.writes ?? []),
        ],
      },
    ],
    user,
    ...(develops ? {} : { writesSource: true as const }),
    mounts: develops?.mounts.filter((path) => !isWritten(facts, path)) ?? ['.'],
    ...besideOf(context),
    // what lies among the packages is kept with them
    keep: [
      ...packageFolders(context),
      ...made
        .filter((folder) => !folder.startsWith('node_modules/'))
        .map((folder) => posix.join(folders.image, folder)),
    ],
  };
}

/** Whether the app writes into a folder: a volume lies there. */
const isWritten = ({ writes }: RecipeContext['facts'], folder: string): boolean =>
  writes.some(({ value }) => value === folder || value.startsWith(`${folder}/`));

/** What is made in the folder of the application before anything of it runs. */
export const preparedSteps = (context: RecipeContext): RecipeStep[] => [...intoOwn(context), ...generateSteps(context)];

/** Siblings: an edit in those whose files are used as they are shows in the container, too; those that are built are built again. */
export function besideOf({
  facts,
  stacks,
  workspace,
}: RecipeContext): Pick<Recipe['development'], 'beside' | 'rebuilt'> {
  // the server of a site reads all that its build brings into the pages
  const isBundled = facts.site !== undefined || stacks.fullStack !== undefined;
  const siblings = (workspace?.siblings ?? []).filter(({ runs }) => runs || isBundled);
  const beside = siblings.flatMap(({ folder, scripts }) => (scripts ? [] : [folder]));
  const rebuilt = (workspace?.siblings ?? []).flatMap(({ folder, scripts }) => (scripts ? [folder] : []));
  return { ...(beside.length > 0 ? { beside } : {}), ...(rebuilt.length > 0 ? { rebuilt } : {}) };
}

/** What a command needs that the package manager runs: compose mounts a temporary folder from which nothing can be run. */
function scriptVariables(
  { facts, stacks }: RecipeContext,
  command: readonly string[],
): Readonly<Record<string, string>> {
  const manager = knownValue(facts.manager);
  const isOfManager = manager !== undefined && command.join(' ').split(' ').includes(manager.name);
  return isOfManager ? (stacks.manager?.scriptEnv?.(manager.version) ?? {}) : {};
}

/** The runtime's own variables, with the value that means development. */
const developmentVariables = (production: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(production).map(([name, value]) => [name, value === 'production' ? 'development' : value]),
  );

/** Whether what is built is what the project's own script builds, and not what a builder was chosen for instead. */
const isOwnBuild = ({ facts, output }: Pick<RecipeContext, 'facts' | 'output'>): boolean =>
  output.kind === 'built' && output.argv.join(' ') === facts.commands.build?.value.argv.join(' ');

/**
 * What is built before it runs, and has no script for developing: built again at each change, beside what runs it once it is there; where
 * nothing is known to watch, built whenever the container starts.
 */
function buildingAgain({
  facts,
  output,
  shape,
  stacks,
  version,
}: RecipeContext): { building: readonly string[]; command: readonly string[]; why: string } | undefined {
  if (output.kind !== 'built' || !output.inPlace || stacks.runtime.runsSource(facts)) return undefined;
  const isOwn = isOwnBuild({ facts, output });
  const again = shape === 'service' && isOwn ? facts.commands.build?.value.watch : undefined;
  const building = again ?? output.argv;
  const [started = ''] = output.start.slice(-1);
  const file = /\.[cm]?js$/.test(started) ? started : `${started}.js`;
  // a shell reads it: a word that means something to it is not handed over
  if (![...building, file].every((word) => /^[\w./:=-]+$/.test(word)) || !file.includes('/')) return undefined;
  const first = again ? `${again.join(' ')} & until [ -f ${file} ]; do sleep 1; done;` : `${building.join(' ')} &&`;
  const runs = again && canWatch(stacks.runtime, version) ? stacks.runtime.watch(file) : stacks.runtime.run(file);
  return {
    building,
    // a command is given its arguments behind the name of the image
    command: [
      'sh',
      '-c',
      `${first} exec ${runs.join(' ')}${shape === 'command' ? ' "$@"' : ''}`,
      ...(shape === 'command' ? ['sh'] : []),
    ],
    why: `the runtime cannot run the source directly, so it is built ${again ? 'on each change' : 'when the container starts'}`,
  };
}

/** Makes folders that the user of the container may write. */
export const ownedFolders = (
  { uid, gid }: { readonly uid: number; readonly gid: number },
  folders: readonly string[],
  note: string,
  isOpen = false,
): RecipeStep => ({
  do: 'run',
  argv: [
    'install',
    '--directory',
    ...(isOpen ? ['--mode', '0777'] : []),
    '--owner',
    String(uid),
    '--group',
    String(gid),
    ...folders,
  ],
  note,
});

/** Files of the image that a server rewrites while it runs; those that git ignores need not be there. */
export const ownedFiles = (
  { uid, gid }: { readonly uid: number; readonly gid: number },
  files: readonly string[],
): RecipeStep[] =>
  files.length === 0
    ? []
    : [
        { do: 'run', argv: ['touch', ...files] },
        { do: 'run', argv: ['chown', `${uid}:${gid}`, ...files] },
      ];

/** A script that builds while it watches writes where the build does, and may replace that folder: both are the user's. */
const madeWhileDeveloping = ({ output, base }: RecipeContext, command: readonly string[]): RecipeStep[] =>
  output.kind === 'built' && output.inPlace && command[1] === 'run'
    ? [ownedFolders(base, ['.', output.folder], 'files that the development build writes')]
    : [];
