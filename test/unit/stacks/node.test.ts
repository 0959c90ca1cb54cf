import { describe, expect, it } from 'vitest';
import { memoryProject } from '../../../src/project/memory.ts';
import { programRun } from '../../../src/stacks/javascript.ts';
import { manager as npm } from '../../../src/stacks/managers/npm.ts';
import { manager as pnpm } from '../../../src/stacks/managers/pnpm.ts';
import { manager as yarn } from '../../../src/stacks/managers/yarn.ts';
import { runtime } from '../../../src/stacks/runtimes/node.ts';

const versionOf = (files: Record<string, string>) => {
  const found = runtime.version(memoryProject({ 'package.json': '{}', ...files }), '.');
  return 'value' in found ? found.value.version : `ask ${found.ask}`;
};
const manifest = (value: object) => ({ 'package.json': JSON.stringify(value) });

describe('the version of Node.js', () => {
  it.each([
    ['nothing says it', {}, '26'],
    ['a release', { '.nvmrc': 'v22.11.0\n' }, '22.11.0'],
    ['a line', { '.nvmrc': '22' }, '22'],
    ['the name of a long-term line', { '.nvmrc': 'lts/jod' }, '22'],
    ['the newest long-term line', { '.nvmrc': 'lts/*' }, '26'],
    ['.node-version', { '.node-version': '24.1.0' }, '24.1.0'],
    ['.tool-versions', { '.tool-versions': 'nodejs 22.5.1\n' }, '22.5.1'],
    ['mise', { 'mise.toml': '[tools]\nnode = "24"\n' }, '24'],
    ['Volta', manifest({ volta: { node: '20.18.0' } }), '20.18.0'],
    ['a range takes its newest long-term line', manifest({ engines: { node: '>=18' } }), '26'],
    ['a range inside one line', manifest({ engines: { node: '^22.5.0' } }), '22'],
    ['a range of odd lines alone', manifest({ engines: { node: '>=23 <24' } }), '23'],
    ['a range of some releases', manifest({ engines: { node: '~22.5.0' } }), '22.5'],
    [
      'a release before a range, wherever it stands',
      { ...manifest({ engines: { node: '22.1.0' } }), '.nvmrc': '22' },
      '22.1.0',
    ],
    ['a line before a range', { ...manifest({ engines: { node: '>=18' } }), '.nvmrc': '22' }, '22'],
    [
      'the types that the source was written against',
      manifest({ devDependencies: { '@types/node': '^20.1.0' } }),
      '22',
    ],
    ['a lockfile of years ago', { 'package-lock.json': '{ "lockfileVersion": 1 }' }, '22'],
    ['a lockfile of an old pnpm', { 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }, '22'],
    ['a lockfile of a pnpm of today', { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }, '26'],
    ['a lockfile of today', { 'package-lock.json': '{ "lockfileVersion": 3 }' }, '26'],
    [
      'the types before the lockfile',
      {
        ...manifest({ devDependencies: { '@types/node': '^24.0.0' } }),
        'package-lock.json': '{ "lockfileVersion": 1 }',
      },
      '24',
    ],
    [
      'the value in the project before its lockfile',
      { ...manifest({ engines: { node: '>=18' } }), 'package-lock.json': '{ "lockfileVersion": 1 }' },
      '26',
    ],
    ['a range that nothing is inside', manifest({ engines: { node: '<8' } }), 'ask runtime'],
  ])('%s', (_, files, version) => expect(versionOf(files)).toBe(version));

  const constraint = (of: string, range: string) => ({ of, runtime: 'node', range, from: { file: 'lock', why: of } });
  const narrowed = (files: Record<string, string>, ...ranges: string[]) => {
    const constraints = ranges.map((range, at) => constraint(`d${at}`, range));
    const found = runtime.version(memoryProject({ 'package.json': '{}', ...files }), '.', constraints);
    return 'value' in found ? [found.value.version, ...found.from.map((one) => one.why)] : [];
  };
  it.each([
    ['the default', {}, ['>=18', '^22 || ^24'], ['24', 'd1']],
    ['the default, where only old lines are taken', {}, ['<=18'], ['18', 'd0']],
    ['a range', manifest({ engines: { node: '>=18' } }), ['<25'], ['24', 'engines.node is >=18', 'd0']],
    [
      'the types',
      manifest({ devDependencies: { '@types/node': '^17.0.26' } }),
      ['>8  <=18'],
      ['18', 'the source uses the types of Node.js ^17.0.26', 'd0'],
    ],
    [
      'types that are newer than what is taken',
      manifest({ devDependencies: { '@types/node': '^24.0.0' } }),
      ['^22'],
      ['22', 'the source uses the types of Node.js ^24.0.0', 'd0'],
    ],
    ['nothing, where all take it', {}, ['>=18', 'latest'], ['26']],
    ['nothing that is pinned', { '.nvmrc': '24\n' }, ['<=18'], ['24', 'the version is 24']],
    ['nothing, where no line is taken by all', {}, ['<=18', '>=20'], ['26']],
  ])('is narrowed by what packages take, where installing refuses others: %s', (_, files, ranges, expected) =>
    expect(narrowed(files, ...ranges)).toEqual(expected),
  );

  it('comes from an image that is there: releases before Debian 13 on Debian 12', () => {
    expect(runtime.build('26').image).toBe('node:26-trixie-slim');
    expect(runtime.build('22.11.0').image).toBe('node:22.11.0-bookworm-slim');
    expect(runtime.build('22.20.0').image).toBe('node:22.20.0-trixie-slim');
    expect(runtime.build('18').image).toBe('node:18-bookworm-slim');
  });

  it('has a distroless base for supported lines alone, with Node.js as its entrypoint', () => {
    const kinds = (version: string) => runtime.bases(version).map((one) => one.kind);
    expect(kinds('26')).toEqual(['distroless', 'slim']);
    expect(kinds('26.1.0')).toEqual(['slim']);
    expect(kinds('20')).toEqual(['slim']);
    expect(runtime.bases('26')[0]?.program).toBe('/nodejs/bin/node');
  });
});

describe('what a command line starts', () => {
  const started = (line: string) => {
    const found = runtime.starts?.(line.split(' '));
    return found && [found.file, found.argv.join(' ')];
  };
  it.each([
    ['node dist/index.js', 'dist/index.js', 'node dist/index.js'],
    ['node --env-file=.env --enable-source-maps dist/main', 'dist/main', 'node --enable-source-maps dist/main'],
    ['node -r ./paths.js dist/main.js --port 1', 'dist/main.js', 'node -r ./paths.js dist/main.js --port 1'],
    ['node -r dotenv/config dist/a.js dotenv_config_path=.env --x', 'dist/a.js', 'node dist/a.js --x'],
    ['tsx watch src/index.ts', 'src/index.ts', 'node --import tsx src/index.ts'],
    ['ts-node -P tsconfig.json src/index.ts', 'src/index.ts', 'node --require ts-node/register src/index.ts'],
    ['ts-node -T src/a.ts --all', 'src/a.ts', 'node --require ts-node/register/transpile-only src/a.ts --all'],
    ['ts-node-esm --transpile-only a.mts', 'a.mts', 'node --loader ts-node/esm/transpile-only a.mts'],
    ['ts-node-dev --swc --respawn a.ts', 'a.ts', 'node --require ts-node/register/transpile-only a.ts'],
    ['tsx -T src/a.ts', 'src/a.ts', 'node --import tsx src/a.ts'],
    ['nodemon src/a.ts', 'src/a.ts', 'node --require ts-node/register src/a.ts'],
    ['nodemon --exec tsx src/a.ts', 'src/a.ts', 'node --import tsx src/a.ts'],
    ['nodemon --watch src --ext ts src/index.js', 'src/index.js', 'node src/index.js'],
    ['pm2-runtime start app.js', 'app.js', 'node app.js'],
    ['nest start --watch', 'dist/main.js', 'node dist/main.js'],
    ['npx tsx src/a.ts', 'src/a.ts', 'node --import tsx src/a.ts'],
  ])('%s', (line, file, argv) => expect(started(line)).toEqual([file, argv]));

  it.each([
    ['node .', { main: 'dist/index.js' }, ['dist/index.js', 'node dist/index.js']],
    ['node --enable-source-maps ./ --quiet', { main: './lib' }, ['lib', 'node --enable-source-maps lib --quiet']],
    ['nodemon .', {}, ['index.js', 'node index.js']],
    ['pm2-runtime .', { main: 'server.js' }, ['server.js', 'node server.js']],
    // another folder is that folder
    ['node dist', { main: 'other.js' }, ['dist', 'node dist']],
    ['node .', { main: '../out.js' }, ['.', 'node .']],
  ])('%s with the manifest %o', (line, manifest, expected) => {
    const found = runtime.starts?.(line.split(' '), (file) =>
      file === 'package.json' ? JSON.stringify(manifest) : undefined,
    );
    expect(found && [found.file, found.argv.join(' ')]).toEqual(expected);
  });

  it.each(['node --test', 'node -e 0', 'next start', 'vite', 'docker exec app node x.js'])('%s: no file', (line) => {
    expect(started(line)).toBeUndefined();
  });
});

describe('package managers', () => {
  const release = (manager: typeof npm, files: Record<string, string>) =>
    manager.version?.(memoryProject(files), '.')?.value;

  it('come in the release that the project names, else in that of its lockfile', () => {
    expect(release(pnpm, { ...manifest({ packageManager: 'pnpm@9.15.0+sha512.abc' }), 'pnpm-lock.yaml': '' })).toBe(
      '9.15.0',
    );
    expect(release(pnpm, { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" })).toMatch(/^10\./);
    expect(release(pnpm, { 'pnpm-lock.yaml': "lockfileVersion: '6.0'\n" })).toMatch(/^8\./);
    expect(release(yarn, { 'yarn.lock': '# yarn lockfile v1\n' })).toMatch(/^1\./);
    expect(release(yarn, { 'yarn.lock': '__metadata:\n  version: 8\n' })).toMatch(/^4\./);
  });

  // each was tried: a frozen install of another line refuses the lockfile, because it would write it in its own form
  it.each([
    ['4', '', '3.0.2'],
    ['5', '', '3.1.1'],
    ['6', '', '3.8.7'],
    ['8', `  checksum: ${'a1'.repeat(64)}`, '4.0.2'],
    ['8', `  checksum: 10c0/${'a1'.repeat(64)}`, '4.13.0'],
    ['9', '', '4.14.1'],
    ['10', '', '4.18.1'],
    ['99', '', '4.18.1'],
  ])('take the form of yarn.lock for Yarn 2 and later: %s %s', (form, entry, expected) => {
    const lockfile = `# by Yarn\n\n__metadata:\n  version: ${form}\n  cacheKey: 10c0\n\n"ms@npm:2.1.3":\n  version: 2.1.3\n${entry}\n`;
    expect(release(yarn, { 'yarn.lock': lockfile })).toBe(expected);
    expect(release(yarn, { 'yarn.lock': lockfile.replaceAll('\n', '\r\n') })).toBe(expected);
  });

  it('take the release of Yarn that the project carries, before the form of its lockfile and after packageManager', () => {
    const files = {
      'yarn.lock': '__metadata:\n  version: 8\n',
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.9.2.cjs\n',
    };
    expect(release(yarn, files)).toBe('4.9.2');
    expect(release(yarn, { ...files, ...manifest({ packageManager: 'yarn@4.1.0' }) })).toBe('4.1.0');
    expect(release(yarn, { ...files, '.yarnrc.yml': 'nodeLinker: node-modules\n' })).toBe('4.13.0');
    expect(release(yarn, { ...files, '.yarnrc.yml': 'yarnPath: [\n' })).toBe('4.13.0');
  });

  it('are put into images that lack them', () => {
    const of = (runtimeVersion: string, version: string) => ({ runtime: 'node', runtimeVersion, version });
    expect(npm.installInto).toBeUndefined();
    expect(yarn.installInto?.(of('24', '1.22.22'))).toBeUndefined();
    expect(yarn.installInto?.({ ...of('1.4.5', '1.22.22'), runtime: 'bun' })).toMatchObject({
      argv: ['npm', 'install', '--global', '--force', 'yarn@1.22.22'],
    });
    expect(yarn.installInto?.(of('26', '1.22.22'))).toMatchObject({ argv: expect.arrayContaining(['yarn@1.22.22']) });
    expect(yarn.installInto?.(of('22', '4.9.2'))).toMatchObject({
      argv: expect.arrayContaining(['@yarnpkg/cli-dist@4.9.2']),
    });
    expect(pnpm.installInto?.(of('22', '9.1.0'))).toMatchObject({ argv: expect.arrayContaining(['pnpm@9.1.0']) });
  });

  it('follow their own short forms, and no command of theirs for a script', () => {
    const runs = (manager: typeof npm, line: string) =>
      manager.runs?.(line.split(' '), ['build', 'start', 'install', 'prune']);
    const build = { script: 'build', args: [] };
    expect(runs(npm, 'npm run build')).toEqual(build);
    expect(runs(npm, 'npm start')).toEqual({ script: 'start', args: [] });
    expect(runs(npm, 'npm build')).toBeUndefined();
    expect(runs(pnpm, 'pnpm --silent run build')).toEqual(build);
    expect(runs(pnpm, 'pnpm build')).toEqual(build);
    expect(runs(pnpm, 'pnpm prune')).toBeUndefined();
    expect(runs(yarn, 'yarn build')).toEqual(build);
    expect(runs(yarn, 'yarn install')).toBeUndefined();
  });

  it.each([
    ['fastify start -l info app.js', 'start -l info app.js', 3000, 'FASTIFY_ADDRESS'],
    [
      'fastify start -w -p 4000 -a 0.0.0.0 --ignore-watch=.ts$ dist/app.js',
      'start -p 4000 -a 0.0.0.0 dist/app.js',
      4000,
      undefined,
    ],
  ])('know what listens in the place of the app: %s', (line, rest, number, variable) => {
    const started = runtime.starts?.(line.split(' '));
    expect(started?.argv.join(' ')).toBe(`node_modules/.bin/fastify ${rest}`);
    expect(started?.file).toMatch(/app\.js$/);
    expect(started?.opens).toMatchObject({ port: { number } });
    expect(started?.opens?.host.variable).toBe(variable);
  });

  it.each(['fastify start -s /run/app.sock app.js', 'fastify version', 'fastify start'])(
    'and where nothing does: %s',
    (line) => {
      expect(runtime.starts?.(line.split(' '))).toBeUndefined();
    },
  );

  it('start programs of packages by their name alone, where they do', () => {
    const runs = (manager: typeof npm, line: string) => manager.runs?.(line.split(' '), ['build']);
    expect(runs(yarn, 'yarn vite build')).toEqual({ program: ['vite', 'build'] });
    expect(runs(pnpm, 'pnpm tsc -p .')).toEqual({ program: ['tsc', '-p', '.'] });
    expect(runs(npm, 'npm tsc')).toBeUndefined();
  });

  it.each([
    ['npx tsc', 'tsc'],
    ['npx --yes -p typescript tsc -b', 'tsc -b'],
    ['bunx --bun vite build', 'vite build'],
    ['bun x tsup', 'tsup'],
    ['npm exec -- tsc --watch', 'tsc --watch'],
    ['pnpm exec prisma migrate deploy', 'prisma migrate deploy'],
    ['yarn dlx tsc', 'tsc'],
    ['npx', undefined],
    ['npm run build', undefined],
    ['bun run build', undefined],
  ])('are read through: %s', (line, program) => {
    expect(programRun(line.split(' '))?.join(' ')).toBe(program);
  });

  it('do not call an optional peer of production a development dependency', () => {
    const lock = JSON.stringify({
      packages: { 'node_modules/@types/pg': { devOptional: true }, 'node_modules/vitest': { dev: true } },
    });
    expect(npm.shared?.(memoryProject({ 'package-lock.json': lock }), '.')).toEqual(['@types/pg']);
  });
});

describe('the probe of an HTTP server', () => {
  const word = (port: number, variable?: string) => runtime.probe(port, variable, '/ready')[2];
  it.each([
    [3000, undefined, "fetch('http://127.0.0.1:3000/ready')"],
    [3000, 'PORT', "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/ready')"],
    // ports that fetch refuses
    [6000, undefined, "get({host:'127.0.0.1',port:6000,path:'/ready'}"],
    [5060, 'PORT', "get({host:'127.0.0.1',port:(process.env.PORT||5060),path:'/ready'}"],
  ])('on %s by %s', (port, variable, text) => expect(word(port, variable)).toContain(text));
});

describe('the probes of old lines, which have no fetch', () => {
  it.each(['12', '14.15.3', '16'])('of %s ask by the module', (version) => {
    const [, , text] = runtime.probe(3000, 'PORT', '/ready', { over: 'proxy' }, version);
    expect(text).toMatch(
      /^require\('http'\)\.get\(\{host:'127\.0\.0\.1',port:\(process\.env\.PORT\|\|3000\),path:'\/ready',headers:/,
    );
  });
  it.each(['18', '20.19.5', 'lts', undefined])('of %s ask by fetch', (version) => {
    expect(runtime.probe(3000, undefined, '/ready', undefined, version)[2]).toMatch(/^fetch\(/);
  });
  it.each<[string | undefined, string]>([
    ['24', "require('node:https')"],
    ['16', "require('https')"],
    [undefined, "require('node:https')"],
  ])('of an app that speaks https itself take its own certificate: %s', (version, module) => {
    const [, , text] = runtime.probe(8443, 'PORT', '/ready', { over: 'https' }, version);
    expect(text).toContain(
      `${module}.get({host:'127.0.0.1',port:(process.env.PORT||8443),path:'/ready',rejectUnauthorized:false}`,
    );
  });
  it('connect by a name that the oldest know', () => {
    expect(runtime.probePort(3000, undefined, '12')[2]).toMatch(/^require\('net'\)/);
    expect(runtime.probePort(3000, undefined, '22')[2]).toMatch(/^require\('node:net'\)/);
  });
});

describe('the images of Node.js', () => {
  it.each([
    ['an odd line that ended before trixie', '23', 'node:23-bookworm-slim'],
    ['a release of such a line', '21.7.3', 'node:21.7.3-bookworm-slim'],
    ['a release before bookworm', '18.12.0', 'node:18.12.0-bullseye-slim'],
    ['the first releases of a line', '20.2', 'node:20.2-bullseye-slim'],
    ['a line that ended before bookworm', '14', 'node:14-bullseye-slim'],
    ['a release before bullseye', '14.15.1', 'node:14.15.1-buster-slim'],
    ['a line of before, with releases after it', '12', 'node:12-bullseye-slim'],
    ['a line that ended before bullseye', '10', 'node:10-buster-slim'],
    ['an odd line that ended before bullseye', '15', 'node:15-buster-slim'],
    ['an odd line after bullseye came', '17', 'node:17-bullseye-slim'],
    ['a line that ended before buster', '9', 'node:9-slim'],
    ['a release before all of them', '6.11.1', 'node:6.11.1-slim'],
    ['a release after bookworm came', '18.16.0', 'node:18.16.0-bookworm-slim'],
    ['an even line', '22', 'node:22-trixie-slim'],
    ['a release of it before trixie', '22.5.1', 'node:22.5.1-bookworm-slim'],
    ['an odd line after trixie came', '25', 'node:25-trixie-slim'],
    ['the newest line', '26', 'node:26-trixie-slim'],
  ])('are named by a tag that was published: %s', (_, version, image) => {
    expect(runtime.build(version).image).toBe(image);
  });
});

describe('what npm of an old runtime takes', () => {
  const installed = (runtimeVersion: string | undefined, production = true) =>
    npm.install({ lockfile: 'package-lock.json', production, tokens: [], runtimeVersion }).argv.join(' ');
  it.each([
    ['it is not known', undefined, 'npm ci --omit=dev'],
    ['the first that brings npm 7', '15.1.0', 'npm ci --omit=dev'],
    ['npm 6', '14', 'npm ci --only=production'],
    ['the line 8, whose last release brings npm 6', '8', 'npm ci --only=production'],
    ['a release before it', '8.9.4', 'npm install --only=production'],
    ['a line that never had it', '9', 'npm install --only=production'],
  ])('is what it knows: %s', (_, version, line) => {
    expect(installed(version)).toBe(line);
  });
  it('has no flag where everything is installed', () => {
    expect(installed('10', false)).toBe('npm ci');
    expect(npm.prune?.({ runtimeVersion: '14.2.0' }).argv).toContain('--only=production');
    expect(npm.prune?.({ runtimeVersion: '20' }).argv).toContain('--omit=dev');
  });
});

describe('what Yarn reads before it installs', () => {
  const reads = (settings: string) =>
    yarn.reads(
      memoryProject({
        'package.json': '{}',
        '.yarnrc.yml': settings,
        'tools/policy.cjs': '',
        'tools/more.cjs': '',
        '.yarn/plugins/own.cjs': '',
      }),
      '.',
    );
  it.each([
    ['by its path', 'plugins:\n  - ./tools/policy.cjs\n', ['tools/policy.cjs']],
    [
      'with where it comes from',
      'plugins:\n  - path: tools/policy.cjs\n    spec: "https://example.com/p.cjs"\n',
      ['tools/policy.cjs'],
    ],
    ['several', 'plugins:\n  - path: ./tools/policy.cjs\n  - tools/more.cjs\n', ['tools/policy.cjs', 'tools/more.cjs']],
  ])('is each plugin that its settings name: %s', (_, settings, expected) => {
    const found = reads(settings);
    expect(found).toEqual(expect.arrayContaining([...expected, '.yarn/plugins']));
  });
  it.each([['plugins:\n  - ../policy.cjs\n'], ['plugins: {}\n'], ['plugins: [\n'], ['plugins:\n  - ./gone.cjs\n']])(
    'is nothing that is not there, or outside: %#',
    (settings) => {
      expect(reads(settings)).toEqual(['.yarnrc.yml', '.yarn/plugins']);
    },
  );
});
