import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Generation, generate, isPending, writeGeneration } from '../../src/index.ts';
import { copyProject, repository } from '../support/projects.ts';

/** What somebody does to a file: one of these beside its name. */
type Edit = {
  readonly file: string;
  readonly replace?: string;
  readonly with?: string;
  readonly append?: string;
  readonly write?: string;
  readonly rename?: string;
  readonly delete?: true;
  readonly windows?: true;
  /** from the first text up to the second, away, or behind the third */
  readonly cut?: readonly [string, string];
  readonly move?: readonly [string, string, string];
};

/** A project that is generated, edited by its owner, changed, and generated again: what is there then. */
type Story = {
  readonly story: string;
  readonly project: string;
  readonly before?: readonly Edit[];
  readonly adopt?: readonly string[];
  readonly edit: readonly Edit[];
  readonly change?: readonly Edit[];
  /** sentences that the specification confirms from then on */
  readonly asks?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly accept?: Readonly<Record<string, 'mine' | 'generated'>>;
  readonly holds: Readonly<Record<string, readonly string[]>>;
  readonly lacks?: Readonly<Record<string, readonly string[]>>;
  readonly gone?: readonly string[];
};

const folder = join(repository, 'fixtures/stories');
const stories = readdirSync(folder)
  .sort()
  .map((file): [string, Story] => [basename(file, '.json'), JSON.parse(readFileSync(join(folder, file), 'utf8'))]);

const made: (() => void)[] = [];
afterAll(() => {
  for (const remove of made) remove();
});

function project(name: string): string {
  const { root, remove } = copyProject(join(repository, 'examples', name));
  made.push(remove);
  return root;
}

function part(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  if (start === -1 || end === -1) throw new Error(`${from} … ${to} is not there`);
  return text.slice(start, end);
}

function apply(cwd: string, edit: Edit): void {
  const file = join(cwd, edit.file);
  if (edit.delete) rmSync(file);
  else if (edit.rename !== undefined) renameSync(file, join(cwd, edit.rename));
  else writeFileSync(file, edit.write ?? edited(readFileSync(file, 'utf8'), edit));
}

function edited(text: string, edit: Edit): string {
  if (edit.append !== undefined) return text + edit.append;
  if (edit.windows) return text.replaceAll('\n', '\r\n');
  if (edit.cut) return text.replace(part(text, ...edit.cut), '');
  if (edit.move) {
    const [from, to, behind] = edit.move;
    const moved = part(text, from, to);
    return text.replace(moved, '').replace(behind, () => behind + moved);
  }
  const { replace, with: by = '' } = edit;
  if (replace === undefined || !text.includes(replace)) throw new Error(`${edit.file} has no ${replace}`);
  return text.replace(replace, () => by);
}

function ask(cwd: string, sentences: readonly string[]): void {
  const assertions = sentences.map((natural, index) => ({
    id: `A-00${index + 1}`,
    natural,
    type: 'invariant',
    category: 'behavior',
    status: 'confirmed',
    source: 'interview',
  }));
  mkdirSync(join(cwd, 'specs'), { recursive: true });
  const manifest = {
    version: '1.0.0',
    archetype: 'web-service',
    description: 'Keeps links with tags, and finds them again',
    assertions,
  };
  writeFileSync(join(cwd, 'specs/assertions.json'), JSON.stringify(manifest, null, 2));
}

const write = (generation: Generation) => writeGeneration(generation, { edits: true, env: false });
const quiet = (generation: Generation) => !isPending({ ...generation, env: undefined });

describe('stories of edits and changes', () => {
  it('are at least twenty', () => {
    expect(stories.length).toBeGreaterThanOrEqual(20);
  });

  it.each(stories)('%s', async (_, story) => {
    const cwd = project(story.project);
    for (const edit of story.before ?? []) apply(cwd, edit);
    const adopt = Object.fromEntries((story.adopt ?? []).map((file) => [file, 'mine' as const]));
    await write(await generate({ cwd, accept: adopt }));
    expect(quiet(await generate({ cwd }))).toBe(true);

    for (const edit of story.edit) apply(cwd, edit);
    if (story.edit.length > 0 && !story.edit.some((one) => one.rename)) {
      const edited = await generate({ cwd });
      expect(edited.changes.filter((change) => change.content !== undefined)).toEqual([]);
    }
    for (const change of story.change ?? []) apply(cwd, change);
    if (story.asks) ask(cwd, story.asks);

    const first = await generate({ cwd });
    const conflicts = first.changes.flatMap((change) =>
      (change.conflicts ?? []).map((one) => `${change.path}: ${one.title}`),
    );
    expect(conflicts).toEqual(story.conflicts ?? []);
    if (conflicts.length > 0) await expect(write(first)).rejects.toMatchObject({ code: 'conflict', exit: 3 });
    await write(await generate({ cwd, accept: story.accept ?? {} }));

    for (const [file, texts] of Object.entries(story.holds)) {
      const text = readFileSync(join(cwd, file), 'utf8');
      for (const one of texts) expect(text).toContain(one);
    }
    for (const [file, texts] of Object.entries(story.lacks ?? {}))
      for (const one of texts) expect(readFileSync(join(cwd, file), 'utf8')).not.toContain(one);
    expect((story.gone ?? []).filter((file) => existsSync(join(cwd, file)))).toEqual([]);
    const again = await generate({ cwd });
    expect(again.changes.filter((change) => change.content !== undefined || change.conflicts)).toEqual([]);
    expect(quiet(again)).toBe(true);
    // what is kept for the next run is of the files that there are
    const kept = readdirSync(join(cwd, '.dockwright/last'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(kept).toHaveLength(again.last.size);
  });
});
