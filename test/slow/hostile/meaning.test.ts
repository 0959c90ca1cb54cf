import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { preview, project, refused, sound, specification, textOf } from '../../unit/hostile/support.ts';

const assertion = (id: string, more: object = {}) => ({
  id,
  natural: 'An order has an item',
  status: 'confirmed',
  ...more,
});
const spec = (...assertions: object[]) => project({ 'specs/assertions.json': specification(assertions) });

describe('the specification', () => {
  it('with an id that stands twice is refused, with both lines', async () => {
    const error = await refused(spec(assertion('a'), assertion('b'), assertion('a')));
    expect(error).toMatchObject({ code: 'manifest-invalid', where: { file: 'specs/assertions.json', line: 16 } });
    expect(error.message).toContain('"a" is the id of an earlier assertion, line 6');
  });

  it('with dependencies in a circle is read, and the circle is said', async () => {
    const { context } = await preview(
      spec(assertion('a', { dependencies: ['b'] }), assertion('b', { dependencies: ['a'] })),
    );
    expect(context.warnings.join()).toContain('assertions[1].dependencies: b depends on a, which depends on it again');
    const alone = await preview(spec(assertion('a', { dependencies: ['a'] })));
    expect(alone.context.warnings.join()).toContain('a depends on a');
  });

  it('with a formal file that is not there, or outside, is read, and it is said', async () => {
    for (const file of ['dafny/orders.dfy', '../../etc/passwd']) {
      const { context } = await preview(spec(assertion('a', { formalSpec: { file } })));
      expect(context.warnings.join()).toContain(`formalSpec.file: ${file} does not exist`);
    }
  });

  it('with an archetype that nobody knows is refused, with those that are known', async () => {
    const error = await refused(
      project({ 'specs/assertions.json': '{\n  "archetype": "web-servise",\n  "assertions": []\n}\n' }),
    );
    expect(error).toMatchObject({ code: 'archetype-unknown', where: { file: 'specs/assertions.json', line: 2 } });
    expect(error.next.join()).toContain('web-service, web-app');
  });

  it('with twenty thousand assertions, one after the other, is read in time', async () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      assertion(`a${index}`, { natural: 'x', ...(index > 0 ? { dependencies: [`a${index - 1}`] } : {}) }),
    );
    expect((await preview(spec(...chain))).context.specification?.counted).toBe(20_000);
  });

  it('with twenty thousand mistakes names the first, and how many more', async () => {
    const error = await refused(spec(...Array.from({ length: 20_000 }, (_, id) => ({ id }))));
    expect(error.message).toContain('assertions[0].id');
    expect(error.message).toContain('and 19980 more');
  });
});

describe('lockfiles', () => {
  const lock = (files: Record<string, string | undefined>) => project({ 'package-lock.json': undefined, ...files });

  it('none: it is said, and what is generated installs all the same', async () => {
    const generation = await preview(lock({}));
    expect(generation.context.warnings.join()).toContain('no lockfile: two builds');
    expect(textOf(generation, 'Dockerfile')).toContain('npm install');
  });

  const others = { 'yarn.lock': '# yarn lockfile v1\n', 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
  it('several, and none fits: refused, with the files and how to answer', async () => {
    const behind = (sound['package-lock.json'] ?? '').replaceAll('express', 'fastify');
    const error = await refused(project({ ...others, 'package-lock.json': behind }));
    expect(error).toMatchObject({ code: 'manager-unclear', where: { file: 'package-lock.json' } });
    expect(error.message).toContain('package-lock.json, pnpm-lock.yaml, yarn.lock');
    expect(error.next.join()).toContain('--set manager=');
  });

  it('several, and one fits: that one, and it is said', async () => {
    const generation = await preview(project(others));
    expect(textOf(generation, 'Dockerfile')).toContain('npm ci');
    expect(generation.context.warnings.join()).toMatch(/npm is a guess.*"manager"/);
  });

  it('several, and one is named: that one', async () => {
    const files = { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  .: {}\n" };
    const generation = await preview(project({ ...files, 'dockwright.json': '{ "manager": "npm" }' }));
    expect(textOf(generation, 'Dockerfile')).toContain('npm ci');
  });

  it('one that does not match package.json: it is said before the build stops there', async () => {
    const rows: Readonly<Record<string, string>> = {
      'package-lock.json': (sound['package-lock.json'] ?? '').replaceAll('express', 'fastify'),
      'yarn.lock': '# yarn lockfile v1\n\nfastify@^5.0.0:\n  version "5.0.0"\n',
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      fastify: { specifier: ^5, version: 5.0.0 }\n",
      'bun.lock':
        '{ "lockfileVersion": 1, "workspaces": { "": { "dependencies": { "fastify": "^5" } } }, "packages": {} }',
    };
    for (const [file, content] of Object.entries(rows)) {
      const { context } = await preview(lock({ [file]: content }));
      expect(context.warnings.join(), file).toMatch(new RegExp(`${file} is out of date: exp.*install`));
    }
    expect((await preview(project())).context.warnings).toEqual([]);
  });

  it('one that is none: refused', async () => {
    for (const file of ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'])
      expect(await refused(lock({ [file]: '<<<<<<< HEAD\n' })), file).toMatchObject({
        code: 'lockfile-broken',
        where: { file },
      });
  });
});

describe('the configuration', () => {
  const configured = (config: unknown) => project({ 'dockwright.json': JSON.stringify(config, null, 2) });
  const refusals: readonly [config: object, message: string, next: string][] = [
    [{ archetype: 'web-servce' }, '"archetype": "web-servce" is not one of web-service', 'Did you mean "web-service"?'],
    [{ manager: 'pnmp' }, '"manager": "pnmp" is not known; expected one of', 'Did you mean "pnpm"?'],
    [{ runtime: 'nodee@22' }, '"runtime": "nodee" is not known; expected one of', 'Did you mean "node"?'],
    [{ runtime: 'node@latest' }, 'must be NAME or NAME@VERSION', 'configuration.md'],
    [{ services: { postgrs: {} } }, '"services": "postgrs" is not known', 'Did you mean "postgres"?'],
    [{ services: { redis: { imag: 'redis:8' } } }, '"services.redis.imag" is not a key', 'Did you mean "image"?'],
    [{ services: { redis: { image: 'redis 8\nUSER root' } } }, 'must be an image', 'configuration.md'],
    [{ framework: 'express' }, '"framework" is not a key of the configuration', 'configuration.md'],
    [{ health: { redy: '/ready' } }, '"health.redy" is not a key', 'Did you mean "ready"?'],
    [{ health: { ready: "/r'+alert(1)+'" } }, 'must be a path such as /live', 'configuration.md'],
    [{ port: 'three' }, '"port": Invalid input: expected number', 'configuration.md'],
    [{ port: 0 }, '"port": Too small', 'configuration.md'],
    [{ port: 65536 }, '"port": Too big', 'configuration.md'],
    [{ port: 30.5 }, '"port": Invalid input: expected int', 'configuration.md'],
    [{ name: '...' }, 'to be a valid image name', 'configuration.md'],
    [{ entry: 'src/indx.js' }, 'is not a file of the app', 'Did you mean "src/index.js"?'],
    [{ entry: '../../etc/passwd' }, 'is outside the app', 'Set it to the entry point'],
    [{ start: [] }, '"start": Too small', 'configuration.md'],
    [{ include: ['../secrets'] }, 'must be a path inside the folder', 'configuration.md'],
    [{ include: ['--from=x'] }, 'must be a path inside the folder', 'configuration.md'],
    [{ writable: ['/'] }, 'must be a path such as data', 'configuration.md'],
    [{ writable: ['a:b'] }, 'must be a path such as data', 'configuration.md'],
    [{ platforms: ['arm 64'] }, 'must be a platform', 'configuration.md'],
    [{ variables: { 'A\nUSER root': {} } }, 'is not a valid name for a variable', 'configuration.md'],
    [{ overrides: { 'images.nope.dockerfile': 'x' } }, 'an unknown plan path', 'dockwright plan --json'],
    [{ overrides: { 'images.app.dockerfile': '../../Dockerfile' } }, 'points outside the project', '--output DIR'],
    [{ overrides: { 'workloads.app.replicas': 'many' } }, 'makes the plan invalid', 'dockwright plan --json'],
  ];
  for (const [config, message, next] of refusals)
    it(`${JSON.stringify(config)} is refused`, async () => {
      const error = await refused(configured(config));
      expect(error.message).toContain(message);
      expect(error.next.join()).toContain(next);
      const [key = ''] = Object.keys(config);
      if (error.code.startsWith('config-')) expect(error.where).toMatchObject({ file: 'dockwright.json' });
      if (error.code.startsWith('config-') && key !== 'services') expect(error.where?.line).toBeGreaterThan(1);
    });

  it('in package.json is named there', async () => {
    const manifest = JSON.stringify({ ...JSON.parse(sound['package.json'] ?? ''), dockwright: 7 }, null, 2);
    const wrong = await refused(project({ 'package.json': manifest }));
    expect(wrong).toMatchObject({ code: 'config-invalid', where: { file: 'package.json', line: 14 } });
  });

  it('with a port that a service of the deployment takes gives that service another', async () => {
    const generation = await preview(configured({ port: 6387, services: { redis: {}, postgres: {} } }));
    const ports = [...textOf(generation, 'docker-compose.dev.yml').matchAll(/\$\{\w+:-(\d+)\}/g)].map(
      (match) => match[1],
    );
    expect(ports).toContain('6387');
    expect(new Set(ports).size).toBe(3);
  });

  it('by flag is named as the flag', async () => {
    const flag = async (key: string, value: string) => refused(project(), { set: { [key]: value } });
    expect(await flag('port', 'x')).toMatchObject({ where: { file: '--set port' } });
    expect((await flag('archetype', 'libary')).next).toEqual(['Did you mean "library"?']);
    expect((await flag('manager', 'yran')).next).toEqual(['Did you mean "yarn"?']);
    expect((await flag('a..b', 'x')).code).toBe('config-key');
    expect(await refused(project(), { app: 'nope' })).toMatchObject({ code: 'app-unknown' });
  });
});

describe('a name that no image may have', () => {
  const names: Readonly<Record<string, string>> = {
    Ünïcode: 'unicode',
    '@scope/tea-shop': 'tea-shop',
    'UPPER CASE': 'upper-case',
    '"quoted"': 'quoted',
    '$(reboot)': 'reboot',
    '-dash': 'dash',
    'a\nb': 'a-b',
    日本: 'app',
    '..': 'app',
    [`${'long-'.repeat(500)}`]: 'long-'.repeat(12).concat('lon'),
  };
  for (const [written, name] of Object.entries(names))
    it(`${JSON.stringify(written.slice(0, 20))} becomes one that it may`, async () => {
      const manifest = JSON.stringify({ ...JSON.parse(sound['package.json'] ?? ''), name: written });
      const generation = await preview(project({ 'package.json': manifest }));
      expect(generation.context.facts.name.value).toBe(name);
      expect(parse(textOf(generation, 'docker-compose.yml'))).toMatchObject({ name });
    });
});

describe('a value with signs that mean something elsewhere', () => {
  const values = [
    'a$b',
    '$HOME',
    '${X}',
    '$$',
    'it\'s "so"',
    'a: b # c',
    'two\nlines',
    '- x',
    '{}',
    '\\',
    '%',
    '`id`',
    ' a ',
    '!!x',
    '*a',
    'yes',
    '0x10',
  ];
  for (const value of values)
    it(`${JSON.stringify(value)} comes out as it went in`, async () => {
      const source = `${sound['src/index.js']}console.log(process.env.GREETING);\n`;
      const variables = { GREETING: { default: value } };
      const generation = await preview(
        project({ 'src/index.js': source, 'dockwright.json': JSON.stringify({ variables }) }),
      );
      const compose = parse(textOf(generation, 'docker-compose.yml')) as {
        services: { app: { environment: Record<string, string | null> } };
      };
      const { environment } = compose.services.app;
      expect(Object.keys(environment)).toContain('GREETING');
      // what no \${} can hold is left to the app, which has the default itself
      if (/[{}\n]/.test(value)) expect(environment['GREETING']).toBeNull();
      else expect(interpolated(environment['GREETING'] ?? '')).toBe(value);
      // one line of the example each, and none that begins something else
      const example = textOf(generation, '.env.example');
      for (const line of example.split('\n').filter((one) => one.includes('GREETING')))
        expect(line).toMatch(/^#?(GREETING|[^=]+$)/);
    });

  it('in a remark stays a remark', async () => {
    const evil = 'of\nEVIL=1\r\nRUN evil';
    const generation = await preview(
      project({
        'src/index.js': `${sound['src/index.js']}console.log(process.env.GREETING);\n`,
        'dockwright.json': JSON.stringify({ variables: { GREETING: { purpose: evil, required: true } } }),
        'specs/assertions.json': specification([
          assertion('a\nEVIL=1\nRUN evil', { natural: `Orders are kept in Redis ${evil}` }),
        ]),
      }),
    );
    expect(generation.artifacts.find((one) => /^\s*(EVIL|RUN evil)/m.test(one.content))?.path).toBeUndefined();
    for (const file of ['docker-compose.yml', 'docker-compose.dev.yml', 'docker-compose.prod.yml'])
      expect(parse(textOf(generation, file), { logLevel: 'error' }), file).toHaveProperty('services');
  });

  it('in the start command comes out as it went in', async () => {
    const start = ['node', '$HOME', '"', "'", 'a\nb', '${X}'];
    const generation = await preview(project({ 'dockwright.json': JSON.stringify({ start }) }));
    const last = textOf(generation, 'Dockerfile')
      .split('\n')
      .filter((line) => line.startsWith('CMD '))
      .at(-1);
    expect(JSON.parse((last ?? '').slice(4))).toEqual(start);
  });

  it('in a path comes out as it went in', async () => {
    const include = ['$HOME', 'a:b', "it's"];
    const files = Object.fromEntries(include.map((path) => [`${path}/x.js`, 'export const x = 1;\n']));
    const imports = include.map((path) => `import ${JSON.stringify(`../${path}/x.js`)};\n`).join('');
    const generation = await preview(
      project({
        ...files,
        'src/index.js': `import { mkdirSync } from 'node:fs';\n${imports}${sound['src/index.js']}mkdirSync('$out');\nmkdirSync('c:d');\n`,
        'dockwright.json': JSON.stringify({ include }),
      }),
    );
    type Mount = string | { source: string; target: string };
    const targets = (file: string) =>
      (
        parse(textOf(generation, file), { logLevel: 'error' }) as { services: { app: { volumes: Mount[] } } }
      ).services.app.volumes.map((one) =>
        (typeof one === 'string' ? (one.split(':')[1] ?? one) : one.target).replaceAll('$$', '$'),
      );
    expect(targets('docker-compose.dev.yml')).toEqual(expect.arrayContaining(include.map((path) => `/app/${path}`)));
    expect(targets('docker-compose.yml')).toEqual(['/app/$out', '/app/c:d']);
  });

  it('two folders of one name get two volumes', async () => {
    const generation = await preview(
      project({ 'dockwright.json': '{ "writable": ["a/data", "b/data", "it\'s data"] }' }),
    );
    const { services } = parse(textOf(generation, 'docker-compose.yml')) as {
      services: { app: { volumes: string[] } };
    };
    const names = services.app.volumes.map((one) => one.split(':')[0]);
    expect(new Set(names).size).toBe(3);
  });
});

/** `${NAME:-default}` as Compose reads it where nothing is set, `$$` a dollar. */
function interpolated(text: string): string {
  const inner = /^\$\{\w+:?-([\s\S]*)\}$/.exec(text)?.[1] ?? text;
  expect(inner.replaceAll('$$', ''), 'a dollar that Compose would read').not.toContain('$');
  return inner.replaceAll('$$', '$');
}
