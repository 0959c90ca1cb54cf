/**
 * Syntax trees of TypeScript and JavaScript, read and never run. Offsets are UTF-16 units of the text, so that `text.slice(start, end)`
 * is the node. Nothing here knows a framework.
 */

import { lineCounter } from '../lines.ts';
import { tooDeep } from './depth.ts';
import { importsOf } from './imports.ts';
import { oxcParser } from './parser.ts';
import type { Source } from './types.ts';

/** File name endings that hold what this parser reads. */
export const sourceEndings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'] as const;

const remembered = new Map<string, Source>();
const rememberedAtMost = 500;

/**
 * Parses one file. `file` is used for its ending and in messages. A file that is not valid gives a source with `problems`, never an
 * error. Asking again for the same text gives the same tree, so treat it as read-only.
 */
export function parseSource(file: string, text: string): Source {
  const before = remembered.get(file);
  if (before?.sourceText === text) return before;
  const source = parse(file, text);
  if (remembered.size >= rememberedAtMost) remembered.clear();
  remembered.set(file, source);
  return source;
}

function parse(file: string, text: string): Source {
  const deep = tooDeep(text);
  const line = lineCounter(text);
  if (deep !== undefined) {
    const message = 'it is nested too deeply';
    return { ...parse(file, ''), sourceText: text, line, problems: [{ message, line: line(deep), start: deep }] };
  }
  const result = oxcParser().parseSync(file, text, { lang: language(file), preserveParens: false, astType: 'ts' });
  const { program } = result;
  return {
    file,
    sourceText: text,
    program,
    comments: result.comments,
    problems: result.errors
      .filter((error) => error.severity === 'Error')
      .map((error) => {
        const start = error.labels[0]?.start ?? 0;
        return { message: error.message, line: line(start), start };
      }),
    line,
    imports: importsOf(program),
  };
}

/** Types are allowed in `.js` by no runtime, JSX is by some: reading more than a runtime would take does no harm. */
function language(file: string): 'ts' | 'tsx' | 'jsx' | 'dts' {
  if (/\.d\.[cm]?ts$/.test(file)) return 'dts';
  if (/\.[cm]?ts$/.test(file)) return 'ts';
  return /\.[cm]?jsx?$/.test(file) ? 'jsx' : 'tsx';
}
