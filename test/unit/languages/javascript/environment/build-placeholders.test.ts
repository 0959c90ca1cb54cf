import { describe, expect, it } from 'vitest';
import { dockerfile } from '../../../../../src/artifacts/dockerfile.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { factsOf } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

async function buildOf(files: Files): Promise<string> {
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const image = plan.images['app'];
  if (!image) throw new Error('a plan without an image');
  const text = dockerfile(plan, image).content;
  const start = text.indexOf(' AS build');
  // what follows may come from the build, and gets nothing of this
  expect(text.slice(text.indexOf('\nFROM ', start))).not.toContain('placeholder');
  return text.slice(start, text.indexOf('\nFROM ', start));
}

const next = (more: Files, dependencies: object = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'notes',
    scripts: { build: 'next build', start: 'next start' },
    engines: { node: '24' },
    dependencies: { next: '16.4.6', react: '19.2.0', ...dependencies },
  }),
  'src/app/page.tsx': "import '../env';\nexport default () => <b>hello</b>;\n",
  ...more,
});
const t3 = (server: string, more = ''): Files => ({
  'src/env.ts': `import { createEnv } from '@t3-oss/env-nextjs';
import { z } from 'zod';
export const env = createEnv({
  server: { ${server} },
  client: { NEXT_PUBLIC_NAME: z.string() },
  experimental__runtimeEnv: process.env,${more}
});
`,
});

describe('the build of a framework that loads modules of the server', () => {
  it('is given a value of the right kind for each variable that they stop without', async () => {
    const build = await buildOf(
      next(
        t3(
          'AUTH_SECRET: z.string().min(48), SITE: z.string().url(), LIMIT: z.coerce.number(), REPLY: z.email(), TIER: z.enum(["free", "paid"]), TRACE: z.string().optional(), LEVEL: z.string().default("info")',
        ),
      ),
    );
    expect(build).toMatch(/export AUTH_SECRET=placeholder[\w-]{37,}/);
    expect(build).toContain('export SITE=http://build.invalid');
    expect(build).toContain('export LIMIT=1 ');
    expect(build).toContain('export REPLY=build@build.invalid');
    expect(build).toContain('export TIER=free');
    expect(build).not.toMatch(/TRACE|LEVEL|export NEXT_PUBLIC_NAME/);
  });

  it('has the checks of the project turned off where it has a switch for that', async () => {
    const skipping = '\n  skipValidation: !!process.env.SKIP_ENV_VALIDATION,';
    expect(await buildOf(next(t3('KEY: z.string()', skipping)))).toContain('SKIP_ENV_VALIDATION=1');
    const older = `if (!!process.env.SKIP_ENV_VALIDATION == false) {
  if (!process.env.MAIL_KEY) throw new Error('MAIL_KEY is missing');
}
export {};`;
    const files = next({ 'src/env.ts': older });
    const { variables } = await factsOf(files);
    expect(variables.find(({ name }) => name === 'SKIP_ENV_VALIDATION')?.required).toBe(false);
    expect(await buildOf(files)).toMatch(/SKIP_ENV_VALIDATION=1 MAIL_KEY=placeholder/);
  });

  it('is given an address at which no database answers', async () => {
    const files = {
      'package.json': JSON.stringify({
        name: 'diary',
        scripts: { build: 'vite build', start: 'node build' },
        engines: { node: '24' },
        dependencies: { postgres: '3' },
        devDependencies: { '@sveltejs/kit': '2', '@sveltejs/adapter-node': '5', vite: '8', svelte: '5' },
      }),
      'svelte.config.js':
        "import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter() } };",
      'src/routes/+page.server.ts': "import { sql } from '$lib/db';\nexport const load = () => sql`select 1`;",
      'src/lib/db.ts': `import postgres from 'postgres';
import { env } from '$env/dynamic/private';
if (!env.DATABASE_URL) throw new Error('DATABASE_URL is not set');
export const sql = postgres(env.DATABASE_URL);`,
    };
    expect(await buildOf(files)).toContain('DATABASE_URL=postgres://build:build@127.0.0.1:1/build npm run build');
  });

  it('is given nothing where nothing is demanded, and nothing where the build only reads the modules', async () => {
    expect(await buildOf(next({ 'src/env.ts': 'export const name = process.env.NAME;' }))).not.toMatch(/export|NAME=/);
    const nuxt = {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { build: 'nuxt build', start: 'node .output/server/index.mjs' },
        engines: { node: '24' },
        dependencies: { nuxt: '4.0.0' },
      }),
      'nuxt.config.ts': 'export default defineNuxtConfig({});',
      'server/api/items.ts':
        "if (!process.env.SHOP_KEY) throw new Error('SHOP_KEY is missing');\nexport default defineEventHandler(() => []);",
    };
    expect((await factsOf(nuxt)).variables.map(({ name }) => name)).toContain('SHOP_KEY');
    expect(await buildOf(nuxt)).not.toContain('SHOP_KEY');
  });
});
