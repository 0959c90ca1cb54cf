import { type ShellCommand, shellCommands } from '../../formats/shell/commands.ts';

/** How a package manager of a distribution is asked to install or to remove, and which of its flags take a value. */
type PackageProgram = {
  readonly install: readonly string[];
  readonly remove: readonly string[];
  readonly valued: readonly string[];
};

const debian: PackageProgram = {
  install: ['install'],
  remove: ['remove', 'purge', 'autoremove'],
  valued: ['-t', '--target-release', '-o', '--option', '-c', '--config-file', '-a'],
};
const redHat: PackageProgram = {
  install: ['install', 'localinstall'],
  remove: ['remove', 'erase'],
  valued: [
    '-c',
    '--config',
    '--installroot',
    '--repo',
    '--enablerepo',
    '--disablerepo',
    '--setopt',
    '--releasever',
    '-x',
  ],
};

const programs: Readonly<Record<string, PackageProgram>> = {
  apt: debian,
  'apt-get': debian,
  aptitude: debian,
  apk: {
    install: ['add'],
    remove: ['del'],
    valued: ['-t', '--virtual', '-X', '--repository', '-p', '--root', '--arch', '--repositories-file', '--cache-dir'],
  },
  yum: redHat,
  dnf: redHat,
  microdnf: redHat,
  zypper: { install: ['install', 'in'], remove: ['remove', 'rm'], valued: ['-r', '--repo', '--from', '-R', '--root'] },
};

/** Longer commands are not parsed. Characters. */
const MAX_COMMAND = 20_000;

/** The commands of a text of shell; undefined where it is too long, or nothing that can be read. */
export function commandsOf(text: string): readonly ShellCommand[] | undefined {
  if (text.length > MAX_COMMAND) return undefined;
  try {
    return shellCommands(text).commands;
  } catch (error) {
    // the parser of the shell is not ours: whatever it throws at a text of a repository, the text was not understood
    if (error instanceof Error) return undefined;
    throw error;
  }
}

export type PackageChange = {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly unknown: readonly string[];
};

/**
 * The packages of the distribution that commands install and remove, as they are named there. `fill` puts the values of variables in; a word
 * that still holds a variable is unknown. What a group (`apk add --virtual .build …`) installed goes with the group.
 */
export function packagesOf(commands: readonly ShellCommand[], fill: (word: string) => string): PackageChange {
  const add = new Set<string>();
  const remove = new Set<string>();
  const unknown = new Set<string>();
  const groups = new Map<string, readonly string[]>();
  for (const { argv } of commands) {
    const asked = request(argv);
    if (!asked) continue;
    const words = asked.words.flatMap((word) => fill(word).split(/\s+/)).filter((word) => word !== '');
    const names = words.filter((word) => !word.includes('$'));
    for (const word of words) if (word.includes('$')) unknown.add(word);
    if (asked.group !== undefined) groups.set(asked.group, names);
    for (const name of names) {
      if (asked.does === 'add') add.add(name);
      else for (const value of [name, ...(groups.get(name) ?? [])]) if (!add.delete(value)) remove.add(value);
    }
  }
  return { add: [...add], remove: [...remove], unknown: [...unknown] };
}

type Request = { readonly does: 'add' | 'remove'; readonly words: readonly string[]; readonly group?: string };

/** What a command asks a package manager for; undefined where it is none, or asks for something else. */
function request(given: readonly string[]): Request | undefined {
  const argv = given[0] === 'sudo' ? given.slice(1) : given;
  const name = (argv[0] ?? '').split('/').at(-1) ?? '';
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  if (!program) return undefined;
  const words: string[] = [];
  let group: string | undefined;
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-') || word === '-') words.push(word);
    else if (program.valued.includes(word)) {
      at += 1;
      if (word === '-t' || word === '--virtual') group = argv[at];
    } else if (word.startsWith('--virtual=')) group = word.slice('--virtual='.length);
  }
  const [verb = '', ...rest] = words;
  const does = program.install.includes(verb) ? 'add' : program.remove.includes(verb) ? 'remove' : undefined;
  return does && { does, words: rest, ...(name === 'apk' && group !== undefined ? { group } : {}) };
}
