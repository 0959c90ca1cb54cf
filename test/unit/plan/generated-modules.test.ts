import { describe, expect, it } from 'vitest';
import type { Image } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const text =
  "import { PrismaClient } from '@prisma/client';\nnew PrismaClient();\nsetInterval(() => console.log(1), 1000);\n";
const schema = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n';

type Stage = Image['stages'][number];

/** What the stage of the packages is made from, and what it runs. */
async function modulesOf(scripts: object, lockfile: string, packages: object, source = text) {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts, ...packages }),
    [lockfile]: lockfile.endsWith('.json') ? JSON.stringify({ lockfileVersion: 3, packages: {} }) : '',
    'src/index.ts': source,
    'prisma/schema.prisma': schema,
  };
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const stage = plan.images['app']?.stages.find(({ name }) => name === 'modules');
  return {
    from: stage && 'stage' in stage.from ? stage.from.stage : undefined,
    generates: Object.fromEntries(
      ['build', 'development'].map((name) => [name, generations(plan.images['app']?.stages, name)]),
    ),
    installs: stage?.steps.some((step) => step.do === 'run' && step.argv.includes('install')) ?? false,
  };
}

/** How often a stage makes the client by itself; what the build script runs is not counted. */
const generations = (stages: readonly Stage[] | undefined, name: string): number =>
  stages
    ?.find((one) => one.name === name)
    ?.steps.filter((step) => step.do === 'run' && step.argv.slice(-2).join(' ') === 'prisma generate').length ?? 0;

const prisma = { dependencies: { '@prisma/client': '6.0.0' }, devDependencies: { prisma: '6.0.0' } };
const bun = (more: object = {}) => ({ start: 'bun src/index.ts', ...more });

describe('what scripts make among the packages is in production', () => {
  it.each([
    ['made by its own script around installing', bun({ postinstall: 'bunx prisma generate' })],
    ['made by a script of another name', bun({ postinstall: 'bun run db:gen', 'db:gen': 'prisma generate' })],
    ['made by the tool itself', bun()],
  ])('with a manager that cannot take development dependencies out: %s', async (_, scripts) => {
    expect(await modulesOf(scripts, 'bun.lock', prisma)).toMatchObject({ from: 'build', installs: false });
  });

  it('and nothing else is, where nothing is made', async () => {
    const source = "import { z } from 'zod';\nsetInterval(() => console.log(z), 1000);\n";
    const packages = { dependencies: { zod: '4.0.0' }, devDependencies: { prettier: '3.0.0' } };
    const found = await modulesOf(bun({ postinstall: 'husky' }), 'bun.lock', packages, source);
    expect(found.from).not.toBe('build');
  });

  const node = (more: object) => ({ start: 'node dist/index.js', ...more });
  const packages = { ...prisma, devDependencies: { ...prisma.devDependencies, typescript: '5.9.0' } };

  it.each([
    ['the build script itself', node({ build: 'npx prisma generate && tsc' })],
    ['a script before it', node({ prebuild: 'prisma generate', build: 'tsc' })],
    ['a script that it runs', node({ build: 'npm run client && tsc', client: 'prisma generate --no-hints' })],
  ])('where %s makes it, once for production, and before developing', async (_, scripts) => {
    expect(await modulesOf(scripts, 'package-lock.json', packages)).toMatchObject({
      from: 'build',
      generates: { build: 0, development: 1 },
    });
  });

  it('and where the build script does something else, before it', async () => {
    const scripts = node({ build: 'tsc', format: 'prisma format' });
    expect(await modulesOf(scripts, 'package-lock.json', packages)).toMatchObject({
      from: 'build',
      generates: { build: 1, development: 1 },
    });
  });
});
