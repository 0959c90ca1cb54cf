import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRevision } from '../../../src/flows/revision.ts';
import { check, inspectProject, UserError, writeGeneration } from '../../../src/index.ts';
import {
  contents,
  emptyFolder,
  patience,
  preview,
  project,
  put,
  refused,
  sound,
  specification,
  textOf,
  without,
} from '../../unit/hostile/support.ts';

const all = { edits: true, env: true };

/** The error of an act that has to end with one that a user can mend. */
async function errorOf(act: () => Promise<unknown>): Promise<UserError> {
  const thrown = await act().then(
    () => new Error('it was not refused'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof UserError)) throw thrown;
  expect(thrown.next.length).toBeGreaterThan(0);
  return thrown;
}

describe('a folder', () => {
  it('that is not there, is a file, or a link in circles, is refused by its name', async () => {
    const root = emptyFolder();
    put(root, 'file', '');
    symlinkSync('circle', join(root, 'circle'));
    for (const [name, what] of [
      ['nowhere', 'does not exist'],
      ['file', 'is a file, not a folder'],
      ['circle', 'is a circular link'],
    ] as const) {
      const error = await errorOf(() => inspectProject({ cwd: join(root, name) }));
      expect(error).toMatchObject({ code: 'no-folder' });
      expect(error.message).toContain(`${name}" ${what}`);
    }
  });

  it('with nothing in it is refused, with what was looked for', async () => {
    const error = await refused(emptyFolder());
    expect(error.message).toMatch(/nothing here|no runtime|package\.json/);
  });

  it('that is not writable is read and previewed; writing is refused, and nothing is half done', async () => {
    const root = project();
    const generation = await preview(root);
    await without(['write'], root, async () => {
      const before = contents(root);
      const error = await errorOf(() => writeGeneration(generation, all));
      expect(error).toMatchObject({ code: 'cannot-write', exit: 4 });
      expect(error.message).toContain('no permission to write to the folder');
      expect(contents(root)).toEqual(before);
    });
  });

  it('that cannot be read is refused', async () => {
    const root = project();
    const error = await without(['read'], root, () => errorOf(() => inspectProject({ cwd: root })));
    expect(error.message).toContain('cannot be read: permission denied');
  });

  const names = [
    'with space',
    "it's",
    '"quoted"',
    'two\nlines',
    '-rf',
    '--yes',
    '$HOME',
    '$(touch x)',
    '日本',
    'a:b',
    'a,b=c',
    '%',
    '#',
    '\\',
    'ends.',
  ];
  for (const name of names)
    it(`may be called ${JSON.stringify(name)}, and so may a file in it that starts the app`, async () => {
      const root = join(emptyFolder(), name);
      const { name: _name, ...manifest } = JSON.parse(sound['package.json'] ?? '');
      const entry = `${name.startsWith('-') ? './' : ''}${name}.js`;
      const files = {
        'src/index.js': undefined,
        [entry]: sound['src/index.js'],
        'package.json': JSON.stringify({ ...manifest, scripts: {}, main: entry }),
        'dockwright.json': JSON.stringify({ entry, start: ['node', entry] }),
      };
      renameSync(project(files), root);
      if (name.includes('\n')) {
        // an instruction ends with its line: no Dockerfile can copy or start such a file
        expect((await refused(root)).message).toContain('A Dockerfile cannot contain a line break here');
        return;
      }
      const generation = await preview(root);
      expect(generation.context.facts.name.value).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      const last = textOf(generation, 'Dockerfile')
        .split('\n')
        .filter((line) => line.startsWith('CMD '))
        .at(-1);
      expect(JSON.parse((last ?? '').slice(4)).slice(0, 2)).toEqual(['node', entry]);
      await writeGeneration(generation, all);
      expect(readdirSync(root)).toContain('Dockerfile');
      expect((await preview(root)).changes.map((change) => change.act)).not.toContain('update');
    });

  it.runIf(process.platform === 'linux')('may hold names that are no text', async () => {
    const root = project();
    const odd = Buffer.concat([
      Buffer.from(`${join(root, 'src')}/`),
      Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x6a, 0x73]),
    ]);
    writeFileSync(odd, 'theirs');
    const folder = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xc3, 0x28])]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from('/package.json')]), '{');
    await writeGeneration(await preview(root), all);
    expect(readFileSync(odd, 'utf8')).toBe('theirs');
  });

  it('may hold a hundred folders in each other', async () => {
    const root = project();
    mkdirSync(join(root, 'deep/'.repeat(100)), { recursive: true });
    expect((await preview(root)).artifacts.length).toBeGreaterThan(4);
  });

  it('may hold thirty thousand files, and is read in time, the same each time', async () => {
    const root = project();
    for (let folder = 0; folder < 100; folder += 1) {
      mkdirSync(join(root, `data/${folder}`), { recursive: true });
      for (let file = 0; file < 300; file += 1) writeFileSync(join(root, `data/${folder}/${file}.ts`), '');
    }
    const started = performance.now();
    const first = await inspectProject({ cwd: root });
    expect(performance.now() - started).toBeLessThan(patience);
    expect(await inspectProject({ cwd: root })).toEqual(first);
    expect(first.repository.apps[0]?.archetype).toMatchObject({ value: 'web-service' });
  });
});

describe('a link', () => {
  it('in circles or out of the folder is not followed', async () => {
    const root = project();
    const outside = emptyFolder('outside');
    put(outside, 'package.json', '{ "name": "theirs", "scripts": { "start": "node x" } }');
    put(outside, 'secret.js', 'process.env.THEIR_SECRET');
    symlinkSync('.', join(root, 'me'));
    symlinkSync('../src', join(root, 'src/again'));
    symlinkSync(outside, join(root, 'out'));
    symlinkSync(join(outside, 'secret.js'), join(root, 'src/secret.js'));
    put(root, 'src/index.js', `import './secret.js';\nimport '../out/secret.js';\n${sound['src/index.js']}`);
    const { context } = await preview(root);
    expect(context.repository.apps.map((app) => app.name.value)).toEqual(['tea-shop']);
    expect(JSON.stringify(context.facts)).not.toContain('THEIR_SECRET');
  });

  it('where a file has to be written is refused, and what it names is untouched', async () => {
    const outside = emptyFolder('outside');
    put(outside, 'Dockerfile', 'FROM theirs\n');
    for (const file of [
      'Dockerfile',
      'docker-compose.yml',
      '.dockerignore',
      '.env.example',
      '.dockwright/state.json',
    ]) {
      const root = project();
      mkdirSync(dirname(join(root, file)), { recursive: true });
      symlinkSync(join(outside, 'Dockerfile'), join(root, file));
      expect(await refused(root), file).toMatchObject({ code: 'path-is-link', where: { file } });
    }
    const root = project();
    symlinkSync(outside, join(root, '.dockwright'));
    await errorOf(async () => writeGeneration(await preview(root), all));
    expect(contents(outside)).toEqual({ Dockerfile: expect.any(String) });
    expect(readFileSync(join(outside, 'Dockerfile'), 'utf8')).toBe('FROM theirs\n');
  });

  it('in place of .env is the way of its owner, and stays', async () => {
    const outside = emptyFolder('outside');
    put(outside, 'env', 'POSTGRES_PASSWORD=theirs\n');
    const root = project({
      'specs/assertions.json': specification([
        { id: 'a', natural: 'Orders are kept in a PostgreSQL database', status: 'confirmed' },
      ]),
    });
    symlinkSync(join(outside, 'env'), join(root, '.env'));
    const generation = await preview(root);
    expect(generation.env).toBeUndefined();
    await writeGeneration(generation, all);
    expect(readFileSync(join(outside, 'env'), 'utf8')).toBe('POSTGRES_PASSWORD=theirs\n');
  });

  it('or a folder in place of .gitignore or .env is no reason to stop', async () => {
    const database = specification([
      { id: 'a', natural: 'Orders are kept in a PostgreSQL database', status: 'confirmed' },
    ]);
    const linked = project({ 'specs/assertions.json': database });
    symlinkSync('/etc/passwd', join(linked, '.gitignore'));
    expect((await preview(linked)).env?.gitignore).toEqual([]);
    const made = project({ 'specs/assertions.json': database });
    mkdirSync(join(made, '.env'));
    expect((await preview(made)).env).toBeUndefined();
  });
});

describe('files that were there', () => {
  const theirs = {
    Dockerfile: 'FROM scratch\nCOPY "unclosed\n',
    'docker-compose.yml': 'services:\n  app: &a\n    image: mine # my remark\n',
    '.dockerignore': '*\n!src\n',
    '.env.example': 'MINE=1\n',
    '.env': 'MINE=1\n',
    'src/health.js': 'export const mine = 1;\n',
  };

  it('stay as they are, byte for byte', async () => {
    const root = project(theirs);
    await writeGeneration(await preview(root), all);
    await writeGeneration(await preview(root), all);
    for (const [file, content] of Object.entries(theirs))
      expect(readFileSync(join(root, file), 'utf8'), file).toBe(content);
  });

  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    .concat([...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`)}]`))
    .join('\n');
  const compose: Readonly<Record<string, string>> = {
    'a bomb of aliases': `${bomb}\n`,
    'an alias inside itself': 'services: &s\n  app: *s\n',
    'a hundred thousand brackets': '['.repeat(100_000),
    'a hundred thousand steps to the right': Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join(
      '\n',
    ),
    'no YAML': 'services: [\n',
    'two documents': 'services: {}\n---\nservices: {}\n',
    'no mapping': '- a\n',
    nothing: '',
    bytes: '\0\u0001\u0002',
  };
  for (const [name, content] of Object.entries(compose))
    it(`stay where the compose file is ${name}`, async () => {
      for (const file of ['docker-compose.yml', 'compose.yaml']) {
        const root = project({ [file]: content });
        const done = await preview(root)
          .then((generation) => writeGeneration(generation, all))
          .catch((error: unknown) => error);
        if (done instanceof Error && !(done instanceof UserError)) throw done;
        expect(readFileSync(join(root, file), 'utf8')).toBe(content);
      }
    });

  for (const [name, content] of Object.entries(compose))
    it(`keep every line where the compose file became ${name} after the first run`, async () => {
      for (const file of ['docker-compose.yml', 'Dockerfile', '.env.example', 'src/health.js']) {
        const root = project();
        await writeGeneration(await preview(root), all);
        put(root, file, content);
        // something new for every file
        put(root, 'dockwright.json', '{ "port": 4321, "name": "coffee-shop" }');
        const done = await preview(root)
          .then((generation) => writeGeneration(generation, all))
          .catch((error: unknown) => error);
        if (done instanceof Error && !(done instanceof UserError)) throw done;
        const now = readFileSync(join(root, file), 'utf8').split('\n');
        for (const line of content.split('\n'))
          expect(now, `${file}: ${JSON.stringify(line.slice(0, 60))}`).toContain(line);
      }
    });

  it('stay where there is a folder of that name', async () => {
    const root = project();
    mkdirSync(join(root, 'Dockerfile'));
    expect(await refused(root)).toMatchObject({ code: 'not-a-file', where: { file: 'Dockerfile' } });
  });
});

describe('--output', () => {
  it('that names a file is refused, and one that is not there yet is not made by looking', async () => {
    const root = project({ taken: 'x' });
    expect(await refused(root, { output: join(root, 'taken') })).toMatchObject({ code: 'not-a-folder' });
    const error = await errorOf(async () =>
      writeGeneration(await preview(root, { output: join(root, 'taken/below') }), all),
    );
    expect(error.next.join()).toContain('--output DIR');
    const later = join(root, 'later');
    const generation = await preview(root, { output: later });
    await writeGeneration(generation, all);
    expect(readdirSync(later)).toContain('Dockerfile');
  });
});

describe('version control', () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@b.invalid', '-c', 'protocol.file.allow=always', ...args],
      {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        encoding: 'utf8',
      },
    );
  const committed = (): string => {
    const root = project();
    git(root, 'init', '-q', '-b', 'main');
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'one');
    git(root, 'commit', '-qm', 'two', '--allow-empty');
    return root;
  };
  const kinds: Readonly<Record<string, () => string>> = {
    'there is none': () => project(),
    'its folder is empty': () => project({ '.git/x': '' }),
    'nothing was committed': () => {
      const root = project();
      git(root, 'init', '-q');
      return root;
    },
    'it is a shallow clone': () => {
      const clone = join(emptyFolder(), 'shallow');
      git('/', 'clone', '-q', '--depth', '1', `file://${committed()}`, clone);
      return clone;
    },
    'it is a work tree': () => {
      const tree = join(emptyFolder(), 'tree');
      git(committed(), 'worktree', 'add', '-q', tree);
      return tree;
    },
    'it is a work tree whose repository is gone': () => project({ '.git': 'gitdir: /nowhere/.git/worktrees/x\n' }),
    'it is a submodule': () => {
      const outer = emptyFolder();
      git(outer, 'init', '-q');
      git(outer, 'submodule', 'add', '-q', `file://${committed()}`, 'inner');
      return join(outer, 'inner');
    },
  };
  for (const [name, make] of Object.entries(kinds))
    it(`changes nothing where ${name}`, async () => {
      const plain = await preview(project());
      const root = make();
      const generation = await preview(root);
      const texts = (one: typeof plain) => one.artifacts.map(({ path, content }) => [path, content]);
      expect(texts(generation)).toEqual(texts(plain));
      await writeGeneration(generation, all);
      expect((await check({ cwd: root })).items.find((item) => item.id === 'artifacts')).toMatchObject({ ok: true });
      const found = await readRevision(root);
      const known = /shallow|work tree$|submodule/.test(name);
      expect(found === undefined ? undefined : found.state, 'the commit of the image').toBe(
        known ? 'dirty' : undefined,
      );
    });
});
