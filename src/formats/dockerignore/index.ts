import { posix } from 'node:path';
import { literal, matchesWhole, readSet, type Step } from '../glob/index.ts';

type Rule = { readonly keeps: boolean; readonly steps: readonly Step[] };

const inPart = (character: string) => character !== '/';
const anything = () => true;

/**
 * Which files Docker leaves out of the build context under these patterns (lines of a `.dockerignore`, in order). A pattern that matches a
 * folder counts for all in it, and the last pattern that matches decides (https://docs.docker.com/build/concepts/context/#dockerignore-files;
 * the wildcards are those of github.com/moby/patternmatcher).
 */
export function matcher(patterns: readonly string[]): (file: string) => boolean {
  const rules = patterns.filter((pattern) => pattern.trim() !== '' && !pattern.startsWith('#')).flatMap(ruleOf);
  const last = new Map<string, number>();
  const lastFor = (path: string): number => rules.findLastIndex(({ steps }) => matchesWhole(steps, path));
  // the files of a folder are decided by the same rules as far as the folder
  const lastForFolder = (folder: string): number => {
    const known = last.get(folder);
    if (known !== undefined) return known;
    const found = Math.max(lastFor(folder), lastAbove(folder));
    last.set(folder, found);
    return found;
  };
  const lastAbove = (path: string): number => {
    const end = path.lastIndexOf('/');
    return end === -1 ? -1 : lastForFolder(path.slice(0, end));
  };
  return (file) => {
    const deciding = rules[Math.max(lastFor(file), lastAbove(file))];
    return deciding !== undefined && !deciding.keeps;
  };
}

function ruleOf(line: string): readonly Rule[] {
  const written = line.trim();
  const keeps = written.startsWith('!');
  const path = posix.normalize(keeps ? written.slice(1).trim() : written).replace(/(?<=.)\/$/, '');
  const pattern = path.length > 1 && path.startsWith('/') ? path.slice(1) : path;
  return pattern === '' || pattern === '.' ? [] : [{ keeps, steps: stepsOf(pattern) }];
}

/** `*` and `?` stay inside a folder, `**` goes through any number of them, wherever it stands. */
function stepsOf(pattern: string): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] ?? '';
    const set = character === '[' ? readSet(pattern, at, '/') : undefined;
    if (pattern.startsWith('**', at)) {
      at += pattern[at + 2] === '/' ? 3 : 2;
      if (at === pattern.length) steps.push({ takes: anything, repeated: true });
      else steps.push({ skip: 2 }, { takes: anything, repeated: true }, literal('/'));
    } else if (set) {
      steps.push(set.step);
      at = set.end;
    } else {
      const escaped = character === '\\' && at + 1 < pattern.length;
      if (character === '*') steps.push({ takes: inPart, repeated: true });
      else if (character === '?') steps.push({ takes: inPart });
      else steps.push(literal(escaped ? (pattern[at + 1] ?? '') : character));
      at += escaped ? 2 : 1;
    }
  }
  return steps;
}
