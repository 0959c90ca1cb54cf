import type { Known } from '../../model/evidence.ts';
import type { Facts, Variable } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import { pathIn } from '../../project/paths.ts';
import { present } from './app.ts';
import { ofBuild, readConnections } from './behavior/connections.ts';
import { readHttps } from './behavior/https.ts';
import { readSecureOnly } from './behavior/secure-only.ts';
import { withAuthVariables } from './environment/auth-variables.ts';
import { readBuildSecrets } from './environment/build-secrets.ts';
import { withClientKeys } from './environment/client-keys.ts';
import { readLocalFiles, readLocalSettings, readSecretFiles } from './environment/secret-files.ts';
import type { AnalysisContext } from './evaluate/context.ts';
import { localPackages } from './manifest/dependencies.ts';
import { readTokens } from './manifest/registry-tokens.ts';
import { readFiles } from './modules/files.ts';
import { homeNotes, readHome } from './modules/home.ts';
import { keyNotes } from './modules/key-files.ts';
import { bundlesItself, neededWhenRunning } from './modules/runtime-dev-dependencies.ts';
import { unlistedPackages } from './modules/unlisted-packages.ts';
import type { Analysis, Outline } from './outline.ts';
import type { Commands } from './scripts/commands.ts';

/** What it reads of its environment: variables and what they point to, tokens, files, and packages that only developing should need. */
export function inputsOf(outline: Outline, context: AnalysisContext) {
  const { app, dependencies, toolchain, commands, site, fullStack } = outline;
  // of a workspace installing starts in its root
  const place = app.members?.root ?? app.root;
  const reads = (toolchain.loadedManager?.reads(app.project, place) ?? []).map((path) => app.own(pathIn(place, path)));
  const installs = [...new Set([...reads, ...localPackages(app, dependencies)])];
  const tokens = readTokens(app, installs);
  const files = readFiles(context);
  const runsSources = commands.build === undefined;
  const localFiles = site ? undefined : localFilesOf(context, files.writes, runsSources);
  const home = site ? undefined : readHome(context);
  const connections = readConnections(context, dependencies);
  const known = { variables: connections.variables, tokens: tokens.tokens };
  const { buildSecrets, variables } = readBuildSecrets(context, toolchain, commands, known);
  const bundles = site !== undefined || bundlesItself(toolchain);
  // a framework has modules of its own that look like packages
  const unlisted =
    bundles || fullStack ? { needed: [], notes: [] } : unlistedPackages(context, dependencies, toolchain);
  return {
    installs,
    tokens,
    files: {
      ...files,
      notes: [
        ...files.notes,
        ...keyNotes(app, files.reads, localFiles),
        ...(site ? [] : readLocalSettings(context, (path) => isKnown(path, files.writes, localFiles))),
        ...homeNotes(home, files.writes),
      ],
    },
    connections,
    buildSecrets,
    secretFiles: site ? undefined : secretFilesOf(context, variables),
    localFiles,
    home,
    variables: site
      ? ofBuild(app, variables, site)
      : withClientKeys(context, withAuthVariables(context, dependencies, variables)).map((withClientKey) =>
          withoutDemand(withClientKey, commands),
        ),
    unlisted,
    needed: [
      ...(bundles ? [] : neededWhenRunning(context, dependencies, toolchain)),
      ...unlisted.needed,
      ...loadersOf(outline),
    ],
  };
}

/** Packages of development by which a server of the author around a framework is loaded: `node --import tsx server.ts`. */
function loadersOf({ fullStack, dependencies }: Outline): Known<string>[] {
  const { server, start = [] } = fullStack && 'fact' in fullStack ? fullStack.fact.value : {};
  if (server === undefined) return [];
  return dependencies.flatMap(({ name, dev, from }) =>
    dev && start.some((word) => word === name || word.startsWith(`${name}/`)) ? [detected(name, [from])] : [],
  );
}

/** What it needs of its container besides: packages of the distribution, files of secrets, a proxy in front. */
export const usesOf = (
  { site }: Outline,
  { context, system, listening }: Analysis,
  { secretFiles, localFiles, home }: ReturnType<typeof inputsOf>,
): Partial<Facts> => ({
  ...system.facts,
  ...present('secretFiles', secretFiles),
  ...present('localFiles', localFiles),
  ...present('home', home),
  ...present('https', site ? undefined : readHttps(context, listening)),
  ...present('secureOnly', site ? undefined : readSecureOnly(context)),
});

/** What the script that starts the app sets by itself nobody has to set. */
const withoutDemand = (variable: Variable, { sets = [] }: Commands): Variable =>
  sets.includes(variable.name) ? { ...variable, required: false } : variable;

/** Whether the app writes a file by itself. */
const isWritten = (writes: Facts['writes'], path: string): boolean =>
  writes.some(({ value }) => path === value || path.startsWith(`${value}/`));

/** Whether a file is mounted, or the app writes it by itself. */
const isKnown = (path: string, writes: Facts['writes'], local: Facts['localFiles'] = []): boolean =>
  isWritten(writes, path) || local.some(({ value }) => value === path);

/** Keys, certificates and settings beside the code that only whoever deploys has; what the app writes by itself is none. */
function localFilesOf(context: AnalysisContext, writes: Facts['writes'], runsSources: boolean): Facts['localFiles'] {
  const found = readLocalFiles(context, runsSources).filter(({ value }) => !isWritten(writes, value));
  return found.length > 0 ? [...found] : undefined;
}

/** Secrets that are read by the names of their files; of those that a variable says where to find, none. */
function secretFilesOf(context: AnalysisContext, variables: readonly Variable[]): Facts['secretFiles'] {
  const named = new Set(variables.flatMap(({ fileOf }) => fileOf?.toLowerCase() ?? []));
  const found = readSecretFiles(context).filter(({ name }) => !named.has(name));
  return found.length > 0 ? [...found] : undefined;
}
