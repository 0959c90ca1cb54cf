import { type Document, isCollection, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { UserError } from '../../model/errors.ts';

export type Path = readonly (string | number)[];

/** A YAML text, read: its data, and the lines (1-based) of its parts. */
export type Yaml = {
  readonly value: unknown;
  /** the line of a part; where it is missing, that of the nearest part around it */
  readonly line: (path: Path) => number;
  readonly document: Document.Parsed;
};

/** Deeper nesting than this ends every recursive reader; more aliases than this make a small file a huge one. */
const deepest = 200;
const mostAliases = 200;

/** Reads one YAML document. Throws a UserError that names the file and the line of what is wrong, or of what would explode. */
export function parseYaml(text: string, file: string): Yaml {
  refuseDepth(text, file);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // compares every pair of keys: a long table would take minutes; `refuseTwice` looks each up once
    uniqueKeys: false,
    // `silent` would also hide that a second document follows
    logLevel: 'error',
  });
  const [error] = document.errors;
  const lineOf = (offset: number) => lines.linePos(offset).line;
  if (error) {
    const message = error.code === 'MULTIPLE_DOCS' ? 'it contains a second document' : error.message;
    throw invalid(file, text, lineOf(error.pos[0]), message);
  }
  refuseTwice(document, (offset, key) => invalid(file, text, lineOf(offset), `the key ${key} stands twice`));
  refuseCircles(document, (offset) =>
    invalid(file, text, lineOf(offset), 'an alias refers to itself', 'yaml-explodes'),
  );
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: mostAliases });
  } catch (cause) {
    throw invalid(file, text, 1, cause instanceof Error ? cause.message : 'it cannot be read', 'yaml-explodes');
  }
  return { value, document, line: (path) => lines.linePos(offsetOf(document, path)).line };
}

/** A key that stands twice in one mapping: readers disagree on which of them counts. Only `<<` may stand again. */
function refuseTwice(document: Document.Parsed, error: (offset: number, key: string) => UserError): void {
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value)) throw error(key.range?.[0] ?? 0, JSON.stringify(key.value));
        seen.add(key.value);
      }
    },
  });
}

/** An alias inside the node that it names makes data without an end. */
function refuseCircles(document: Document.Parsed, error: (offset: number) => UserError): void {
  visit(document, {
    Alias: (_key, alias, above) => {
      const around = above.some((node) => isNode(node) && 'anchor' in node && node.anchor === alias.source);
      if (around) throw error(alias.range?.[0] ?? 0);
    },
  });
}

function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isCollection(parent)
      ? parent.items.find((item) => 'key' in Object(item) && String((item as { key: unknown }).key) === String(last))
      : undefined;
    const node = pair ? (pair as { key: unknown }).key : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}

function invalid(file: string, text: string, line: number, message: string, code = 'yaml-invalid'): UserError {
  const shown = (text.split('\n')[line - 1] ?? '').trimEnd().slice(0, 200);
  return new UserError({
    code,
    message: `${file} cannot be read as YAML: ${message}`,
    where: { file, line, text: shown },
    next: ['Fix the line and run the command again'],
  });
}

/** Counts brackets and dashes before any recursive reader sees them; a text that holds that many is none that people write. */
function refuseDepth(text: string, file: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth = Math.max(0, depth - 1);
    if (depth > deepest)
      throw invalid(
        file,
        text,
        text.slice(0, at).split('\n').length,
        `it is nested more than ${deepest} levels deep`,
        'yaml-too-deep',
      );
  }
  const at = text
    .split('\n')
    .findIndex((line) => leadingDashes(line) >= deepest || (/^ */.exec(line)?.[0].length ?? 0) > deepest * 4);
  if (at !== -1) throw invalid(file, text, at + 1, `it is nested more than ${deepest} levels deep`, 'yaml-too-deep');
}

/** How many marks of list entries and of complex keys a line begins with, as in `- - - a`. */
function leadingDashes(line: string): number {
  const marks = /\s*[-?] /y;
  let count = 0;
  while (marks.test(line)) count += 1;
  return count;
}
