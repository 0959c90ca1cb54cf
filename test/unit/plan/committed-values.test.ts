import { describe, expect, it } from 'vitest';
import { artifact as dockerfile } from '../../../src/artifacts/dockerfile.ts';
import { artifact as ignore } from '../../../src/artifacts/dockerignore.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { committed } from '../../../src/project/committed.ts';
import { memoryProject } from '../../../src/project/memory.ts';

type Files = Readonly<Record<string, string>>;

async function read(files: Files) {
  const { apps } = await inspect(committed(memoryProject(files)), { config: {} });
  const [facts] = apps;
  if (!facts) throw new Error('an application was expected');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const lines = [...dockerfile.print(plan, Object.keys(files)), ...ignore.print(plan, Object.keys(files))];
  return { facts, lines: lines.flatMap(({ content }) => content.split('\n')) };
}

const site = (dependency: string, build: string, more: Files): Files => ({
  'package.json': JSON.stringify({ name: 'board', scripts: { build }, devDependencies: { [dependency]: '^5.0.0' } }),
  'index.html': '<script type="module" src="/src/main.js"></script>',
  'public/index.html': '<p>board</p>',
  ...more,
});

describe('a committed file of variables that a build reads', () => {
  it.each([
    [
      'of the mode',
      site('vite', 'vite build', {
        'src/main.js': 'fetch(import.meta.env.VITE_API)',
        '.env.production': 'VITE_API=https://a.example\n',
      }),
      'VITE_API',
      '.env.production',
    ],
    [
      'of every mode',
      site('react-scripts', 'react-scripts build', {
        'src/index.js': 'fetch(process.env.REACT_APP_API)',
        '.env': 'REACT_APP_API=https://a.example\n',
      }),
      'REACT_APP_API',
      '.env',
    ],
    [
      'of a full-stack framework',
      {
        'package.json': JSON.stringify({
          name: 'board',
          scripts: { build: 'next build', start: 'next start' },
          dependencies: { next: '^15.0.0', react: '^19.0.0' },
        }),
        'app/page.js': 'export default () => process.env.NEXT_PUBLIC_API;',
        '.env.production': '# the API\nNEXT_PUBLIC_API="https://a.example"\n',
      },
      'NEXT_PUBLIC_API',
      '.env.production',
    ],
  ])('belongs to the build, and nobody has to set its values: %s', async (_, files, name, file) => {
    const { facts, lines } = await read(files);
    const variable = facts.variables.find((one) => one.name === name);
    expect([variable?.required, variable?.default]).toEqual([false, undefined]);
    expect(variable?.from.at(-1)?.file).toBe(file);
    expect(lines).toContain(`!${file}`);
    expect(lines).toContain(`ARG ${name}`);
  });

  it('stays out where it holds a secret, and its values are the defaults', async () => {
    const { facts, lines } = await read(
      site('vite', 'vite build', {
        'src/main.js': 'fetch(import.meta.env.VITE_API)',
        '.env.production': 'VITE_API=https://a.example\nDB_PASSWORD=x\n',
      }),
    );
    expect(facts.variables.find(({ name }) => name === 'VITE_API')?.default).toBe('https://a.example');
    expect(lines).not.toContain('!.env.production');
  });

  it('is none where git leaves it out', async () => {
    const { facts, lines } = await read(
      site('vite', 'vite build', {
        'src/main.js': 'fetch(import.meta.env.VITE_API)',
        '.env.production': 'VITE_API=https://a.example\n',
        '.gitignore': '.env*\n',
      }),
    );
    expect(facts.modeFiles).toBeUndefined();
    expect(lines).not.toContain('!.env.production');
  });
});

const server =
  "import { createServer } from 'node:http';\nconst { PORT, REGION } = process.env;\ncreateServer((q, r) => r.end(REGION)).listen(Number(PORT));\n";
const started = (start: string, more: Files): Files => ({
  'package.json': JSON.stringify({
    name: 'geo',
    type: 'module',
    scripts: { start },
    engines: start.startsWith('bun') ? { bun: '^1.4' } : { node: '24' },
  }),
  'server.js': server,
  ...more,
});

describe('a committed file of variables that the start command names', () => {
  it.each([
    [
      'with an equals sign',
      'node --env-file=config/defaults.env server.js',
      'config/defaults.env',
      '["node", "--env-file=config/defaults.env", "server.js"]',
    ],
    [
      'with a space',
      'node --env-file .env.production server.js',
      '.env.production',
      '["node", "--env-file", ".env.production", "server.js"]',
    ],
    [
      'where it may be absent',
      'node --env-file-if-exists=prod.env server.js',
      'prod.env',
      '["node", "--env-file-if-exists=prod.env", "server.js"]',
    ],
    [
      'of another runtime',
      'bun --env-file=prod.env server.js',
      'prod.env',
      '["bun", "--env-file=prod.env", "server.js"]',
    ],
  ])('is read in the image, and says the port: %s', async (_, start, file, command) => {
    const { facts, lines } = await read(started(start, { [file]: 'REGION=eu\nPORT=5100\n' }));
    expect('value' in (facts.port ?? {}) && facts.port).toMatchObject({ value: { number: 5100, variable: 'PORT' } });
    expect(facts.variables.find(({ name }) => name === 'REGION')).toMatchObject({ required: false });
    expect(lines).toContain(`CMD ${command}`);
  });

  it.each([
    ['it is not there', {}],
    ['git leaves it out', { 'prod.env': 'REGION=eu\n', '.gitignore': '*.env\n' }],
    ['it holds a secret', { 'prod.env': 'REGION=eu\nAPI_TOKEN=x\n' }],
  ])('is left out where %s', async (_, more) => {
    const { lines } = await read(started('node --env-file=prod.env server.js', more));
    expect(lines).toContain('CMD ["node", "server.js"]');
  });
});

describe('what the compiler keeps of an earlier build', () => {
  const compiled = (config: object, build = 'tsc'): Files => ({
    'package.json': JSON.stringify({
      name: 'menu',
      type: 'module',
      scripts: { build, start: 'node dist/server.js' },
      devDependencies: { typescript: '^5.9.0' },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: 'src', ...config } }),
    'src/server.ts': "import { createServer } from 'node:http';\ncreateServer((q, r) => r.end('menu')).listen(3000);\n",
  });
  it.each([
    ['incremental', compiled({ incremental: true })],
    ['composite', compiled({ composite: true })],
    ['a build of projects', compiled({}, 'tsc -b')],
  ])('is no part of the build: %s', async (_, files) => {
    expect((await read(files)).lines).toContain('**/*.tsbuildinfo');
  });
  it('is not named where it keeps nothing', async () => {
    expect((await read(compiled({}))).lines).not.toContain('**/*.tsbuildinfo');
  });
});

describe('the home folder of the user', () => {
  const home = (source: string) =>
    read({
      'package.json': JSON.stringify({ name: 'tiles', type: 'module', scripts: { start: 'node server.js' } }),
      'server.js': `${source}\nimport { createServer } from 'node:http';\ncreateServer((q, r) => r.end('x')).listen(3000);\n`,
    });
  it.each([
    [
      "import { homedir } from 'node:os';\nimport { join } from 'node:path';\nimport fs from 'node:fs';\nfs.mkdirSync(join(homedir(), '.cache', 'tiles'), { recursive: true });",
    ],
    ["import os from 'os';\nimport fs from 'node:fs';\nfs.writeFileSync(os.homedir() + '/.cache/tiles', '');"],
    ["import fs from 'node:fs';\nfs.writeFileSync(`${process.env.HOME}/.cache/tiles`, '');"],
  ])('is one that the container may write to: %#', async (source) => {
    const { facts, lines } = await home(source);
    expect(lines.some((line) => /HOME=\/tmp/.test(line))).toBe(true);
    expect(facts.notes.some(({ code }) => code === 'kept-at-home')).toBe(false);
  });
  it('is said to keep nothing', async () => {
    const { facts } = await home(
      "import os from 'os';\nimport fs from 'node:fs';\nfs.writeFileSync(os.homedir() + '/.tiles/list.json', '');",
    );
    expect(facts.notes.map(({ code }) => code)).toContain('kept-at-home');
  });
  it('is nothing to set where the app does not use it', async () => {
    expect((await home('')).lines.some((line) => line.includes('HOME='))).toBe(false);
  });
});

describe('further ports', () => {
  const ports = async (source: string) => {
    const { facts, lines } = await read({
      'package.json': JSON.stringify({ name: 'ticker', type: 'module', scripts: { start: 'node server.js' } }),
      'server.js': `import { createServer } from 'node:http';\nimport express from 'express';\ncreateServer(home).listen(process.env.PORT || 5500);\n${source}`,
    });
    return {
      ports: facts.otherPorts?.map(({ value }) => value),
      exposed: lines.filter((line) => line.startsWith('EXPOSE')),
    };
  };
  it.each([
    [
      'createServer(feed).listen(parseInt(process.env.FEED_PORT || "8081", 10));',
      { number: 8081, variable: 'FEED_PORT' },
    ],
    [
      'createServer(up).listen(Number(process.env.METRICS_PORT ?? 9464));',
      { number: 9464, variable: 'METRICS_PORT', inside: 'metrics' },
    ],
    ['const feed = express();\nfeed.listen(9000);', { number: 9000 }],
    ['const admin = express();\nadmin.listen(9000);', { number: 9000, inside: 'administration' }],
  ])('are exposed: %#', async (source, port) => {
    expect(await ports(source)).toEqual({ ports: [port], exposed: ['EXPOSE 5500', `EXPOSE ${port.number}`] });
  });
  it.each([
    ['if (process.env.DEBUG) createServer(debug).listen(9229);'],
    ['createServer(again).listen(process.env.PORT || 5500);'],
    ['createServer(any).listen(0);'],
  ])('are none where nothing listens in any case: %#', async (source) => {
    expect((await ports(source)).ports).toBeUndefined();
  });
});
