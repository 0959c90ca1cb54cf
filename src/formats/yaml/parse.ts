import { type Document, isCollection, LineCounter, parseDocument } from 'yaml';
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
    uniqueKeys: true,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error) throw invalid(file, text, lines.linePos(error.pos[0]).line, error.message);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: mostAliases });
  } catch (cause) {
    throw invalid(file, text, 1, cause instanceof Error ? cause.message : 'it cannot be read', 'yaml-explodes');
  }
  return { value, document, line: (path) => lines.linePos(offsetOf(document, path)).line };
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
    next: ['mend the line and run the command again'],
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
  const dashes = new RegExp(`^(\\s*[-?] ){${deepest}}`);
  const at = text
    .split('\n')
    .findIndex((line) => dashes.test(line) || (/^ */.exec(line)?.[0].length ?? 0) > deepest * 4);
  if (at !== -1) throw invalid(file, text, at + 1, `it is nested more than ${deepest} levels deep`, 'yaml-too-deep');
}
