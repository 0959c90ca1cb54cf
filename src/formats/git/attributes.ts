import { pathMatcher } from './ignore.ts';

/** What a line says of an attribute: set, unset, a value, or (`!name`) nothing. */
export type AttributeValue = boolean | string | undefined;

export type AttributeRule = {
  /** `path` is relative to the folder of the file that the rule stands in */
  readonly matches: (path: string) => boolean;
  readonly values: readonly (readonly [name: string, value: AttributeValue])[];
};

export type AttributeFile = {
  readonly rules: readonly AttributeRule[];
  /** names that stand for several attributes, from lines `[attr]name …` */
  readonly macros: ReadonlyMap<string, AttributeRule['values']>;
};

/** The rules of a `.gitattributes` (git-scm.com/docs/gitattributes), in their order: the last one that matches counts. */
export function parseGitAttributes(text: string): AttributeFile {
  const macros = new Map<string, AttributeRule['values']>([
    [
      'binary',
      [
        ['diff', false],
        ['merge', false],
        ['text', false],
      ],
    ],
  ]);
  const rules: AttributeRule[] = [];
  for (const raw of text.replace(/^\uFEFF/, '').split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const { pattern, rest } = patternOf(line);
    const values = rest
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(attributeOf);
    if (pattern.startsWith('[attr]')) macros.set(pattern.slice('[attr]'.length), values);
    // git refuses patterns that are negated, and one that names a folder matches no file
    else if (!pattern.startsWith('!') && !pattern.endsWith('/')) rules.push({ matches: pathMatcher(pattern), values });
  }
  return { rules, macros };
}

/** The pattern at the beginning of a line, which may stand in quotes. */
function patternOf(line: string): { pattern: string; rest: string } {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(line);
  if (quoted) return { pattern: (quoted[1] ?? '').replace(/\\(.)/g, '$1'), rest: line.slice(quoted[0].length) };
  const blank = line.search(/\s/);
  return blank === -1 ? { pattern: line, rest: '' } : { pattern: line.slice(0, blank), rest: line.slice(blank) };
}

function attributeOf(word: string): readonly [string, AttributeValue] {
  if (word.startsWith('-')) return [word.slice(1), false];
  if (word.startsWith('!')) return [word.slice(1), undefined];
  const equals = word.indexOf('=');
  return equals === -1 ? [word, true] : [word.slice(0, equals), word.slice(equals + 1)];
}
