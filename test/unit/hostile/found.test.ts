import { describe, expect, it } from 'vitest';
import { preview, project, refused, sound, textOf } from './support.ts';

const manifest = (more: object) =>
  JSON.stringify({ ...JSON.parse(sound['package.json'] ?? ''), engines: undefined, ...more });

/** What spoiling files at random brought up: each made a run end with an error of ours. */
describe('found by spoiling files', () => {
  for (const version of ['00', '99999999999999999999', 'constructor', 'lts/constructor', '__proto__', '1.2.3.4'])
    it(`a version that is none: ${version}`, async () => {
      const files = { '.nvmrc': `${version}\n`, 'package.json': manifest({ engines: { node: '>=22' } }) };
      const generation = await preview(project(files));
      expect(textOf(generation, 'Dockerfile')).toMatch(/^FROM node:2\d-/m);
    });

  it('a version of the configuration that only begins as one', async () => {
    expect(await refused(project({ 'dockwright.json': '{ "runtime": "bun@1foo" }' }))).toMatchObject({
      code: 'config-invalid',
    });
  });

  it('names that every object has', async () => {
    const source =
      "process.env.hasOwnProperty('X'); console.log(process.env.toString(), process.env['a b'], process.env.constructor);\n";
    const dependencies = { express: '^4.21.2', constructor: '1', toString: '1', hasOwnProperty: '1' };
    const files = {
      'src/index.js': `${sound['src/index.js']}${source}`,
      'package.json': manifest({
        dependencies,
        scripts: { start: 'node src/index.js', constructor: 'x', build: 'constructor y' },
      }),
      'package-lock.json': undefined,
    };
    const { context } = await preview(project(files));
    expect(context.facts.variables.map((one) => one.name)).toEqual(['PORT']);
  });

  it('a role that a service cannot have', async () => {
    for (const role of ['cash', 'constructor'])
      expect(
        await refused(project({ 'dockwright.json': JSON.stringify({ services: { redis: { role } } }) })),
      ).toMatchObject({
        code: 'role-unknown',
        next: ['Valid values: store, cache, queue'],
      });
  });

  it('options of the compiler that are no table, in a library', async () => {
    const library = manifest({
      main: 'dist/index.js',
      scripts: { build: 'tsc' },
      dependencies: undefined,
      devDependencies: { typescript: '5.9.3' },
    });
    for (const content of [
      '{"compilerOptions":true}',
      '{"compilerOptions":[]}',
      '[]',
      '7',
      'null',
      '{"compilerOptions":null}',
    ]) {
      const files = {
        'package.json': library,
        'package-lock.json': undefined,
        'src/index.js': 'export const a = 1;\n',
        'tsconfig.json': content,
      };
      const { edits } = await preview(project(files), { set: { archetype: 'library' } });
      expect(edits.map((edit) => edit.path)).not.toContain('tsconfig.json');
    }
  });
});

describe('a job with a schedule', () => {
  it('runs a file whose path has a dollar', async () => {
    const files = {
      'src/index.js': undefined,
      '$/main.js': "console.log('done');\n",
      'package.json': manifest({ scripts: { start: 'node $/main.js' }, dependencies: undefined }),
      'package-lock.json': undefined,
      'dockwright.json': JSON.stringify({
        archetype: 'data-pipeline',
        schedule: '0 2 * * *',
        start: ['node', '$/main.js'],
        entry: '$/main.js',
      }),
    };
    const compose = textOf(await preview(project(files)), 'docker-compose.yml');
    expect(compose).toContain('"$$/main.js"');
    expect(compose.replaceAll('$$', '').replaceAll('${', '')).not.toContain('$');
  });
});
