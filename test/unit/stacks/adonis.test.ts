import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { detailsOf } from '../../../src/stacks/javascript.ts';
import { factsOf, said } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const app = (more: Files = {}, manifest: object = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'ferry',
    type: 'module',
    scripts: { build: 'node ace build', start: 'node bin/server.js', dev: 'node ace serve --hmr' },
    engines: { node: '24' },
    imports: { '#start/*': './start/*.js', '#config/*': './config/*.js' },
    dependencies: { '@adonisjs/core': '6.19.0' },
    ...manifest,
  }),
  'ace.js': "await import('./bin/console.js');\n",
  'adonisrc.ts':
    "import { defineConfig } from '@adonisjs/core/app';\nexport default defineConfig({ preloads: [() => import('#start/routes')] });\n",
  'bin/server.ts':
    "import { Ignitor } from '@adonisjs/core';\nnew Ignitor(new URL('../', import.meta.url)).httpServer().start();\n",
  'start/routes.ts': "import router from '@adonisjs/core/services/router';\nrouter.get('/tides', () => []);\n",
  'start/env.ts': `import { Env } from '@adonisjs/core/env';
export default await Env.create(new URL('../', import.meta.url), {
  PORT: Env.schema.number(),
  HOST: Env.schema.string({ format: 'host' }),
  APP_KEY: Env.schema.string(),
  /*
  |----------------------------------
  | Where the tides are measured
  |----------------------------------
  */
  STATION: Env.schema.enum(['north', 'south'] as const),
  TIDE_UNIT: Env.schema.string.optional(),
  SPRING_TIDES: Env.schema.boolean(),
});
`,
  ...more,
});
const planOf = async (files: Files) =>
  makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read: (file) => files[file] });

describe('AdonisJS', () => {
  it('starts what its build compiles, beside the packages of production', async () => {
    const facts = await factsOf(app());
    expect(said(facts.archetype)).toBe('web-app');
    expect(said(facts.port)).toEqual({ number: 3333, variable: 'PORT' });
    expect(detailsOf(facts).fullStack?.value).toMatchObject({ name: 'adonis', output: 'build' });
    const { images } = await planOf(app());
    const steps = images['app']?.stages.find(({ name }) => name === 'production')?.steps ?? [];
    const copied = steps.flatMap((step) => (step.do === 'copy' ? [[...step.sources, step.to]] : []));
    expect(copied).toContainEqual(['/app/build', './']);
    expect(copied).toContainEqual(['/app/node_modules', './node_modules']);
    const build = images['app']?.stages.find(({ name }) => name === 'build')?.steps ?? [];
    expect(build.at(-1)).toMatchObject({ do: 'run', argv: ['rm', '-rf', 'build/tests'] });
    const development = images['app']?.stages.find(({ name }) => name === 'development')?.steps ?? [];
    expect(development).toContainEqual(expect.objectContaining({ do: 'cmd', argv: ['node', 'ace', 'serve', '--hmr'] }));
  });

  it('is given what its schema demands, and asks for nothing that is optional', async () => {
    const { settings } = await planOf(app());
    expect(settings['APP_KEY']).toMatchObject({ required: true, secret: true, generate: expect.anything() });
    expect(settings['STATION']).toMatchObject({ required: true, purpose: 'Where the tides are measured' });
    expect(settings['TIDE_UNIT']?.required ?? false).toBe(false);
    expect(settings['SPRING_TIDES']).toMatchObject({ example: 'false', hint: expect.stringContaining('a guess') });
    // the image says where it listens
    expect(settings).not.toHaveProperty('HOST');
  });

  it('reads what its settings ask the schema for by name', async () => {
    const config = `import env from '#start/env';
import { defineConfig } from '@adonisjs/lucid';
export default defineConfig({
  connections: {
    main: { client: 'pg', connection: { host: env.get('DB_HOST'), port: env.get('DB_PORT', 5432), user: env.get('DB_USER'),
      password: env.get('DB_PASSWORD'), database: env.get('DB_DATABASE') } },
  },
});
`;
    const dependencies = { '@adonisjs/core': '6.19.0', '@adonisjs/lucid': '21.0.0', pg: '8.16.3' };
    const { variables } = await factsOf(app({ 'config/database.ts': config }, { dependencies }));
    expect(variables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASSWORD', 'DB_DATABASE']),
    );
  });

  it.each([
    ['scratch', {}, 'tmpfs'],
    ['the file of a database', { 'better-sqlite3': '12.0.0' }, 'volume'],
  ])('keeps %s in tmp', async (_, more, kind) => {
    const { workloads } = await planOf(app({}, { dependencies: { '@adonisjs/core': '6.19.0', ...more } }));
    expect(workloads['app']?.writable.find(({ path }) => path === '/app/tmp')?.kind).toBe(kind);
  });

  it('is no framework of an app that starts something else', async () => {
    const files = app({ 'server.js': "require('node:http').createServer().listen(80);\n" });
    const manifest = {
      ...JSON.parse(files['package.json'] ?? '{}'),
      type: 'commonjs',
      scripts: { start: 'node server.js' },
    };
    const facts = await factsOf({ ...files, 'package.json': JSON.stringify(manifest) });
    expect(said(facts.archetype)).toBe('web-service');
  });
});
