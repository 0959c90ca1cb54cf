/**
 * Draws `docs/terminal.svg` from a real run of the built command line on a copy of the orders API: `npm run picture`.
 * Colours are what the program prints (ANSI codes); a long run is cut at the end, and the picture says so.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');
const example = join(root, 'examples/orders-api');
const notTheProject = ['case.json', 'expected', 'node_modules', '.env', 'dist'];

/** Columns and rows of the terminal that is drawn. */
const screen = { columns: 132, rows: 60 };
const cell = { width: 7.8, height: 17, size: 13, margin: 16, bar: 30 };
const colors = { back: '#16181d', bar: '#23262e', text: '#d7dae0', dim: '#858b98' };
const ansi: Readonly<Record<string, string>> = {
  31: '#ef6b73',
  32: '#8cc265',
  33: '#d9a343',
  34: '#61a8f0',
  35: '#c678dd',
  36: '#4fb6c2',
};

type Look = { readonly bold: boolean; readonly dim: boolean; readonly color: string | undefined };
type Span = Look & { readonly text: string };
const plain: Look = { bold: false, dim: false, color: undefined };

function after(look: Look, code: string): Look {
  if (code === '' || code === '0') return plain;
  if (code === '1') return { ...look, bold: true };
  if (code === '2') return { ...look, dim: true };
  if (code === '22') return { ...look, bold: false, dim: false };
  if (code === '39') return { ...look, color: undefined };
  return ansi[code] ? { ...look, color: ansi[code] } : look;
}

/** An escape character, `[`, codes, `m`. */
const escapeCode = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`);

/** One line of output as spans of one look each, cut at the width of the screen. */
function spansOf(line: string): readonly Span[] {
  const spans: Span[] = [];
  let look = plain;
  let column = 0;
  for (const [index, part] of line.split(escapeCode).entries()) {
    if (index % 2 === 1) {
      look = part.split(';').reduce(after, look);
      continue;
    }
    const room = screen.columns - column;
    const text = part.length > room ? `${part.slice(0, Math.max(0, room - 1))}…` : part;
    if (room > 0 && text !== '') spans.push({ ...look, text });
    column += part.length;
  }
  return spans;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const fixed = (value: number) => String(Math.round(value * 10) / 10);

function drawn(spans: readonly Span[], row: number): string {
  const y = cell.bar + cell.margin + (row + 0.8) * cell.height;
  let column = 0;
  const parts = spans.map((span) => {
    const x = cell.margin + column * cell.width;
    column += [...span.text].length;
    if (span.text.trim() === '') return '';
    const fill = span.color ?? (span.dim ? colors.dim : colors.text);
    const weight = span.bold ? ' font-weight="bold"' : '';
    // each span keeps the width of its cells, whatever font is there
    const width = fixed([...span.text].length * cell.width);
    return `<text x="${fixed(x)}" y="${fixed(y)}" fill="${fill}"${weight} textLength="${width}" xml:space="preserve">${escaped(span.text)}</text>`;
  });
  return parts.join('');
}

function svg(lines: readonly string[], title: string): string {
  const width = fixed(2 * cell.margin + screen.columns * cell.width);
  const height = fixed(cell.bar + 2 * cell.margin + lines.length * cell.height);
  const buttons = ['#ef6b73', '#d9a343', '#8cc265'].map(
    (fill, index) => `<circle cx="${18 + index * 18}" cy="15" r="5.5" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${cell.size}">
<rect width="100%" height="100%" rx="8" fill="${colors.back}"/>
<path d="M0 ${cell.bar}V8a8 8 0 0 1 8-8h${Number(width) - 16}a8 8 0 0 1 8 8v${cell.bar - 8}z" fill="${colors.bar}"/>
${buttons.join('')}
${lines
  .map((line, row) => drawn(spansOf(line), row))
  .filter(Boolean)
  .join('\n')}
</svg>
`;
}

const temporary = mkdtempSync(join(tmpdir(), 'dockwright-picture-'));
try {
  const app = join(temporary, 'orders-api');
  cpSync(example, app, { recursive: true, filter: (source) => !notTheProject.includes(relative(example, source)) });
  const { NO_COLOR: _, ...env } = process.env;
  const output = execFileSync(process.execPath, [join(root, 'dist/cli.mjs'), '--dry-run'], {
    cwd: app,
    encoding: 'utf8',
    env: { ...env, FORCE_COLOR: '1', LANG: 'C.UTF-8' },
  }).trimEnd();
  const lines = output.split('\n');
  const shown = lines.slice(0, screen.rows);
  const rest = lines.length - shown.length;
  const end = rest > 0 ? [`\u001B[2m  … and ${rest} more lines\u001B[22m`] : [];
  const path = join(root, 'docs/terminal.svg');
  const command = 'dockwright --dry-run';
  writeFileSync(path, svg([`\u001B[32m$\u001B[39m ${command}`, '', ...shown, ...end], `a run of ${command}`));
  console.log(`wrote ${relative(root, path)}: ${shown.length} of ${lines.length} lines`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
