import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const fields = `const shape = z.object({
  NODE_ENV: z.string().default('development'),
  APP_URL: z.url().optional(),
  ADMIN_URL: z.string().optional(),
  REGION: z.string().optional(),
  FEATURE: z.string().optional(),
})`;

async function demanded(refinement: string): Promise<readonly string[]> {
  const { variables } = await factsOf({
    'package.json': JSON.stringify({
      name: 'a',
      type: 'module',
      scripts: { start: 'node server.js' },
      dependencies: { zod: '4.1.0' },
      engines: { node: '24' },
    }),
    'server.js': `import http from 'node:http';\nimport { z } from 'zod';\nconst needed = ['APP_URL', 'ADMIN_URL'];\n${fields}${refinement};\nconst env = shape.parse(process.env);\nhttp.createServer((q, r) => r.end(env.REGION)).listen(3000);\n`,
  });
  return variables.filter(({ required }) => required).map(({ name }) => name);
}

describe('what a refinement of a schema demands', () => {
  it.each([
    [
      'each of a list, but for developing',
      ".superRefine((env, ctx) => { if (env.NODE_ENV !== 'production') return; for (const key of needed) { if (!env[key]) { ctx.addIssue({ code: 'custom', path: [key] }); } } })",
      ['ADMIN_URL', 'APP_URL'],
    ],
    [
      'one by its name',
      ".superRefine((env, ctx) => { if (!env.REGION) ctx.addIssue({ code: 'custom', path: ['REGION'] }); })",
      ['REGION'],
    ],
    [
      'one in production, before the values are changed',
      ".superRefine(function (data, context) { if (data.NODE_ENV === 'production') { if (data.APP_URL === undefined) context.addIssue({ code: 'custom', path: ['APP_URL'] }); } }).transform((one) => one)",
      ['APP_URL'],
    ],
    [
      'one, where production is asked in the same test',
      ".superRefine((env, ctx) => { if (env.NODE_ENV === 'production' && !env.REGION) ctx.addIssue({ code: 'custom', path: ['REGION'] }); })",
      ['REGION'],
    ],
    [
      'one, where production is asked after it',
      ".superRefine((env, ctx) => { if (!env.APP_URL && env.NODE_ENV !== 'development') { ctx.addIssue({ code: 'custom', path: ['APP_URL'] }); } })",
      ['APP_URL'],
    ],
  ])('is %s', async (_, refinement, names) => expect(await demanded(refinement)).toEqual(names));

  it.each([
    [
      'what another field decides in the same test',
      ".superRefine((env, ctx) => { if (env.FEATURE === 'on' && !env.REGION) ctx.addIssue({ path: ['REGION'] }); })",
    ],
    [
      'what developing alone demands',
      ".superRefine((env, ctx) => { if (env.NODE_ENV === 'development' && !env.REGION) ctx.addIssue({ path: ['REGION'] }); })",
    ],
    [
      'what another field decides',
      ".superRefine((env, ctx) => { if (env.FEATURE) { if (!env.REGION) ctx.addIssue({ path: ['REGION'] }); } })",
    ],
    [
      'behind another field',
      ".superRefine((env, ctx) => { if (!env.FEATURE) return; if (!env.REGION) ctx.addIssue({ path: ['REGION'] }); })",
    ],
    [
      'while developing alone',
      ".superRefine((env, ctx) => { if (env.NODE_ENV === 'production') return; if (!env.REGION) ctx.addIssue({ path: ['REGION'] }); })",
    ],
    [
      'a form',
      ".superRefine((env, ctx) => { if (env.REGION && env.REGION.length > 3) ctx.addIssue({ path: ['REGION'] }); })",
    ],
    ['nothing', ''],
  ])('is not: %s', async (_, refinement) => expect(await demanded(refinement)).toEqual([]));
});
