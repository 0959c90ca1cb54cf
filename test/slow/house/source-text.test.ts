import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { watchPatterns } from '../../support/patterns.ts';
import { copyProject, projects } from '../../support/projects.ts';

const source = join(fileURLToPath(import.meta.url), '../../../../src');

const isSource = (path: string): boolean => /\.([cm]?[jt]sx?|html|py|go)$/.test(path);

const textsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

describe('a run over every fixture and example', () => {
  it('applies no pattern to more than a line of a source file, wherever the text went', async () => {
    const found = new Set<string>();
    for (const { folder } of projects) {
      const { root, remove } = copyProject(folder);
      for (const [pattern, caller] of await watchPatterns(textsIn(root), () => generate({ cwd: root })))
        if (!/\/formats\/source\/depth\.ts$|\/node_modules\//.test(caller))
          found.add(`${relative(source, caller)}: ${pattern}`);
      remove();
    }
    expect([...found]).toEqual([]);
  });

  it('would be seen to: by `test`, by `match`, by `split`, also on a part', async () => {
    const text = "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n";
    for (const apply of [
      () => /listen/.test(text),
      () => text.match(/listen/g),
      () => text.slice(10).split(/\n/),
      () => text.replace(/a/g, ''),
    ])
      expect(await watchPatterns([text], async () => apply())).toHaveLength(1);
    expect(await watchPatterns([text], async () => /listen/.test(text.slice(0, 30)))).toEqual([]);
  });
});
