import { posix } from 'node:path';
import type { Place } from './model.ts';
import { invalid, type Mapping, record } from './nodes.ts';

/** The parts of a short volume: `./data:/data:ro`. */
export type Volume = {
  readonly source: string;
  readonly target: string;
  readonly options: readonly string[];
};

const propagations = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/** Splits a short volume. A drive letter (`C:\data:/data`) belongs to its path. Throws a UserError where a part is empty or one too many. */
export function parseVolume(spec: string, at: Place): Volume {
  const wrong = (why: string) => invalid(`${JSON.stringify(spec)} is not a valid volume: ${why}.`, at);
  if (spec === '' || spec.includes('\0')) throw wrong('it is empty');
  if (spec.length <= 2) return { source: '', target: spec, options: [] };
  const parts = splitAtColons(spec);
  if (parts.some((part) => part === '')) throw wrong('a part between two colons is empty');
  if (parts.length > 3) throw wrong('it has too many colons');
  const [first = '', second, options] = parts;
  if (second === undefined) return { source: '', target: first, options: [] };
  return { source: first, target: second, options: options?.split(',') ?? [] };
}

function splitAtColons(spec: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let open = 0;
  for (let at = 0; at < spec.length; at += 1) {
    const char = spec[at];
    if (char === '$' && spec[at + 1] === '{') open += 1;
    else if (char === '}' && open > 0) open -= 1;
    else if (char === ':' && open === 0 && !isDrive(spec, start, at)) {
      parts.push(spec.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, spec.slice(start)];
}

const isDrive = (spec: string, start: number, colon: number): boolean =>
  colon === start + 1 && /\p{L}/u.test(spec[start] ?? '');

const isPath = (source: string): boolean =>
  /^[./~]/.test(source) || source.startsWith('\\\\') || /^\p{L}:/u.test(source);

/** The long form of a short volume. */
export function longVolume(spec: string, at: Place): Mapping {
  const { source, target, options } = parseVolume(spec, at);
  const isBind = isPath(source);
  const propagation = options.findLast((option) => propagations.has(option));
  const label = options.findLast((option) => option === 'z' || option === 'Z');
  const access = options.findLast((option) => option === 'ro' || option === 'rw');
  const isCopied = !options.includes('nocopy');
  const bind = { propagation, selinux: label, create_host_path: isBind ? true : undefined };
  return record(
    {
      type: isBind ? 'bind' : 'volume',
      source: source === '' ? undefined : source,
      target: cleanPath(target),
      read_only: access === 'ro' ? true : undefined,
      bind: isBind || propagation !== undefined || label !== undefined ? record(bind, at) : undefined,
      volume:
        spec.length > 2 && (!isBind || !isCopied) ? record({ nocopy: isCopied ? undefined : true }, at) : undefined,
    },
    at,
  );
}

/** A path of a container, without what changes nothing in it. */
export function cleanPath(path: string): string {
  if (path === '') return path;
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}
