/**
 * The frontend of a Dockerfile: an image that BuildKit runs to read it. What counts is what BuildKit's `parser.DetectSyntax` takes, of old and of
 * new releases: comments with `#` or `//` at the very top, a JSON document, each also after a byte order mark and a shebang line.
 */

/** A frontend, and the line (1-based) that names it. */
export type Frontend = { readonly image: string; readonly line: number };

/** White space as Go's regular expressions know it. */
const blank = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\r' || character === '\f' || character === '\n';

/** A directive `MARK name = value`: its name in small letters, and the first word of its value. */
function directive(line: string, mark: string): { readonly name: string; readonly word: string } | undefined {
  if (!line.startsWith(mark)) return undefined;
  let at = mark.length;
  const skip = () => {
    while (blank(line[at])) at += 1;
  };
  skip();
  const start = at;
  while (/[a-zA-Z0-9]/.test(line[at] ?? '')) at += 1;
  const name = line.slice(start, at);
  skip();
  if (!/^[a-zA-Z]/.test(name) || line[at] !== '=') return undefined;
  at += 1;
  skip();
  let end = line.length;
  while (end > at && blank(line[end - 1])) end -= 1;
  if (end === at) return undefined;
  return { name: name.toLowerCase(), word: line.slice(at, end).split(' ')[0] ?? '' };
}

/** Every frontend that a release of BuildKit could take from a Dockerfile; none: BuildKit reads it by itself. */
export function frontendsIn(source: string): readonly Frontend[] {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const all = text.split('\n');
  const skipped = all[0]?.startsWith('#!') ? 1 : 0;
  const lines = all.slice(skipped);
  const found = ['#', '//'].flatMap((mark) => {
    const named: Frontend[] = [];
    for (const [index, line] of lines.entries()) {
      const read = directive(line, mark);
      if (!read) break;
      if (read.name === 'syntax') named.push({ image: read.word, line: index + 1 + skipped });
    }
    return named;
  });
  return [...found, ...inJson(lines.join('\n'), skipped + 1)];
}

function inJson(text: string, line: number): readonly Frontend[] {
  if (!/^\s*\{/.test(text)) return [];
  try {
    const document: unknown = JSON.parse(text);
    const image =
      typeof document === 'object' && document !== null && 'syntax' in document ? document.syntax : undefined;
    return typeof image === 'string' ? [{ image, line }] : [];
  } catch {
    return [];
  }
}

/** Whether a frontend is Docker's own, in whatever spelling, tag or digest. */
export function isOwnFrontend(image: string): boolean {
  const [name = ''] = image.split('@');
  const path = name.replace(/^(index\.)?docker\.io\//, '').replace(/:[\w][\w.-]*$/, '');
  return path === 'docker/dockerfile' || path === 'docker/dockerfile-upstream';
}
