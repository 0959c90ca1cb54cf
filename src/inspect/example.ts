import type { App } from './app.ts';

/** One variable of `.env.example`. */
export type Example = {
  readonly value: string;
  readonly purpose?: string;
  readonly file: string;
  readonly line: number;
};

const files = ['.env.example', '.env.sample', '.env.template', '.env.dist', 'env.example', '.env.local.example'];

/** The file of examples of an app, where it has one. */
export const exampleFile = (app: App): string | undefined => files.map(app.path).find((file) => app.project.has(file));

/** What the file of examples says of each variable: an example and, from the comment above or behind it, its purpose. Never `.env` itself. */
export function readExamples(app: App): ReadonlyMap<string, Example> {
  const found = new Map<string, Example>();
  const file = exampleFile(app);
  if (file === undefined) return found;
  let comment: string[] = [];
  for (const [index, raw] of (app.project.read(file) ?? '').split('\n').entries()) {
    const line = raw.trim();
    const setting = /^#?\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line);
    if (
      setting?.[1] !== undefined &&
      (!line.startsWith('#') || /^#?[A-Z_][A-Z0-9_]*=/.test(line.replace(/^#\s*/, '#')))
    ) {
      const { value, behind } = split(setting[2] ?? '');
      const purpose = comment.length > 0 ? short(comment) : behind;
      found.set(setting[1], { value, file, line: index + 1, ...(purpose ? { purpose } : {}) });
      comment = [];
    } else if (line.startsWith('#')) {
      const words = line.replace(/^#+\s*/, '').trim();
      comment = isHeading(words) ? [] : [...comment, words];
    } else comment = [];
  }
  return found;
}

/** One or two sentences explain a variable; a page of instructions above it does not fit beside it, and its first line does. */
const short = (lines: readonly string[]): string => {
  const whole = lines.join(' ');
  return whole.length <= 140 ? whole : (lines[0] ?? '').slice(0, 140);
};

/** Lines of dashes and headings between lines name a group, not the variable below. */
const isHeading = (words: string): boolean => !/\p{L}/u.test(words) || /[-=*#]{3,}/.test(words);

function split(text: string): { value: string; behind: string | undefined } {
  const quoted = /^\s*(["'`])(.*?)\1\s*(?:#\s*(.*))?$/.exec(text);
  if (quoted) return { value: quoted[2] ?? '', behind: quoted[3] };
  const plain = /^(.*?)(?:\s+#\s*(.*))?$/.exec(text.trim());
  return { value: (plain?.[1] ?? '').trim(), behind: plain?.[2] };
}
