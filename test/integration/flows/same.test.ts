import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { archetypeOf } from '../../../src/spec/manifest.ts';
import { dockwright } from '../../support/cli.ts';
import { repository } from '../../support/projects.ts';

const examples = readdirSync(join(repository, 'examples')).sort();

/** The texts of an example by path. */
function textsOf(name: string): Readonly<Record<string, string>> {
  const folder = join(repository, 'examples', name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !/^(expected|node_modules|dist)\//.test(path) && path !== 'case.json');
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

async function generatedFrom(entries: readonly (readonly [string, string])[]): Promise<string> {
  const project = { ...memoryProject(Object.fromEntries(entries)), files: () => entries.map(([path]) => path) };
  const manifest = project.read('specs/assertions.json');
  const archetype = manifest === undefined ? undefined : archetypeOf(JSON.parse(manifest).archetype);
  const config = archetype ? { archetype } : {};
  const [facts] = (await inspect(project, { config })).apps;
  if (!facts) throw new Error('no app');
  const plan = await makePlan({ facts, specification: undefined, config, read: project.read });
  return JSON.stringify({ facts, plan, artifacts: artifactsOf(plan, project.files()) });
}

describe('the same project gives the same', () => {
  it.each(examples)('whatever the order of its files: %s', async (name) => {
    const entries = Object.entries(textsOf(name));
    const once = await generatedFrom(entries);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: entries.length }), async (shuffled) => {
        expect(await generatedFrom(shuffled)).toBe(once);
      }),
      { numRuns: 15, seed: 20261121 },
    );
  });

  it('whatever the locale, the time zone, and the tools of the machine', async () => {
    const tools = mkdtempSync(join(tmpdir(), 'dockwright-tools-'));
    for (const name of ['npm', 'pnpm', 'yarn', 'bun', 'git', 'docker']) {
      writeFileSync(join(tools, name), '#!/bin/sh\necho 0.0.1\nexit 1\n');
      chmodSync(join(tools, name), 0o755);
    }
    try {
      const cwd = join(repository, 'examples/links-api');
      const run = (env: Readonly<Record<string, string>>) => dockwright(['--dry-run', '--json'], cwd, env);
      const plain = await run({});
      expect(plain.code).toBe(0);
      const other = {
        LC_ALL: 'tr_TR.UTF-8',
        LANG: 'tr_TR.UTF-8',
        TZ: 'Pacific/Kiritimati',
        HOME: tools,
        PATH: `${tools}:${process.env['PATH']}`,
      };
      expect((await run(other)).out).toBe(plain.out);
    } finally {
      rmSync(tools, { recursive: true, force: true });
    }
  });
});
