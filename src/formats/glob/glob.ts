import { literal, matchesWhole, type Step } from './automaton.ts';

/** What sets one kind of pattern apart from another. */
export type GlobDialect = {
  /** what `*` and `?` stop at; default: `/` */
  readonly separator?: string;
  /** `{a,b}` stands for both; default: no */
  readonly braces?: boolean;
};

/** More alternatives than this, and longer patterns, are not written by people: they match nothing. */
const MAX_ALTERNATIVES = 256;
const MAX_LENGTH = 4096;

/**
 * A matcher for one pattern: `*` and `?` stay inside one part of a path, `**` as a whole part stands for any number of parts, `[a-z]` and
 * `[!a-z]` for one character, a backslash takes the next character literally. A pattern with a bracket that never closes takes it literally.
 * Linear in the text for a given pattern.
 */
export function globMatcher(pattern: string, dialect: GlobDialect = {}): (path: string) => boolean {
  if (pattern.length > MAX_LENGTH) return () => false;
  // most patterns of ignore files are plain names
  if (!/[*?[\\{]/.test(pattern)) return (path) => path === pattern;
  const texts = dialect.braces ? expandBraces(pattern) : [pattern];
  const alternatives = texts.map((text) => globSteps(text, dialect.separator ?? '/'));
  // what stands before the first wildcard decides most often, at no cost
  const [start = ''] = /^[^*?[\\{]*/.exec(pattern) ?? [];
  return (path) => path.startsWith(start) && alternatives.some((steps) => matchesWhole(steps, path));
}

/** The steps of a pattern without braces. */
function globSteps(pattern: string, separator: string): readonly Step[] {
  const inPart = (character: string) => character !== separator;
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] ?? '';
    if (character === '*') {
      let end = at;
      while (pattern[end] === '*') end += 1;
      const whole = end - at > 1 && (at === 0 || pattern[at - 1] === separator);
      if (whole && pattern[end] === separator) {
        // any number of parts, each with its separator
        steps.push({ skip: 2 }, { takes: () => true, repeated: true }, literal(separator));
        at = end + 1;
      } else {
        steps.push({ takes: whole && end === pattern.length ? () => true : inPart, repeated: true });
        at = end;
      }
    } else if (character === '?') {
      steps.push({ takes: inPart });
      at += 1;
    } else if (character === '[') {
      const set = readSet(pattern, at, separator);
      steps.push(set?.step ?? literal('['));
      at = set?.end ?? at + 1;
    } else {
      const escaped = character === '\\' && at + 1 < pattern.length;
      steps.push(literal(escaped ? (pattern[at + 1] ?? '') : character));
      at += escaped ? 2 : 1;
    }
  }
  return steps;
}

/** `[a-z_]`, `[!0-9]`, `[^0-9]`; a `]` right after the opening is a member. Undefined where it never closes. */
export function readSet(pattern: string, start: number, separator: string): { step: Step; end: number } | undefined {
  let at = start + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  const ranges: [string, string][] = [];
  const readCharacter = (): string => {
    if (pattern[at] === '\\') at += 1;
    at += 1;
    return pattern[at - 1] ?? '';
  };
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) return undefined;
    const low = readCharacter();
    const isRange = pattern[at] === '-' && pattern[at + 1] !== ']' && at + 1 < pattern.length;
    if (isRange) at += 1;
    ranges.push([low, isRange ? readCharacter() : low]);
  }
  const isMember = (character: string) => ranges.some(([low, high]) => low <= character && character <= high);
  return {
    step: { takes: (character) => character !== separator && isMember(character) !== negated },
    end: at + 1,
  };
}

/** `a{b,c{d,e}}` as `ab`, `acd` and `ace`. Braces without a comma, or without an end, are literal. */
function expandBraces(pattern: string): readonly string[] {
  let done: string[] = [];
  const open = [pattern];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const group = firstGroup(text);
    if (group === undefined) done = [...done, text];
    else for (const choice of group.choices) open.push(`${group.before}${choice}${group.behind}`);
    if (open.length + done.length > MAX_ALTERNATIVES) return [];
  }
  return done.reverse();
}

/** The first pair of braces with a comma between them. */
function firstGroup(text: string): { before: string; choices: string[]; behind: string } | undefined {
  for (let start = text.indexOf('{'); start !== -1; start = text.indexOf('{', start + 1)) {
    if (text[start - 1] === '\\') continue;
    const choices = [''];
    let depth = 0;
    for (let at = start; at < text.length; at += 1) {
      const character = text[at] ?? '';
      if (character === '{') depth += 1;
      if (character === '}') depth -= 1;
      if (depth === 0 && choices.length > 1)
        return { before: text.slice(0, start), choices, behind: text.slice(at + 1) };
      if (depth === 0) break;
      if (at === start) continue;
      if (character === ',' && depth === 1) choices.push('');
      else choices[choices.length - 1] += character;
    }
  }
  return undefined;
}
