import { Command, type CommanderError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { nearest } from '../model/nearest.ts';
import { scannerNames, scanSeverities } from '../model/scan-words.ts';
import type { Flags, Run } from './options.ts';
import { linesOf, out } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const pair = (kind: string) => (text: string, before: Readonly<Record<string, string>> | undefined) => {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`"${text}" is not of the form ${kind}`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
};

const several = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];

/** A frontend is code that BuildKit runs: only a person lets one run, and no file of a repository. */
const allowFrontend = () =>
  new Option(
    '--allow-frontend <image>',
    "allow this Dockerfile frontend, which is not one of Docker's own (repeatable)",
  ).argParser(several);

function seconds(text: string): number {
  const value = Number(text);
  // what a timer can hold; longer ones would fire at once
  if (!(value > 0) || value > 2_000_000) throw new UsageError(`"${text}" is not a valid number of seconds`);
  return value;
}

const common = (command: Command): Command =>
  command
    .option('--cwd <dir>', 'run in this folder', '.')
    .option('--app <name>', 'application to use if the repository contains several; separate several with commas')
    .option('--all', 'use all applications in the repository')
    .option('--set <key=value>', 'set a configuration key (repeatable)', pair('KEY=VALUE'))
    .option('--json', 'print a single JSON document; progress goes to standard error as JSON lines')
    .option('--no-color', 'disable colored output');

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
    'pass the value of this shell variable to the build, which requests it as a secret (repeatable)',
  ).argParser(collected);

const steps = ['check', 'generate', 'build', 'verify', 'scan', 'tag', 'push'];

const registry = (): Option =>
  new Option(
    '--registry <host/name>',
    'where to push the image, such as ghcr.io/acme/orders (default: the key "registry")',
  );

/** How an image is built once more for the registry. */
const attesting = (): readonly Option[] => [
  new Option('--no-attest', 'push the image without provenance and SBOM'),
  new Option(
    '--builder <name>',
    'buildx builder that creates them; `dockwright` is created as a container if it does not exist',
  ),
  new Option('--emulate', 'allow emulation of platforms that this machine does not run natively'),
];

const signed = (): Option =>
  new Option(
    '--sign',
    'sign the pushed image with cosign, with the key "sign.key", or else keyless as the logged-in user',
  );

/** The commands; each is loaded when it is asked for, so that `--version` and `--help` load none. */
const entries: readonly Entry[] = [
  {
    name: 'generate',
    about: 'read the project, preview the deployment and write it (default command)',
    options: [
      new Option('--yes', 'write without asking: the generated files, the health routes and a local .env'),
      new Option('--dry-run', 'show what would be written, without writing it'),
      new Option('--diff', 'show the full content of new files too'),
      new Option('--output <dir>', 'write to this folder instead of the repository'),
      new Option(
        '--accept <file=side>',
        'resolve a conflict: keep mine, or take generated; edited applies the suggested edits to your file (repeatable)',
      ).argParser(pair('FILE=mine, FILE=generated or FILE=edited')),
    ],
    load: () => import('./commands/generate.ts'),
  },
  {
    name: 'inspect',
    about: 'print what was found in the project, with the evidence',
    load: () => import('./commands/inspect.ts'),
  },
  { name: 'plan', about: 'print what was decided, and why', load: () => import('./commands/plan.ts') },
  {
    name: 'explain',
    about: 'explain why a line of a generated file is there',
    args: '<file:line>',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'commands',
    about: 'print everyday commands for this project: build, run, logs, shell, scale, stop',
    load: () => import('./commands/commands.ts'),
  },
  {
    name: 'check',
    about: 'check that the deployment matches the project and its specification; exits with 1 if not',
    options: [
      new Option('--tests', "run the project's own tests in a container"),
      new Option(
        '--on-host',
        'run them on this machine instead, with your own permissions; only for projects that you trust',
      ),
      new Option('--record', 'run Dafny and TLC, and record the results'),
      new Option('--timeout <seconds>', 'stop the tests, and each proof, after this time')
        .default(600)
        .argParser(seconds),
      new Option('--format <name>', 'text, or github for workflow annotations').choices(['text', 'github']),
    ],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'build',
    about: 'build the image and measure it',
    options: [
      new Option('--tag <name>', 'name of the image, such as orders:local'),
      new Option('--target <name>', 'target to build: production, development, test, or a stage of the Dockerfile'),
      new Option('--platform <name...>', 'target platforms, such as linux/arm64'),
      new Option('--emulate', 'allow emulation of platforms that this machine does not run natively'),
      new Option('--cache-from <cache>', 'external cache to import, such as type=local,src=.cache').argParser(several),
      new Option('--cache-to <cache>', 'external cache to export, such as type=registry,ref=HOST/NAME:cache').argParser(
        several,
      ),
      new Option('--builder <name>', 'buildx builder to use (default: the current one)'),
      new Option('--ssh <agent>', 'SSH agent to expose to the build, such as default').argParser(several),
      new Option('--no-baseline', 'skip the comparison with a single-stage build'),
      allowFrontend(),
      buildSecret(),
    ],
    load: () => import('./commands/build.ts'),
  },
  {
    name: 'verify',
    about: 'start the deployment as in production, and prove that it works',
    options: [
      new Option('--strict', 'fail if something could not be proved'),
      new Option(
        '--allow <service.key>',
        'allow a setting that verify refuses, such as web.volumes, for this run (repeatable)',
      ).argParser(several),
      allowFrontend(),
      buildSecret(),
    ],
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'scan',
    about: 'scan the image for known vulnerabilities and secrets; exits with 1 if any finding counts',
    options: [
      new Option('--scanner <name>', 'scanner to use (default: the first one that is installed)').choices([
        ...scannerNames,
      ]),
      new Option(
        '--fail-on <severity>',
        'lowest severity that exits with 1 (default: the key "scan.failOn", or none)',
      ).choices([...scanSeverities]),
      new Option('--strict', 'fail if something could not be proved, for example with an outdated database'),
      new Option('--sarif <file>', 'write the result to this file as SARIF 2.1'),
    ],
    load: () => import('./commands/scan.ts'),
  },
  {
    name: 'tag',
    about: 'tag the image with its commit, version and branch',
    options: [registry(), new Option('--latest', 'also move latest, if this version is allowed to')],
    load: () => import('./commands/tag.ts'),
  },
  {
    name: 'pin',
    about: 'pin base images, compose images and workflow actions to digests and commits',
    options: [
      new Option('--update', 'update pins to what their tags point to now'),
      new Option('--dry-run', 'show what would be written, without writing it'),
      new Option('--yes', 'write without asking'),
    ],
    load: () => import('./commands/pin.ts'),
  },
  {
    name: 'push',
    about: 'push the verified image to a registry, and print its digest',
    options: [
      registry(),
      new Option('--latest', 'also move latest, if this version is allowed to'),
      new Option('--unverified', 'push an image that was not verified on this machine'),
      signed(),
      ...attesting(),
      buildSecret(),
      allowFrontend(),
      new Option('--yes', 'push without asking, even for the first push to this repository'),
    ],
    load: () => import('./commands/push.ts'),
  },
  {
    name: 'sign',
    about: 'sign the last pushed image with cosign, without building or uploading again',
    options: [registry()],
    load: () => import('./commands/sign.ts'),
  },
  {
    name: 'deploy',
    about: 'run all steps: check, generate, build, verify, scan, tag and push; stops at the first failure',
    args: '[form]',
    options: [
      new Option('--from <step>', 'start at this step, using earlier results').choices(steps),
      new Option('--until <step>', 'stop after this step').choices(steps),
      new Option('--dry-run', 'show what would run, without running it'),
      registry(),
      new Option('--latest', 'also move latest, if this version is allowed to'),
      signed(),
      ...attesting(),
      new Option('--yes', 'write changes and push without asking'),
      allowFrontend(),
      buildSecret(),
    ],
    load: () => import('./commands/deploy.ts'),
  },
];

/** The command line. `done` gets the exit code of the command that ran. */
export function program(signal: AbortSignal, done: (code: number) => void): Command {
  const root = new Command('dockwright')
    .description('Generate a container deployment from a project, and prove that it works')
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
  const message = stray
    ? `Unknown command "${first}"`
    : error.message
        .replace(/^error: /, '')
        .replace(/\n.*/s, '')
        .replace(/'([^']*)'/g, '"$1"')
        .replace(/^[a-z]/, (letter) => letter.toUpperCase());
  const command = first !== undefined && names.includes(first) ? `${first} ` : '';
  return { message, next: [...(near ? [`Did you mean ${near}?`] : []), `See \`dockwright ${command}--help\``] };
}
