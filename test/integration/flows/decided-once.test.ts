import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFrom } from '../../../src/flows/context.ts';
import { generate, withoutEdits, writeGeneration } from '../../../src/flows/generate.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { copyProject, projects } from '../../support/projects.ts';

/** Every file below a folder, by path. */
const filesIn = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]),
  );

/** The files of a project after it was generated there by `write`. */
async function filesAfter(folder: string, write: (root: string) => Promise<unknown>): Promise<Record<string, string>> {
  const { root, remove } = copyProject(folder);
  try {
    await write(root);
    return filesIn(root);
  } finally {
    remove();
  }
}

const none = { edits: false, env: false };

describe('an owner who wants no edit of the sources', () => {
  it.each(projects)('gets the same files by the answer as by the configuration: $name', async ({ folder }) => {
    const answered = await filesAfter(folder, async (root) => writeGeneration(await generate({ cwd: root }), none));
    const configured = await filesAfter(folder, async (root) => {
      // where files are routes, nothing of the owner's is edited, and nobody is asked
      const isAsked = (await generate({ cwd: root })).edits.length > 0;
      return writeGeneration(
        await generate({ cwd: root, ...(isAsked ? { set: { 'health.generate': 'false' } } : {}) }),
        none,
      );
    });
    expect(answered).toEqual(configured);
  });

  it('is asked about a project that was read once: the facts are the same ones', async () => {
    const { root, remove } = copyProject(projects.find((one) => one.name === 'orders-api')?.folder ?? '');
    try {
      const generation = await generate({ cwd: root });
      const declined = await withoutEdits(generation);
      expect(generation.edits).not.toEqual([]);
      expect(declined.edits).toEqual([]);
      expect(declined.context.facts).toBe(generation.context.facts);
      expect(declined.context.specification).toBe(generation.context.specification);
      expect(declined.context.warnings).toEqual(generation.context.warnings);
    } finally {
      remove();
    }
  });
});

describe('the archetype', () => {
  const server = {
    'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } }),
    'index.js': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
  };
  const specification = (archetype: string) => ({
    'specs/assertions.json': JSON.stringify({ version: '1.0.0', archetype, assertions: [] }),
  });
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined, string, string])[] = [
    ['the project shows it, where nobody says it', {}, undefined, 'web-service', 'detected'],
    [
      'The specification comes before the project',
      specification('data-pipeline'),
      undefined,
      'data-pipeline',
      'detected',
    ],
    ['the configuration comes before the project', {}, 'cli-tool', 'cli-tool', 'config'],
    ['the configuration comes before both', specification('data-pipeline'), 'cli-tool', 'cli-tool', 'config'],
    [
      'what the specification says and nobody knows decides nothing',
      specification('game'),
      undefined,
      'web-service',
      'detected',
    ],
  ];

  it.each(cases)('is decided in one order: %s', async (_, files, flag, value, by) => {
    const set = flag === undefined ? {} : { archetype: flag };
    const { repository } = await readFrom(memoryProject({ ...server, ...files }), { cwd: '.', set });
    expect(repository.apps.map((app) => app.archetype)).toMatchObject([{ value, by }]);
  });
});
