import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const text =
  "import { PrismaClient } from '@prisma/client';\nnew PrismaClient();\nsetInterval(() => console.log(1), 1000);\n";
const schema = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n';

/** What the stage of the packages is made from, and what it runs. */
async function modulesOf(scripts: object, lockfile: string, packages: object, source = text) {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts, ...packages }),
    [lockfile]: '',
    'src/index.ts': source,
    'prisma/schema.prisma': schema,
  };
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const stage = plan.images['app']?.stages.find(({ name }) => name === 'modules');
  return {
    from: stage && 'stage' in stage.from ? stage.from.stage : undefined,
    installs: stage?.steps.some((step) => step.do === 'run' && step.argv.includes('install')) ?? false,
  };
}
const prisma = { dependencies: { '@prisma/client': '6.0.0' }, devDependencies: { prisma: '6.0.0' } };
const bun = (more: object = {}) => ({ start: 'bun src/index.ts', ...more });

describe('what scripts make among the packages is in production', () => {
  it.each([
    ['made by its own script around installing', bun({ postinstall: 'bunx prisma generate' })],
    ['made by a script of another name', bun({ postinstall: 'bun run db:gen', 'db:gen': 'prisma generate' })],
    ['made by the tool itself', bun()],
  ])('with a manager that cannot take development dependencies out: %s', async (_, scripts) => {
    expect(await modulesOf(scripts, 'bun.lock', prisma)).toEqual({ from: 'build', installs: false });
  });

  it('and nothing else is, where nothing is made', async () => {
    const source = "import { z } from 'zod';\nsetInterval(() => console.log(z), 1000);\n";
    const packages = { dependencies: { zod: '4.0.0' }, devDependencies: { prettier: '3.0.0' } };
    const found = await modulesOf(bun({ postinstall: 'husky' }), 'bun.lock', packages, source);
    expect(found.from).not.toBe('build');
  });
});
