/** What the commands of package managers do: installing, leaving out what only development needs, taking it out again. */
import { posix } from 'node:path';
import type { ScriptCommand } from '../../../formats/shell/script.ts';

export type Install = {
  readonly manager: 'npm' | 'yarn' | 'pnpm' | 'bun' | 'pip' | 'bundle' | 'composer' | 'go' | 'poetry' | 'uv';
  /** refuses a lockfile that does not go with the manifest */
  readonly isFrozen: boolean;
  /** leaves out what only development needs */
  readonly isProduction: boolean;
};

const has = (argv: readonly string[], ...words: readonly string[]) => argv.some((word) => words.includes(word));

/** Flags of package managers that take the next word. */
const TAKES =
  /^(--prefix|--dir|-C|--cwd|--filter|-F|--workspace|-w|--registry|--cache|--store-dir|--network-timeout|--omit|--include|--only|--mutex|--cache-folder|--loglevel|--fetch-timeout|--fetch-retries|--maxsockets)$/;

/** The words that are no flags. */
function plainWords(argv: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (TAKES.test(word)) at += 1;
    else if (!word.startsWith('-')) words.push(word);
  }
  return words;
}

const PRODUCTION = /^(--production(=true)?|--prod|-P|--omit=dev|--only=prod(uction)?|--without=dev)$/;

const leavesOut = (argv: readonly string[]) =>
  argv.some(
    (word, at) =>
      PRODUCTION.test(word) || (/^--(omit|only)$/.test(word) && /^(dev|prod(uction)?)$/.test(argv[at + 1] ?? '')),
  );

/** The command that installs every dependency of a project; undefined: it does something else. */
export function installOf({ argv: written, env }: ScriptCommand): Install | undefined {
  const argv = written[0] === 'corepack' ? written.slice(1) : written;
  const program = posix.basename(argv[0] ?? '');
  const [verb, ...more] = plainWords(argv.slice(1));
  const isProduction = leavesOut(argv) || env['NODE_ENV'] === 'production';
  const isGlobal = has(argv, '-g', '--global', 'global');
  switch (program) {
    case 'npm':
      if (isGlobal) return undefined;
      if (verb === 'ci' || verb === 'clean-install') return { manager: 'npm', isFrozen: true, isProduction };
      return /^(install|i|add|isntall)$/.test(verb ?? '') && more.length === 0
        ? { manager: 'npm', isFrozen: false, isProduction }
        : undefined;
    case 'yarn': {
      const isFrozen = has(argv, '--frozen-lockfile', '--immutable', '--pure-lockfile', '--immutable-cache');
      if (verb === 'workspaces' && more[0] === 'focus') return { manager: 'yarn', isFrozen: true, isProduction };
      return verb === undefined
        ? has(argv, '--version', '-v')
          ? undefined
          : { manager: 'yarn', isFrozen, isProduction }
        : verb === 'install'
          ? { manager: 'yarn', isFrozen, isProduction }
          : undefined;
    }
    case 'pnpm': {
      if (isGlobal || !/^(install|i|fetch)$/.test(verb ?? '') || (verb !== 'fetch' && more.length > 0))
        return undefined;
      const isFrozen = verb === 'fetch' || has(argv, '--frozen-lockfile', '--offline');
      return { manager: 'pnpm', isFrozen, isProduction };
    }
    case 'bun':
      return /^(install|i|ci)$/.test(verb ?? '') && more.length === 0 && !isGlobal
        ? { manager: 'bun', isFrozen: verb === 'ci' || has(argv, '--frozen-lockfile'), isProduction }
        : undefined;
    default:
      return otherInstall(program, argv);
  }
}

/** The same for other languages, as far as the order of layers needs it. */
function otherInstall(program: string, argv: readonly string[]): Install | undefined {
  const known = (manager: Install['manager']): Install => ({ manager, isFrozen: true, isProduction: true });
  if (/^pip[\d.]*$/.test(program) && argv[1] === 'install' && has(argv, '-r', '--requirement')) return known('pip');
  if (/^python[\d.]*$/.test(program) && argv[2] === 'pip' && has(argv, '-r', '--requirement')) return known('pip');
  if (program === 'bundle' && argv[1] === 'install') return known('bundle');
  if (program === 'composer' && argv[1] === 'install') return known('composer');
  if (program === 'go' && argv[1] === 'mod' && argv[2] === 'download') return known('go');
  if (program === 'poetry' && argv[1] === 'install') return known('poetry');
  if (program === 'uv' && argv[1] === 'sync') return known('uv');
  return undefined;
}

/** Whether a command takes out what only development needs. */
export function prunes({ argv }: ScriptCommand): boolean {
  const program = posix.basename(argv[0] ?? '');
  const text = argv.slice(1).join(' ');
  if (/^(npm|pnpm)$/.test(program)) return /\bprune\b/.test(text) || (program === 'pnpm' && /\bdeploy\b/.test(text));
  return (
    (program === 'yarn' && text.includes('workspaces focus') && argv.includes('--production')) ||
    /^(node-prune|turbo)$/.test(program) ||
    (program === 'rm' && /node_modules/.test(text))
  );
}
