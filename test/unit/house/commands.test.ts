import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const commands = new Set(
  [...readFileSync(join(root, 'src/cli/program.ts'), 'utf8').matchAll(/^ {2}(?:\{ | {2})name: '([a-z]+)'/gm)].map(
    ([, name]) => name,
  ),
);

/** The commands of ours that a text tells its reader to run. */
const told = (text: string): readonly string[] =>
  [...text.matchAll(/`(?:npx )?dockwright ([a-z]+)/g)].map(([, name]) => name ?? '');

const textsIn = (folder: string, ending: string): readonly (readonly [string, string])[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => [join(folder, path), readFileSync(join(root, folder, path), 'utf8')]);

describe('a command that somebody is told to run', () => {
  it('is there', () => {
    expect([...commands]).toEqual(expect.arrayContaining(['generate', 'inspect', 'check', 'verify']));
    const wrong = [...textsIn('src', '.ts'), ...textsIn('docs', '.md'), ...textsIn('scripts', '.ts')].flatMap(
      ([path, text]) =>
        told(text.replaceAll('\\`', '`')).flatMap((name) => (commands.has(name) ? [] : [`${path}: ${name}`])),
    );
    expect(wrong).toEqual([]);
  });

  it('would be found missing', () => {
    expect(told('run `dockwright lint`, or `npx dockwright check --tests`')).toEqual(['lint', 'check']);
  });
});
