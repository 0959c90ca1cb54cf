import type { Evidence, Known } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { FullStackBuild } from './contract.ts';

/** Conditions that a runtime takes of `exports`, besides those that a project makes up (nodejs.org, "Conditional exports"). */
export const conditions: readonly string[] = ['node-addons', 'node', 'module-sync', 'import', 'require', 'default'];

/** A script of package.json that installing runs. */
export type OwnScript = {
  readonly name: string;
  readonly text: string;
  /** git hooks, which no image needs; patches of packages; or something that needs the sources */
  readonly does: 'hooks' | 'patches' | 'generates';
  /** of another package of the workspace, or of its root */
  readonly elsewhere?: true;
  readonly from: readonly Evidence[];
};

/** A package of the same workspace that an application needs, directly or over others. */
export type Sibling = {
  readonly name: string;
  /** its folder, relative to the root of the workspace */
  readonly folder: string;
  /** the scripts that build it, in their order; absent: its files are used as they are */
  readonly scripts?: readonly string[];
  /** it is there when the application runs, and not only when it is built */
  readonly runs: boolean;
  /** importing it gives TypeScript as it is written */
  readonly source?: true;
};

/** The workspace that an application is a member of; paths are relative to the root of the workspace. */
export type Workspace = {
  /** the name of the application's package */
  readonly name: string;
  readonly folder: string;
  /** in the order in which they are built */
  readonly siblings: readonly Sibling[];
  /** folders of the members that it does not need */
  readonly others: readonly string[];
  /** files that building reads and that lie in no member */
  readonly outside: readonly string[];
  /** packages of siblings that give TypeScript lie where the application does not find them: it cannot be made one file with those siblings */
  readonly apart?: true;
  /** the common folder has settings and a lockfile alone, and no manifest: pnpm takes such a workspace */
  readonly withoutManifest?: true;
};

/** Pages that a server gives out, and what builds them. */
export type BuiltPages = {
  /** the folder that the build makes, relative to the app */
  readonly output: string;
  /** of the package that builds them, as a site; absent: the build script of the app makes them, by a tool whose settings say no more */
  readonly facts?: Facts;
  readonly from: readonly Evidence[];
};

/** What only applications in JavaScript and TypeScript have, as their facts hold it in `details`. */
export type JavaScriptDetails = {
  readonly language: 'javascript';
  /** what a .js file of the app is: `type` of package.json */
  readonly moduleType: 'module' | 'commonjs';
  /** the compiler of TypeScript gives modules of CommonJS no default: `import x from` is undefined when it runs */
  readonly noDefaults?: Known<true>;
  /** the compiler of TypeScript leaves imports as they are written; absent: it makes calls of `require` of them, or nothing says so */
  readonly keepsImports?: Known<true>;
  /** how the sources end the relative imports of each other */
  readonly importEnding: '' | '.js' | '.ts';
  /** development dependencies that the app imports while it runs; absent: none */
  readonly needed?: readonly Known<string>[];
  /** dependencies that are fetched from a repository by git; absent: none */
  readonly fromGit?: readonly Known<string>[];
  /** packages that the author's images install for everything in them, whose programs scripts of the project run, and that are no dependencies; absent: none */
  readonly globals?: readonly Known<string>[];
  /** packages that are compiled by a script of their own, which the package manager leaves out unless it is told otherwise; absent: none */
  readonly notBuilt?: readonly string[];
  /** what one build of several projects makes: their folders, and the manifests in them; absent: one folder, which the start command names */
  readonly outputs?: readonly string[];
  /** flags with which the author's Dockerfile installs, and which installing may need; absent: none */
  readonly installFlags?: readonly Known<string>[];
  readonly ownScripts: readonly OwnScript[];
  /** packages that do not work without their install scripts, whoever depends on them; absent: none */
  readonly scripted?: readonly string[];
  /** modules that the sources import and the repository does not have: scripts of the project make them, relative to the app; absent: none */
  readonly madeModules?: readonly string[];
  /** the compiler keeps what it knows of an earlier build in files `*.tsbuildinfo`; absent: it keeps nothing */
  readonly buildInfo?: true;
  /** generators that the build script of the project runs itself, as lines; absent: none */
  readonly builtAlready?: readonly string[];
  /** variables without which generators stop, with what stands in their places while the image is built; absent: none */
  readonly demanded?: Readonly<Record<string, string>>;
  /** the full-stack framework that builds it, by the name of its file, and what it makes; absent: none */
  readonly fullStack?: Known<FullStackBuild & { readonly name: string }>;
  /** sources of the app that flags of its start command load before it, with what they import; absent: none */
  readonly preloads?: readonly string[];
  /** absent: it belongs to none */
  readonly workspace?: Workspace;
  /** a file of the build's output that a committed module imports, such as `dist/cli.js` of `bin/tool.mjs`; absent: none does */
  readonly importsOutput?: string;
  /** the same where nothing shows what it is made of: the build is all that can make it; absent: none does */
  readonly importsMade?: string;
  /** the file that the start script runs where a shell fills in other words of its line, and which is not there before the build; absent: none */
  readonly startsMade?: string;
  /** what npm tells a script of package.json by `npm_package_…`, as far as the app reads it; absent: nothing */
  readonly packageVariables?: Readonly<Record<string, string>>;
  /** variables by which it finds programs of the image, such as a browser, and the folder for what it keeps; absent: none */
  readonly settings?: Readonly<Record<string, string>>;
  /** tests that the compiler makes files of, among those that run: patterns of names, and folders of the output; absent: none */
  readonly compiledTests?: { readonly names: readonly string[]; readonly folders: readonly string[] };
  /** a bundler of the build with its release, whose hashes newer runtimes refuse by default; absent: none */
  readonly oldHashes?: Known<string>;
  /** folders that the author's image takes from a stage that builds, which adds files to them: the running app reads both; absent: none */
  readonly completedByBuild?: readonly string[];
  /** pages that it gives out and that are in no commit; absent: none */
  readonly pages?: readonly BuiltPages[];
  /** what git tracks, no source names and nothing excludes: it ships, as only a run could prove that it is of no use; absent: nothing */
  readonly unproved?: readonly Known<string>[];
};

const isJavaScript = (details: Facts['details']): details is JavaScriptDetails => details.language === 'javascript';

/** The details of an application in JavaScript; of any other language is a bug of ours. */
export function detailsOf({ details }: Pick<Facts, 'details'>): JavaScriptDetails {
  if (!isJavaScript(details)) throw new Error(`an application in ${details.language} has no details of JavaScript`);
  return details;
}

/** Names of packages of the same workspace that run with an application and give TypeScript as it is written. */
export const sourceSiblings = (facts: Pick<Facts, 'details'>): readonly string[] =>
  (detailsOf(facts).workspace?.siblings ?? []).flatMap(({ name, runs, source }) => (runs && source ? [name] : []));

/** Words before the program of a package that they start: `npx tsc`, `pnpm exec -- tsc`, `bunx --bun vite build`. */
const starters = [
  'npx',
  'bunx',
  'pnpx',
  'bun x',
  'npm exec',
  'npm x',
  'pnpm exec',
  'pnpm dlx',
  'yarn exec',
  'yarn dlx',
].map((words) => words.split(' '));

/** The line of the program that `npx` and its kin start; undefined: the line starts with none of them, or names no program. */
export function programRun(argv: readonly string[]): readonly string[] | undefined {
  const starter = starters.find((words) => words.every((word, at) => argv[at] === word));
  const rest = starter ? argv.slice(starter.length) : [];
  const packaged = (at: number) => ['-p', '--package'].includes(rest[at - 1] ?? '');
  const at = rest.findIndex((word, index) => !word.startsWith('-') && !packaged(index));
  return at === -1 ? undefined : rest.slice(at);
}

/** A module that a flag of a runtime loads before the file that it starts. */
export type Preload = { readonly flag: string; readonly module: string };

/** A command line of a runtime: `node --import ./telemetry.js --no-warnings dist/index.js serve`. */
export type StartLine = {
  readonly preloads: readonly Preload[];
  /** the other flags, each with its value behind it */
  readonly flags: readonly (readonly string[])[];
  /** undefined: the line names no file */
  readonly file: string | undefined;
  readonly args: readonly string[];
};

/** Flags of the runtimes that load a module before the file, with the module as their value (nodejs.org, "Command-line API"; bun.com, "bun run"). */
const loading = new Set('-r --require --import --loader --experimental-loader --preload'.split(' '));
/** Other flags before the file whose value is the next word. */
const valued = new Set('-C --conditions --port --define -d --tsconfig-override --config -c --cwd'.split(' '));

/** The parts of a command line of a runtime; both `--import ./x.js` and `--import=./x.js` load ./x.js. */
export function startLine(argv: readonly string[]): StartLine {
  const preloads: Preload[] = [];
  const flags: (readonly string[])[] = [];
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) return { preloads, flags, file: word, args: argv.slice(at + 1) };
    const [flag = '', own] = word.split(/=(.*)/s);
    const value = own ?? argv[at + 1] ?? '';
    if (loading.has(flag)) preloads.push({ flag, module: value });
    else flags.push(valued.has(word) ? [word, value] : [word]);
    if (own === undefined && (loading.has(flag) || valued.has(flag))) at += 1;
  }
  return { preloads, flags, file: undefined, args: [] };
}

/** Whether a flag takes the next word as its value. */
export const takesValue = (flag: string): boolean => loading.has(flag) || valued.has(flag);

/** Whether a module that is loaded is a file of the app, and no package. */
export const isOwnFile = ({ module }: Preload): boolean => module.startsWith('./') || module.startsWith('../');

/** The package of a specifier: `@scope/name/file` is of `@scope/name`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
