import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../../src/flows/explain.ts';
import { type Generation, generate, writeGeneration } from '../../../src/flows/generate.ts';
import { Facts } from '../../../src/model/facts.ts';
import { PlanSchema } from '../../../src/model/plan.ts';
import { copyProject, projects } from '../../support/projects.ts';

const update = process.env['UPDATE_EXPECTED'] === '1';

/** Facts, plan and files for those that span the choices; elsewhere the plan and the Dockerfile, so that a change of the printer is no flood. */
const whole = new Set([
  'orders-api',
  'links-api',
  'csv-tool',
  'nightly-report',
  'storefront',
  'bun-hono-postgres',
  'bun-serve',
  'bun-fastify-redis',
]);

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** What a project is expected to give: path below `expected/` → text. */
function expectedOf(name: string, { context, artifacts, edits }: Generation): ReadonlyMap<string, string> {
  const files = whole.has(name) ? artifacts : artifacts.filter((artifact) => artifact.kind === 'dockerfile');
  return new Map([
    ...(whole.has(name) ? [['facts.json', json(context.facts)] as const] : []),
    ['plan.json', json(context.plan)] as const,
    ...files.map((artifact) => [`files/${artifact.path}`, artifact.content] as const),
    ...(whole.has(name) ? edits.map((edit) => [`edits/${edit.path}`, edit.content ?? ''] as const) : []),
  ]);
}

const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    : [];

describe.each(projects)('$name', ({ name, folder }) => {
  let copy: ReturnType<typeof copyProject>;
  let generation: Generation;
  beforeAll(async () => {
    copy = copyProject(folder);
    generation = await generate({ cwd: copy.root });
  });
  afterAll(() => copy.remove());

  it('has a case.json that says what must answer', () => {
    expect(existsSync(join(folder, 'case.json'))).toBe(true);
  });

  it('gives what is expected', () => {
    const expected = join(folder, 'expected');
    const fresh = expectedOf(name, generation);
    if (update) {
      rmSync(expected, { recursive: true, force: true });
      for (const [path, text] of fresh) {
        mkdirSync(dirname(join(expected, path)), { recursive: true });
        writeFileSync(join(expected, path), text);
      }
    }
    expect(filesBelow(expected).sort()).toEqual([...fresh.keys()].sort());
    for (const [path, text] of fresh) expect(text, path).toBe(readFileSync(join(expected, path), 'utf8'));
  });

  it('has facts and a plan that keep to their schemas', () => {
    expect(Facts.safeParse(generation.context.facts).error?.message).toBeUndefined();
    expect(PlanSchema.safeParse(generation.context.plan).error?.message).toBeUndefined();
  });

  it('has a decision with its evidence, or a stated default, for every line', () => {
    const { decisions } = generation.context.plan;
    const bare = generation.artifacts.flatMap((artifact) =>
      artifact.content.split('\n').flatMap((text, index) => {
        if (text.trim() === '') return [];
        const origin = artifact.origins.find((one) => one.start <= index + 1 && index + 1 <= one.end);
        const decision = origin && decisions[origin.decision];
        const founded = decision && decision.why !== '' && (decision.from.length > 0 || decision.by === 'default');
        return founded ? [] : [`${artifact.path}:${index + 1} ${origin?.decision ?? '(none)'} ${text}`];
      }),
    );
    expect(bare).toEqual([]);
  });

  it('names no line numbers and no folder of this machine in an artifact', () => {
    const evidence = Object.values(generation.context.plan.decisions).flatMap(({ from }) => from);
    const places = evidence.flatMap(({ file, line }) => (file && line !== undefined ? [`${file}:${line}`] : []));
    expect(generation.artifacts.length === 0 || places.length > 0).toBe(true);
    for (const { path, content } of generation.artifacts) {
      expect(content, path).not.toContain(copy.root);
      expect(
        places.filter((place) => content.includes(place)),
        path,
      ).toEqual([]);
    }
  });

  it('changes nothing when it is generated again, and explains its lines', async () => {
    const written = await writeGeneration(generation, { edits: true, env: true });
    const deploys = Object.keys(generation.context.plan.images).length > 0;
    expect(written.includes('Dockerfile')).toBe(deploys);
    const again = await generate({ cwd: copy.root });
    expect(again.changes.filter((change) => change.content !== undefined)).toEqual([]);
    expect(again.edits).toEqual([]);
    expect(again.env).toBeUndefined();
    if (!deploys) return;
    expect(again.context.plan.decisions).toEqual(expect.objectContaining({ 'images.app': expect.anything() }));
    const dockerfile = readFileSync(join(copy.root, 'Dockerfile'), 'utf8').split('\n');
    const from = dockerfile.findIndex((line) => line.startsWith('FROM ')) + 1;
    const explanation = await explain({ cwd: copy.root, file: 'Dockerfile', at: from });
    expect(explanation).toMatchObject({ origin: 'generated', key: 'images.app.stages.base' });
  });
});
