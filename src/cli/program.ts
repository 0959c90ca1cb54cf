import { Command, type CommanderError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { nearest } from '../model/nearest.ts';
import { scannerNames, scanSeverities } from '../model/scan-words.ts';
import type { Flags, Run } from './options.ts';
import { linesOf, out } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const pair = (kind: string) => (text: string, before: Readonly<Record<string, string>> | undefined) => {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`"${text}" is no ${kind}`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
};

const several = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];

/** A frontend is code that BuildKit runs: only a person lets one run, and no file of a repository. */
const allowFrontend = () =>
  new Option(
    '--allow-frontend <image>',
    "let BuildKit run this frontend of a Dockerfile, which is not Docker's own (repeatable)",
  ).argParser(several);

function seconds(text: string): number {
  const value = Number(text);
  // what a timer can hold; longer ones would fire at once
  if (!(value > 0) || value > 2_000_000) throw new UsageError(`"${text}" is not a valid number of seconds`);
  return value;
}

const common = (command: Command): Command =>
  command
    .option('--cwd <dir>', 'work in this folder', '.')
    .option('--app <name>', 'the application, where the repository holds several; several with commas')
    .option('--all', 'every application of the repository')
    .option('--set <key=value>', 'set a key of the configuration (repeatable)', pair('KEY=VALUE'))
    .option('--json', 'print one JSON document; progress goes to standard error, one JSON object a line')
    .option('--no-color', 'print without colour');

type Entry = {
  readonly name: string;
  readonly about: string;
  readonly args?: string;
  readonly options?: readonly Option[];
  readonly load: () => Promise<{ readonly run: Run<never> }>;
};

const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** The value of a variable that the repository names is handed over in this run alone: no file and no `--set` can say it. */
const buildSecret = (): Option =>
  new Option(
    '--build-secret <name>',
    'let the build have the value of this variable of the shell, which the project asks for (repeatable)',
  ).argParser(collected);

const steps = ['check', 'generate', 'build', 'verify', 'scan', 'tag', 'push'];

const registry = (): Option =>
  new Option(
    '--registry <host/name>',
    'where the image goes, such as ghcr.io/acme/orders; default: the key "registry"',
  );

/** How an image is built once more for the registry. */
const attesting = (): readonly Option[] => [
  new Option('--no-attest', 'push the image alone, without provenance and SBOM'),
  new Option(
    '--builder <name>',
    'the builder of buildx that makes them; `dockwright` is made in a container where it is not there',
  ),
  new Option('--emulate', 'run commands of the build on a platform that is emulated here'),
];

const signed = (): Option =>
  new Option('--sign', 'sign what was pushed with cosign: with the key "sign.key", else as who is logged in');

/** The commands; each is loaded when it is asked for, so that `--version` and `--help` load none. */
const entries: readonly Entry[] = [
  {
    name: 'generate',
    about: 'read, decide, preview and write the deployment (the default command)',
    options: [
      new Option('--yes', 'write without asking: the artifacts, the health routes and a local .env'),
      new Option('--dry-run', 'show what would be written, and write nothing'),
      new Option('--diff', 'show the whole text of new files too'),
      new Option('--output <dir>', 'write into this folder and leave the repository alone'),
      new Option(
        '--accept <file=side>',
        'decide a conflict: mine or generated; edited: make the offered edits of a file of yours (repeatable)',
      ).argParser(pair('FILE=mine, FILE=generated or FILE=edited')),
    ],
    load: () => import('./commands/generate.ts'),
  },
  { name: 'inspect', about: 'print what was found, with its evidence', load: () => import('./commands/inspect.ts') },
  { name: 'plan', about: 'print what was decided, and why', load: () => import('./commands/plan.ts') },
  {
    name: 'explain',
    about: 'say why a line of a generated file is there',
    args: '<file:line>',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'commands',
    about: 'print the everyday commands for this very project: build, run, logs, shell, scale, stop',
    load: () => import('./commands/commands.ts'),
  },
  {
    name: 'check',
    about: 'say whether the deployment follows the project and its specification; exit code 1 if not',
    options: [
      new Option('--tests', "run the project's own tests in a container"),
      new Option(
        '--on-host',
        'run them on this machine instead, with all that you may do: only for a project that you trust',
      ),
      new Option('--record', 'run Dafny and TLC, and keep what they proved'),
      new Option('--timeout <seconds>', 'end the tests, and each proof, after so long').default(600).argParser(seconds),
      new Option('--format <name>', 'text, or github for annotations of a workflow run').choices(['text', 'github']),
    ],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'build',
    about: 'build the image and measure it',
    options: [
      new Option('--tag <name>', 'name of the image'),
      new Option('--target <name>', 'production, development, test, or a stage of the Dockerfile'),
      new Option('--platform <name...>', 'platforms, such as linux/arm64'),
      new Option('--emulate', 'run commands of the build on a platform that is emulated here'),
      new Option(
        '--cache-from <cache>',
        'take the cache of the build from there, such as type=local,src=.cache',
      ).argParser(several),
      new Option(
        '--cache-to <cache>',
        'write the cache of the build there, such as type=registry,ref=HOST/NAME:cache',
      ).argParser(several),
      new Option('--builder <name>', 'the builder of buildx; default: the one that is in use'),
      new Option('--ssh <agent>', 'let the build use this agent of SSH, such as default').argParser(several),
      new Option('--no-baseline', 'do not compare with a single-stage build'),
      allowFrontend(),
      buildSecret(),
    ],
    load: () => import('./commands/build.ts'),
  },
  {
    name: 'verify',
    about: 'start the deployment as in production, and prove that it behaves',
    options: [
      new Option('--strict', 'fail where something could not be proved'),
      new Option(
        '--allow <service.key>',
        'start what verify refuses, such as web.volumes, for this run (repeatable)',
      ).argParser(several),
      allowFrontend(),
      buildSecret(),
    ],
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'scan',
    about: 'look for known vulnerabilities and for secrets in the image; exit code 1 where one counts',
    options: [
      new Option('--scanner <name>', 'the scanner; default: the first of these that is there').choices([
        ...scannerNames,
      ]),
      new Option(
        '--fail-on <severity>',
        'the lowest severity that ends with 1; default: the key "scan.failOn", else none',
      ).choices([...scanSeverities]),
      new Option('--strict', 'fail where something could not be proved, as with an old database'),
      new Option('--sarif <file>', 'write the result to this file as SARIF 2.1'),
    ],
    load: () => import('./commands/scan.ts'),
  },
  {
    name: 'tag',
    about: 'name the image by its commit, its version and its branch',
    options: [registry(), new Option('--latest', 'move latest as well, where this version may')],
    load: () => import('./commands/tag.ts'),
  },
  {
    name: 'pin',
    about: 'pin base images, images of compose files and actions of workflows to digests and commits',
    options: [
      new Option('--update', 'move pins to what their tags lead to now'),
      new Option('--dry-run', 'show what would be written, and write nothing'),
      new Option('--yes', 'write without asking'),
    ],
    load: () => import('./commands/pin.ts'),
  },
  {
    name: 'push',
    about: 'push the image that was verified to a registry, and print its digest',
    options: [
      registry(),
      new Option('--latest', 'move latest as well, where this version may'),
      new Option('--unverified', 'push what verify has not proved on this machine'),
      signed(),
      ...attesting(),
      buildSecret(),
      allowFrontend(),
      new Option('--yes', 'push without asking, also for the first time to this repository'),
    ],
    load: () => import('./commands/push.ts'),
  },
  {
    name: 'sign',
    about: 'sign what was pushed last with cosign, without another build or upload',
    options: [registry()],
    load: () => import('./commands/sign.ts'),
  },
  {
    name: 'deploy',
    about: 'all of it: check, generate, build, verify, scan, tag and push; stops at the first thing that is not right',
    args: '[form]',
    options: [
      new Option('--from <step>', 'begin with this step, and go on with what was proved').choices(steps),
      new Option('--until <step>', 'end after this step').choices(steps),
      new Option('--dry-run', 'say what would run, and run nothing'),
      registry(),
      new Option('--latest', 'move latest as well, where this version may'),
      signed(),
      ...attesting(),
      new Option('--yes', 'write what changed, and push without asking'),
      allowFrontend(),
      buildSecret(),
    ],
    load: () => import('./commands/deploy.ts'),
  },
];

/** The command line. `done` gets the exit code of the command that ran. */
export function program(signal: AbortSignal, done: (code: number) => void): Command {
  const root = new Command('dockwright')
    .description('From a project and its specification to a container deployment that is proved to work')
    .version(manifest.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        for (const line of linesOf(text.replace(/\n$/, ''))) out(line);
      },
      writeErr: () => undefined,
    });
  for (const entry of entries) {
    const command = root
      .command(entry.name, { isDefault: entry.name === 'generate' })
      .description(entry.about)
      .exitOverride();
    if (entry.args) command.argument(entry.args);
    for (const option of entry.options ?? []) command.addOption(option);
    common(command).action(async () => {
      const given = command.opts<Flags>();
      // loaded with the command, as everything that reads a project: `--version` needs none of it
      const [{ run }, { placeOf }] = await Promise.all([entry.load(), import('../index.ts')]);
      // a member of a workspace stands for the workspace with this member chosen
      const flags = { ...given, ...(await placeOf(given.cwd, given.app)) } as never;
      done(await run(flags, command.args, signal));
    });
    if (!entry.args) command.allowExcessArguments(false);
  }
  return root;
}

/** A wrong word on the command line, as people read it: what, the nearest right one, where the help is. */
export function usage(
  error: CommanderError | UsageError,
  words: readonly string[],
): { message: string; next: string[] } {
  const names = entries.map((entry) => entry.name);
  const [first] = words.filter((word) => !word.startsWith('-'));
  const suggestion = /\(Did you mean ([^()]*)\?\)/.exec(error.message)?.[1];
  const stray =
    'code' in error && error.code === 'commander.excessArguments' && first !== undefined && !names.includes(first);
  const near = stray ? nearest(first, names) : suggestion;
  const message = stray ? `unknown command "${first}"` : error.message.replace(/^error: /, '').replace(/\n.*/s, '');
  return { message, next: [...(near ? [`Did you mean ${near}?`] : []), 'See `dockwright --help`'] };
}
