import type { Line } from './text.ts';
import type { Directive } from './types.ts';

export type Directives = {
  readonly found: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly refused: readonly { readonly line: number; readonly message: string }[];
};

const shape = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=(.*)$/;

const known = (name: string): name is Directive['name'] => name === 'syntax' || name === 'escape' || name === 'check';

/**
 * The parser directives: comments `# name=value` at the very top, each at most once, in any case. The first line that is none
 * ends them. After a shebang line BuildKit still looks for `syntax` and `check`, but not for `escape`.
 */
export function readDirectives(lines: readonly Line[]): Directives {
  const found: Directive[] = [];
  const refused: { line: number; message: string }[] = [];
  const shebang = lines[0]?.text.startsWith('#!') ?? false;
  let mark: '\\' | '`' = '\\';
  for (const line of shebang ? lines.slice(1) : lines) {
    const text = line.text.trimStart();
    const match = shape.exec(text);
    const name = match?.[1]?.toLowerCase() ?? '';
    const value = match?.[2]?.trim() ?? '';
    if (!known(name) || match?.[2] === '') break;
    if (found.some((directive) => directive.name === name)) {
      refused.push({ line: line.number, message: `the directive ${name} is repeated` });
      continue;
    }
    const start = line.start + line.text.length - text.length;
    found.push({ name, value, span: { start, end: line.start + line.text.length }, line: line.number });
    if (name !== 'escape' || shebang) continue;
    if (value === '`' || value === '\\') mark = value;
    else refused.push({ line: line.number, message: `the escape character is \\ or \`, not ${value}` });
  }
  return { found, escape: mark, refused };
}
