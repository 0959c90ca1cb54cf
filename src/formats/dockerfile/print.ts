import type { Dockerfile } from './types.ts';

/** The text of a tree: for a tree that parseDockerfile made, byte for byte what it was made from. */
export function printDockerfile(tree: Dockerfile): string {
  let out = '';
  let at = 0;
  for (const one of tree.instructions) {
    // what stands between two instructions (comments, blank lines) is taken from the source as it is
    out += tree.source.slice(at, one.span.start) + one.raw;
    at = one.span.end;
  }
  return out + tree.source.slice(at);
}
