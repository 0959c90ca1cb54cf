import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../../src/flows/build.ts';
import { check } from '../../../src/flows/check.ts';
import { everydayCommands } from '../../../src/flows/commands.ts';
import { loadContext } from '../../../src/flows/context.ts';
import { explain } from '../../../src/flows/explain.ts';
import { type Generation, generate, isPending, writeGeneration } from '../../../src/flows/generate.ts';
import { inspectProject } from '../../../src/flows/inspect.ts';
import type { FlowOptions } from '../../../src/flows/options.ts';
import { verify } from '../../../src/flows/verify.ts';
import { contentsOf } from '../../support/folder.ts';
import { copyProject, repository } from '../../support/projects.ts';
import { marker, recordOf, token } from '../../support/record.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
let copy: ReturnType<typeof copyProject>;
let output: string;
beforeEach(() => {
  copy = copyProject(join(repository, 'fixtures/apps/bun-serve'));
  output = mkdtempSync(join(tmpdir(), 'dockwright-output-'));
});
afterEach(() => {
  for (const folder of [copy.root, output]) rmSync(recordOf(folder), { recursive: true, force: true });
  copy.remove();
  rmSync(output, { recursive: true });
});

const put = (folder: string, path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

/** What a write of this user that was killed before its first rename leaves of a new file. */
function interrupt(folder: string, path: string, content: string): void {
  const temporary = posix.join(posix.dirname(path), '.dockwright-0123456789ab.new');
  const file = { path, temporary, backup: null, sha256: sha256(content), base: null, mode: 0o644 };
  put(folder, temporary, content);
  put(folder, marker, '');
  const journal = { version: 2, root: folder, token, state: 'ready', folders: ['.dockwright'], files: [file] };
  mkdirSync(recordOf(folder), { recursive: true, mode: 0o700 });
  writeFileSync(recordOf(folder, 'journal.json'), JSON.stringify(journal));
}

/** The flows that only read. */
const readers: Readonly<Record<string, (options: FlowOptions) => Promise<unknown>>> = {
  inspect: inspectProject,
  plan: loadContext,
  commands: everydayCommands,
  check,
  // there is no Dockerfile yet: that is found out after all is read
  build: (options) => expect(build(options)).rejects.toMatchObject({ code: 'not-generated' }),
  verify: (options) => expect(verify(options)).rejects.toMatchObject({ code: 'not-generated' }),
  explain: (options) => explain({ ...options, file: 'Dockerfile', at: 1 }),
  generate,
};

/** What a flow says of the folder. */
async function warningsOf(flow: (options: FlowOptions) => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = [];
  await flow({ cwd: copy.root, onWarning: (message) => warnings.push(message) });
  return warnings;
}

const write = (generation: Generation) => writeGeneration(generation, { edits: true, env: true });

describe('a write that was interrupted', () => {
  it.each(Object.keys(readers))('is only seen as finished by %s, which says so and changes nothing', async (name) => {
    rmSync(join(copy.root, 'dockwright.json'), { force: true });
    interrupt(copy.root, 'dockwright.json', '{"port":4567}\n');
    const before = contentsOf(copy.root);
    expect(await warningsOf(readers[name] ?? inspectProject)).toEqual([
      'An earlier write to this folder was interrupted. The files are read as if it had been finished; run `dockwright` to do that on disk.',
    ]);
    expect(contentsOf(copy.root)).toEqual(before);
    const { repository: found, warnings } = await inspectProject({ cwd: copy.root });
    expect(JSON.stringify(found.apps[0]?.port)).toContain('4567');
    expect(warnings.join()).toContain('interrupted');
  });

  it('is finished by the next flow that writes, before its own files, which are those that were previewed', async () => {
    rmSync(join(copy.root, 'dockwright.json'), { force: true });
    interrupt(copy.root, 'dockwright.json', '{"port":4567}\n');
    const generation = await generate({ cwd: copy.root });
    await write(generation);
    expect(readFileSync(join(copy.root, 'dockwright.json'), 'utf8')).toBe('{"port":4567}\n');
    expect(readFileSync(join(copy.root, 'Dockerfile'), 'utf8')).toContain('4567');
    expect(Object.keys(contentsOf(copy.root)).filter((path) => /writing-|\.new$|\.old$/.test(path))).toEqual([]);
    expect(await warningsOf(inspectProject)).toEqual([]);
    expect(isPending(await generate({ cwd: copy.root }))).toBe(false);
  });

  it('is something to write by itself', async () => {
    await write(await generate({ cwd: copy.root }));
    interrupt(copy.root, 'notes.txt', 'note\n');
    const generation = await generate({ cwd: copy.root });
    expect(isPending(generation)).toBe(true);
    expect(await write(generation)).toEqual([]);
    expect(readFileSync(join(copy.root, 'notes.txt'), 'utf8')).toBe('note\n');
    expect(isPending(await generate({ cwd: copy.root }))).toBe(false);
  });

  it('of the state is read whole', async () => {
    await write(await generate({ cwd: copy.root }));
    const acts = async () => (await generate({ cwd: copy.root })).changes.map(({ path, act, why }) => [path, act, why]);
    const before = await acts();
    const state = readFileSync(join(copy.root, '.dockwright/state.json'), 'utf8');
    rmSync(join(copy.root, '.dockwright/state.json'));
    interrupt(copy.root, '.dockwright/state.json', state);
    expect(await acts()).toEqual(before);
    expect((await generate({ cwd: copy.root })).context.last.has('Dockerfile')).toBe(true);
  });

  it('is treated so in the folder of --output', async () => {
    interrupt(output, 'Dockerfile', 'FROM mine\n');
    const before = contentsOf(output);
    const generation = await generate({ cwd: copy.root, output });
    expect(contentsOf(output)).toEqual(before);
    expect(generation.context.warnings.join()).toContain('interrupted');
    expect(generation.changes.find((change) => change.path === 'Dockerfile')?.before).toBe('FROM mine\n');
    await write(generation);
    expect(readFileSync(join(output, 'Dockerfile'), 'utf8')).toBe('FROM mine\n');
    expect(Object.keys(contentsOf(output))).not.toContain(marker);
  });
});

describe('a lock and a journal that the repository brings', () => {
  const head = 'ref: refs/heads/master\n';
  const entry = (path: string, text: string | undefined, number: number, base: string | null = null) => ({
    path,
    temporary: join(path, `../.dockwright-00000000000${number}.new`),
    backup: base === null ? null : '.dockwright-000000000002.old',
    sha256: text === undefined ? '0'.repeat(64) : sha256(text),
    base,
    mode: 420,
  });
  const journal = {
    version: 1,
    state: 'ready',
    folders: [],
    files: [entry('.git/HEAD', head, 0), entry('server.js', undefined, 1, '1'.repeat(64))],
  };
  const lock = (holder: object) => JSON.stringify({ pid: 1, started: '', host: 'another', token: 'x', ...holder });
  const names = ['.dockwright/journal.json', '.dockwright/lock', marker];

  beforeEach(() => {
    put(copy.root, '.git/HEAD', head);
    put(copy.root, '.dockwright-000000000001.new', 'x');
    put(copy.root, '.dockwright/journal.json', JSON.stringify(journal));
    put(copy.root, '.dockwright/lock', lock({}));
    put(copy.root, marker, '');
    // a name that would be a command, once it is pasted
    put(copy.root, '.dockwright/lock.; id', '');
  });

  it.each(Object.keys(readers))('are named, and stop nothing: %s', async (name) => {
    const before = contentsOf(copy.root);
    const warnings = await warningsOf(readers[name] ?? inspectProject);
    expect(warnings.map((text) => text.split(' ')[0])).toEqual(names);
    for (const text of warnings) expect(text).toMatch(/not written by your Dockwright .* `git rm \.dockwright\//);
    expect(contentsOf(copy.root)).toEqual(before);
  });

  it('do not stop a flow that writes, and are left as they are', async () => {
    const text = (path: string) => readFileSync(join(copy.root, path), 'utf8');
    const before = [...names, '.git/HEAD', '.dockwright-000000000001.new'].map((path) => [path, text(path)]);
    expect(await write(await generate({ cwd: copy.root }))).toContain('Dockerfile');
    expect(before.map(([path = '']) => [path, text(path)])).toEqual(before);
    expect(isPending(await generate({ cwd: copy.root }))).toBe(false);
  });
});

describe('a folder of state', () => {
  const home = process.env['XDG_STATE_HOME'];
  afterEach(() => {
    process.env['XDG_STATE_HOME'] = home;
  });

  it.each([
    ['inside the project', '.state', 'is inside the project'],
    ['where a file is', '../FILE/state', 'is not a folder'],
    ['that is a link', '../LINK', 'is not writable by this user alone'],
    ['that others may write', '../OPEN', 'is not writable by this user alone'],
  ])('%s is not used: files are written without a record, and that is said', async (_, name, why) => {
    const scratch = mkdtempSync(join(tmpdir(), 'dockwright-home-'));
    try {
      put(scratch, 'FILE', '');
      mkdirSync(join(scratch, 'LINK'));
      symlinkSync(output, join(scratch, 'LINK/dockwright'));
      mkdirSync(join(scratch, 'OPEN/dockwright'), { recursive: true });
      chmodSync(join(scratch, 'OPEN/dockwright'), 0o777);
      process.env['XDG_STATE_HOME'] = join(name.startsWith('..') ? join(scratch, 'x') : copy.root, name);
      const generation = await generate({ cwd: copy.root });
      const note = generation.context.warnings.find((warning) => warning.includes('cannot keep a record'));
      expect(note).toContain(why);
      await write(generation);
      expect(isPending(await generate({ cwd: copy.root }))).toBe(false);
      expect((await inspectProject({ cwd: copy.root })).warnings.join()).not.toContain('record');
      expect(Object.keys(contentsOf(copy.root)).filter((path) => /\.state|writing-/.test(path))).toEqual([]);
      expect(contentsOf(output)).toEqual({});
    } finally {
      process.env['XDG_STATE_HOME'] = home;
      rmSync(scratch, { recursive: true });
    }
  });
});
