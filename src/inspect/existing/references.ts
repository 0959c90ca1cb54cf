import { posix } from 'node:path';
import { shellFor } from '../../formats/shell/commands.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { UserError } from '../../model/errors.ts';
import type { Evidence } from '../../model/evidence.ts';
import { isTable } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import { commandsOf } from './packages.ts';
import { at, textOf } from './text.ts';

/** A command that a file of the project holds: a script, a line of a Makefile, a step of a workflow. */
export type NamedCommand = { readonly text: string; readonly file: string; readonly line: number };

/** A build that a command or a step of a workflow asks for. Paths are relative to the repository. */
export type BuildReference = {
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly from: Evidence;
};

/** Compose files that a command uses together. */
export type ComposeReference = { readonly files: readonly string[]; readonly from: Evidence };

export type References = { readonly builds: readonly BuildReference[]; readonly compose: readonly ComposeReference[] };

/** So many files are looked at; more are nobody's scripts. */
const MAX_FILES = 200;

const isWorkflow = (path: string): boolean =>
  /^(\.github\/(workflows|actions)\/.+|\.gitlab-ci|\.circleci\/config|\.gitea\/workflows\/.+|\.forgejo\/workflows\/.+|bitbucket-pipelines|azure-pipelines|Taskfile)\.ya?ml$/.test(
    path,
  );

const isScript = (path: string): boolean =>
  /(^|\/)(GNUmakefile|[Mm]akefile|justfile|Justfile)$|\.(mk|sh|bash|bat|cmd|ps1)$/.test(path) &&
  path.split('/').length <= 3;

/** What the commands of a repository build, and which compose files they use together. Nothing is run. */
export async function readReferences(project: Project, commands: readonly NamedCommand[]): Promise<References> {
  const files = project.files().filter((path) => isWorkflow(path) || isScript(path));
  const found = files.slice(0, MAX_FILES).flatMap((path): Found => {
    const read = textOf(project, path);
    if (!read || !('text' in read) || !mayName(read.text)) return { commands: [], steps: [] };
    return isWorkflow(path) ? inYaml(path, read.text) : { commands: inLines(path, read.text), steps: [] };
  });
  const all = [...commands, ...found.flatMap((item) => item.commands)].filter(({ text }) => mayName(text));
  await shellFor(all.map(({ text }) => text));
  const read = all.flatMap((command) => inCommand(command));
  return {
    builds: [...read.flatMap((item) => ('dockerfile' in item ? [item] : [])), ...found.flatMap((item) => item.steps)],
    compose: read.flatMap((item) => ('files' in item ? [item] : [])),
  };
}

type Found = { readonly commands: readonly NamedCommand[]; readonly steps: readonly BuildReference[] };

const mayName = (text: string): boolean => /docker|podman|buildah|nerdctl/.test(text);

/** The lines of a script that name Docker, with those that they go on in. */
function inLines(file: string, text: string): readonly NamedCommand[] {
  const commands: NamedCommand[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const goesOn = /[\\^`]$/.test(line);
    const part = goesOn ? line.slice(0, -1) : line;
    open = open ? { ...open, text: `${open.text} ${part}` } : { text: part, line: index + 1 };
    if (goesOn) continue;
    if (mayName(open.text) && !open.text.startsWith('#'))
      commands.push({ text: open.text.replace(/^[@-]+/, ''), file, line: open.line });
    open = undefined;
  }
  return commands;
}

/** Every string of a workflow as a command, and the steps that build an image by an action. A broken file names nothing. */
function inYaml(file: string, text: string): Found {
  const commands: NamedCommand[] = [];
  const steps: BuildReference[] = [];
  let yaml: ReturnType<typeof parseYaml>;
  try {
    yaml = parseYaml(text, file);
  } catch (error) {
    if (error instanceof UserError) return { commands, steps };
    throw error;
  }
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value === 'string') {
      if (mayName(value))
        for (const inLine of inLines(file, value)) commands.push({ ...inLine, line: yaml.line(path) });
    } else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...path, index]);
    else if (isTable(value)) {
      const step = stepOf(value, at(file, yaml.line([...path, 'uses']), 'a workflow builds it'));
      if (step) steps.push(step);
      for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
    }
  };
  visit(yaml.value, []);
  return { commands, steps };
}

function stepOf(step: Readonly<Record<string, unknown>>, from: Evidence): BuildReference | undefined {
  const { uses, with: input } = step;
  if (typeof uses !== 'string' || !/^(docker\/build-push-action|redhat-actions\/buildah-build)(@|$)/.test(uses))
    return undefined;
  const values = isTable(input) ? input : {};
  const text = (key: string) => (typeof values[key] === 'string' ? values[key] : undefined);
  const context = cleaned(text('context') ?? '.');
  const dockerfile = cleaned(text('file') ?? posix.join(context, 'Dockerfile'));
  const target = text('target');
  return { dockerfile, context, ...(target === undefined || target.includes('$') ? {} : { target }), from };
}

/** A path of a command without what a workflow puts before it. */
const cleaned = (path: string): string => {
  const own = path.replace(/^(\$\{\{ *github\.workspace *\}\}|\$\(pwd\)|\$\{?PWD\}?|\$\(CURDIR\)|%cd%)\/?/, '');
  return posix.normalize(own === '' ? '.' : own).replace(/(.)\/$/, '$1');
};

function inCommand({ text, file, line }: NamedCommand): readonly (BuildReference | ComposeReference)[] {
  const found: (BuildReference | ComposeReference)[] = [];
  let folder = '.';
  for (const { argv: words } of commandsOf(text) ?? []) {
    const argv = words[0] === 'sudo' ? words.slice(1) : words;
    if (argv[0] === 'cd' && argv[1] !== undefined) folder = posix.join(folder, argv[1]);
    const build = buildOf(argv);
    if (build) found.push({ ...inFolder(build, folder), from: at(file, line, 'a command builds it') });
    const compose = composeOf(argv).map((path) => cleaned(posix.join(folder, path)));
    if (compose.length > 0) found.push({ files: compose, from: at(file, line, 'a command uses them together') });
  }
  return found;
}

const inFolder = (build: Omit<BuildReference, 'from'>, folder: string): Omit<BuildReference, 'from'> => ({
  ...build,
  dockerfile: cleaned(posix.join(folder, build.dockerfile)),
  context: cleaned(posix.join(folder, build.context)),
});

/** Flags of `docker build` that stand alone; every other one takes a value, behind `=` or as the next word. */
const aloneFlags = new Set(
  '-q --quiet --no-cache --pull --rm --force-rm --squash --load --push --check --compress --no-cache-filter -D --debug'.split(
    ' ',
  ),
);

/** The build that a command asks for, as it is written there. */
function buildOf(argv: readonly string[]): Omit<BuildReference, 'from'> | undefined {
  const [program = ''] = argv;
  if (!['docker', 'podman', 'nerdctl', 'buildah'].includes(program)) return undefined;
  const rest = argv.slice(1).filter((word, index) => !(index < 2 && ['buildx', 'image', 'builder'].includes(word)));
  if (!['build', 'bud', 'build-using-dockerfile'].includes(rest[0] ?? '')) return undefined;
  let dockerfile: string | undefined;
  let target: string | undefined;
  let context: string | undefined;
  for (let index = 1; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    const [name = '', ...behind] = word.split('=');
    if (!word.startsWith('-')) context ??= word;
    else if (!aloneFlags.has(name)) {
      if (behind.length === 0) index += 1;
      const value = behind.length > 0 ? behind.join('=') : rest[index];
      if (name === '-f' || name === '--file') dockerfile = value;
      if (name === '--target') target = value;
    }
  }
  // a context that is no folder of the repository: an address, standard input
  if (context === '-' || context?.includes('://')) return undefined;
  const folder = cleaned(context ?? '.');
  return {
    dockerfile: cleaned(dockerfile ?? posix.join(folder, 'Dockerfile')),
    context: folder,
    ...(target === undefined || target.includes('$') ? {} : { target }),
  };
}

/** The compose files that a command names, in their order. */
function composeOf(argv: readonly string[]): readonly string[] {
  const isPlugin = ['docker', 'podman', 'nerdctl'].includes(argv[0] ?? '') && argv[1] === 'compose';
  if (!isPlugin && !['docker-compose', 'podman-compose'].includes(argv[0] ?? '')) return [];
  const files: string[] = [];
  for (let index = isPlugin ? 2 : 1; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-')) break;
    const [name = '', ...behind] = word.split('=');
    const takesValue = [
      '-f',
      '--file',
      '-p',
      '--project-name',
      '--profile',
      '--env-file',
      '--project-directory',
      '--ansi',
      '--progress',
    ];
    if (!takesValue.includes(name)) continue;
    if (behind.length === 0) index += 1;
    const value = behind.length > 0 ? behind.join('=') : (argv[index] ?? '');
    if (name === '-f' || name === '--file') files.push(value);
  }
  return files.filter((path) => path !== '' && !path.includes('$') && path !== '-');
}
