import { resolve } from 'node:path';
import { UserError } from '../model/errors.ts';

/** Where the cache of a build comes from or goes to (docs.docker.com/build/cache/backends). */
const kinds: Readonly<Record<'from' | 'to', readonly string[]>> = {
  from: ['gha', 'registry', 'local'],
  to: ['gha', 'registry', 'local', 'inline'],
};

/** The variables by which GitHub lets a run use its cache: only a build that asks for that cache gets them. */
const ofGitHub = (): Readonly<Record<string, string | undefined>> => ({
  ACTIONS_RUNTIME_TOKEN: process.env['ACTIONS_RUNTIME_TOKEN'],
  ACTIONS_RESULTS_URL: process.env['ACTIONS_RESULTS_URL'],
  ACTIONS_CACHE_URL: process.env['ACTIONS_CACHE_URL'],
  ACTIONS_CACHE_SERVICE_V2: process.env['ACTIONS_CACHE_SERVICE_V2'],
});

/**
 * A cache as `docker buildx build` takes it, such as `type=local,dest=cache`, or a name of a registry. Folders become absolute: docker runs in a folder of
 * ours. Throws a UserError where it is of no kind that is known.
 */
export function readCache(text: string, way: 'from' | 'to', cwd = process.cwd()): string {
  const known = kinds[way];
  if (!text.includes('=')) {
    if (/^[\w[][\w.:/@[\]-]*$/.test(text)) return `type=registry,ref=${text}`;
    throw unknown(text, way);
  }
  const folder = way === 'from' ? 'src' : 'dest';
  const parts = text.split(',').map((part) => {
    const at = part.indexOf('=');
    return at === -1 ? ([part, ''] as const) : ([part.slice(0, at), part.slice(at + 1)] as const);
  });
  const kind = parts.find(([name]) => name === 'type')?.[1];
  // quotes would let one value be several
  if (kind === undefined || !known.includes(kind) || text.includes('"')) throw unknown(text, way);
  return parts
    .map(([name, value]) => `${name}=${kind === 'local' && name === folder ? resolve(cwd, value) : value}`)
    .join(',');
}

const unknown = (text: string, way: 'from' | 'to'): UserError =>
  new UserError({
    code: 'usage',
    message: `\`--cache-${way} ${text}\` is not a supported cache.`,
    next: [
      `Write type=KIND with one of ${kinds[way].join(', ')}, such as type=local,${way === 'from' ? 'src' : 'dest'}=.cache or type=registry,ref=HOST/NAME:cache.`,
    ],
  });

/** What a build with these caches may see of the variables of this shell. */
export function cacheVariables(flags: readonly string[]): Readonly<Record<string, string>> {
  if (!flags.some((flag) => /^type=gha(,|$)/.test(flag))) return {};
  return Object.fromEntries(
    Object.entries(ofGitHub()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
