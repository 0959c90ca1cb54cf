import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../support/projects.ts';
import { withEngine } from './engine.ts';

/** What the program is made of: a language is added to a copy, and nothing else of it is changed. */
const parts = ['src', 'scripts', 'docs', 'schemas', 'package.json', 'tsconfig.json', 'tsdown.config.ts'];
const toys = readdirSync(join(repository, 'fixtures/languages'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

let copy: string;
const node = (...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1e8 });
const dockwright = (project: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(copy, 'dist/cli.mjs'), ...args, '--cwd', join(copy, project)], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });

withEngine('a language that is added as a folder', () => {
  beforeAll(() => {
    copy = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-languages-')));
    for (const part of parts) cpSync(join(repository, part), join(copy, part), { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
    for (const toy of toys) {
      cpSync(join(repository, 'fixtures/languages', toy, 'language'), join(copy, 'src/languages', toy), {
        recursive: true,
      });
      cpSync(join(repository, 'fixtures/languages', toy, 'project'), join(copy, toy), { recursive: true });
    }
    node('node_modules/jiti/lib/jiti-cli.mjs', 'scripts/gen.ts');
    node('node_modules/typescript/bin/tsc', '--noEmit');
    node('node_modules/tsdown/dist/run.mjs', '--logLevel', 'error');
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('is known by its manifest, whatever the manifest is', () => {
    expect(toys.length).toBeGreaterThan(0);
    for (const toy of toys) {
      const ran = dockwright(toy, 'inspect', '--json');
      expect(ran.status, ran.stdout + ran.stderr).toBe(0);
      expect(JSON.parse(ran.stdout)).toMatchObject({ repository: { apps: [{ details: { language: toy } }] } });
    }
  });

  it.each(toys)('is generated, built, started and keeps the contract: %s', (toy) => {
    const generated = dockwright(toy, '--yes');
    expect(generated.status, generated.stdout + generated.stderr).toBe(0);
    const verified = dockwright(toy, 'verify', '--json');
    const { items } = JSON.parse(verified.stdout) as { items: { id: string; status: string; detail?: unknown }[] };
    const failed = items.filter(({ status }) => status !== 'pass' && status !== 'not-applicable');
    expect(failed, verified.stderr).toEqual([]);
    expect(verified.status).toBe(0);
    expect(items.find(({ id }) => id === 'health')?.status).toBe('pass');
  });
});
