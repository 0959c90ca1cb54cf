import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preview, project, put, putHuge, refused, sound, specification, textOf, without } from './support.ts';

const spec = specification([{ id: 'orders', natural: 'An order has at least one item', status: 'confirmed' }]);
const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);

/** Files that decide what is generated: where they are there and cannot be read, going on would be a guess. */
const inputs: Readonly<Record<string, { readonly text: string; readonly wrong: readonly string[] }>> = {
  'package.json': {
    text: sound['package.json'] ?? '',
    wrong: [
      'null',
      '[]',
      '7',
      '"tea-shop"',
      '{"name":7}',
      '{"scripts":[]}',
      '{"scripts":"start"}',
      '{"dependencies":["express"]}',
      '{"dependencies":{"express":4}}',
    ],
  },
  'package-lock.json': { text: sound['package-lock.json'] ?? '', wrong: ['null', '[]', '7', 'yes: no'] },
  'dockwright.json': {
    text: '{\n  "port": 4000,\n  "health": { "live": "/live" }\n}\n',
    wrong: ['null', '[]', '7', '{"port":"3000"}', '{"services":[]}', '{"start":"node x"}'],
  },
  'specs/assertions.json': {
    text: spec,
    wrong: ['null', '[]', '{"assertions":7}', '{"assertions":[7]}', '{"assertions":[{"id":""}]}', '{"assertions":{}}'],
  },
};

describe('a file that decides', () => {
  for (const [file, { text, wrong }] of Object.entries(inputs)) {
    describe(file, () => {
      it('is fine as it should be', async () => {
        expect((await preview(project({ [file]: text }))).artifacts.length).toBeGreaterThan(4);
      });

      it('may be missing', async () => {
        const generation = await preview(project({ [file]: undefined }));
        expect(generation.artifacts.map((one) => one.path)).toContain('Dockerfile');
      });

      it('is refused with its name where it is empty, blank, or bytes that are no text', async () => {
        for (const content of ['', ' \n', '\0\0', new Uint8Array([0xff, 0xfe, 0x00, 0xc3, 0x28])]) {
          const error = await refused(project({ [file]: content }));
          expect(`${error.message} ${error.where?.file}`, JSON.stringify(content)).toContain(file);
        }
      });

      it('is refused where it ends too early, with the line', async () => {
        for (const part of [0.3, 0.6, 0.9]) {
          const error = await refused(project({ [file]: text.slice(0, Math.floor(text.length * part)) }));
          expect(error.where?.file).toBe(file);
          if (file !== 'package-lock.json') expect(error.where?.line).toBeGreaterThan(0);
        }
      });

      it('is refused where it is nested a hundred thousand levels deep', async () => {
        for (const content of [deep, '['.repeat(100_000)])
          expect((await refused(project({ [file]: content }))).where?.file).toBe(file);
      });

      it('is refused, and not read, where it has 100 MB', async () => {
        const root = project({ [file]: undefined });
        putHuge(root, file);
        expect(await refused(root)).toMatchObject({
          code: 'file-unreadable',
          message: `${file} is larger than 32 MB`,
          where: { file },
        });
      });

      for (const content of wrong)
        it(`is refused where it says ${content}`, async () => {
          const error = await refused(project({ [file]: content }));
          expect(error.where?.file).toBe(file);
          expect(error.message).not.toContain('undefined');
        });

      it('is refused where it is a folder, or a link to nothing, out, or in circles', async () => {
        const rows: readonly [string, (path: string) => void][] = [
          ['is a folder where a file should be', (path) => mkdirSync(path)],
          ['is a broken link', (path) => symlinkSync('nowhere', path)],
          ['is a link that points outside the folder', (path) => symlinkSync('/etc/passwd', path)],
          ['is a circular link', (path) => symlinkSync(path, path)],
        ];
        for (const [what, make] of rows) {
          const root = project({ [file]: undefined });
          mkdirSync(dirname(join(root, file)), { recursive: true });
          make(join(root, file));
          expect(await refused(root)).toMatchObject({ message: `${file} ${what}`, where: { file } });
        }
      });

      it('may be a link to another file of the folder', async () => {
        const root = project({ [file]: undefined, [`${file}.real`]: text });
        symlinkSync(join(root, `${file}.real`), join(root, file));
        expect((await preview(root)).artifacts.length).toBeGreaterThan(4);
      });

      it('is refused where it cannot be read', async () => {
        const root = project({ [file]: text });
        expect(await without(['read'], join(root, file), () => refused(root))).toMatchObject({
          message: `${file} cannot be read: permission denied`,
          where: { file },
        });
      });
    });
  }
});

describe('package.json', () => {
  it('is named where a part of it is of the wrong kind', async () => {
    const content = '{\n  "name": "a",\n  "dependencies": {\n    "express": 4\n  }\n}\n';
    expect(await refused(project({ 'package.json': content }))).toMatchObject({
      message: 'package.json is not a valid package.json: "dependencies.express" must be a string',
      where: { file: 'package.json', line: 4, text: '    "express": 4' },
    });
  });

  it('gives no label a second line', async () => {
    const manifest = {
      ...JSON.parse(sound['package.json'] ?? ''),
      name: 'tea\nshop',
      version: '1\nUSER root',
      description: 'of\r\ntea',
    };
    const generation = await preview(project({ 'package.json': JSON.stringify(manifest) }));
    expect(generation.context.facts).toMatchObject({ name: { value: 'tea-shop' }, title: { value: 'tea shop' } });
    expect(textOf(generation, 'Dockerfile')).not.toMatch(/^USER root/m);
  });
});

describe('tsconfig.json', () => {
  const rows: Readonly<Record<string, [content: string, warning: string | undefined]>> = {
    empty: ['', 'tsconfig.json:1 tsconfig.json is not valid JSON'],
    'cut off': ['{\n  "compilerOptions": {\n    "outDir": "di', 'tsconfig.json:3 tsconfig.json is not valid JSON'],
    'deeply nested': [deep, 'is nested more than 500 levels deep'],
    'of the wrong kind': ['[]', undefined],
    'of wrong parts': ['{"compilerOptions":7,"extends":[7,"./nowhere.json"],"include":"x"}', undefined],
    'its own base': ['{"extends":"./tsconfig.json"}', undefined],
  };
  for (const [name, [content, warning]] of Object.entries(rows))
    it(`that is ${name} is no reason to stop${warning ? ', and is said' : ''}`, async () => {
      const { context, artifacts } = await preview(project({ 'tsconfig.json': content }));
      expect(artifacts.map((one) => one.path)).toContain('Dockerfile');
      expect(context.warnings.join('\n')).toContain(warning ?? '');
    });

  it('of 100 MB, or a link to nothing, is said', async () => {
    const huge = project();
    putHuge(huge, 'tsconfig.json');
    const linked = project();
    symlinkSync('nowhere', join(linked, 'tsconfig.json'));
    expect((await preview(huge)).context.warnings.join()).toContain('tsconfig.json is larger than 32 MB');
    expect((await preview(linked)).context.warnings.join()).toContain('tsconfig.json is a broken link');
  });
});

describe('a source', () => {
  const broken: Readonly<Record<string, string>> = {
    'is nested a hundred thousand levels deep': '['.repeat(100_000),
    'does not parse': 'import express from',
  };
  for (const [name, content] of Object.entries(broken))
    it(`that ${name} is named where nothing can be told without it`, async () => {
      const error = await refused(
        project({ 'src/index.js': content, 'package.json': '{"scripts":{"start":"node src/index.js"}}' }),
      );
      expect(error).toMatchObject({ code: 'archetype-missing', where: { file: 'src/index.js' } });
      expect(error.next[0]).toContain('src/index.js');
    });

  const flask = 'from flask import Flask\napp = Flask(__name__)\n';
  const go = 'package main\n\nfunc main() {}\n';
  const unread: readonly [string, string, string, string][] = [
    ['Python that is nested deeply', 'app.py', `${flask}x = ${'['.repeat(5_000)}`, 'nested too deeply'],
    ['Python that is long', 'app.py', `${flask}# ${'x'.repeat(600_000)}`, 'longer than 512 kB'],
    ['Go that is nested deeply', 'main.go', `${go}var x = ${'('.repeat(5_000)}`, 'nested too deeply'],
    ['Go that is long', 'main.go', `${go}// ${'x'.repeat(600_000)}`, 'longer than 500 kB'],
  ];
  it.each(unread)('of %s is named where nothing can be told without it', async (_, file, content, why) => {
    const manifest =
      file === 'app.py' ? { 'requirements.txt': 'flask==3.1.0\n' } : { 'go.mod': 'module example.com/a\n' };
    const none = Object.fromEntries(Object.keys(sound).map((path) => [path, undefined]));
    const error = await refused(project({ ...none, ...manifest, [file]: content }));
    expect(error).toMatchObject({ code: 'archetype-missing', where: { file, line: 1 } });
    expect(error.next[0]).toBe(`Fix what could not be read: ${file} does not parse: it is ${why}`);
  });

  it('of data that is long does not hide the application beside it', async () => {
    const none = Object.fromEntries(Object.keys(sound).map((path) => [path, undefined]));
    const files = { 'requirements.txt': 'flask==3.1.0\n', 'app.py': flask, 'data.py': `# ${'x'.repeat(600_000)}` };
    const { context } = await preview(project({ ...none, ...files }));
    expect(context.facts.notes.map(({ code }) => code)).not.toContain('source-not-read');
  });

  it('of 100 MB is no source', async () => {
    const root = project();
    putHuge(root, 'src/data.js');
    expect((await preview(root)).artifacts.length).toBeGreaterThan(4);
  });
});

describe('What was generated last', () => {
  const state = '.dockwright/state.json';
  const entry = (path: string) => JSON.stringify({ version: 1, files: { [path]: { sha256: 'x', kind: 'generated' } } });
  const rows: Readonly<Record<string, string>> = {
    empty: '',
    'cut off': '{"version":1,"files":{"Dock',
    'deeply nested': deep,
    'of another form': '{"version":1,"files":[]}',
    'of a file outside': entry('../../etc/passwd'),
    'of a file named __proto__': '{"version":1,"files":{"__proto__":{"sha256":"x","kind":"generated"}}}',
    'without its texts': entry('Dockerfile'),
  };
  for (const [name, content] of Object.entries(rows))
    it(`is said to be broken where it is ${name}, or has no effect`, async () => {
      const root = project({ [state]: content });
      if (name.includes('__proto__')) {
        await preview(root);
        expect(({} as { sha256?: unknown }).sha256).toBeUndefined();
        return;
      }
      const error = await refused(root);
      expect(error).toMatchObject({ code: 'state-broken', where: { file: state } });
      expect(error.next.join()).toContain('git checkout -- .dockwright');
    });

  it('is left to the newer Dockwright that made it', async () => {
    const error = await refused(project({ [state]: '{"version":9,"more":1}' }));
    expect(error).toMatchObject({ code: 'state-newer', where: { file: state } });
    expect(error.next.join()).toContain('Update Dockwright');
  });

  it('is refused, and not read, where it has 100 MB', async () => {
    const root = project();
    putHuge(root, state);
    expect((await refused(root)).message).toContain(`${state} is larger than`);
    expect(existsSync(join(root, 'Dockerfile'))).toBe(false);
  });

  it('is refused where a record of proofs is broken', async () => {
    for (const content of ['', '[]', '{"version":2,"runs":[]}', deep]) {
      const root = project({ 'specs/assertions.json': spec });
      put(root, '.dockwright/evidence.json', content);
      expect(await refused(root)).toMatchObject({
        code: 'evidence-broken',
        where: { file: '.dockwright/evidence.json' },
      });
    }
  });
});
