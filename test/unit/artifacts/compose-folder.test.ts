import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { committedProject } from '../../support/committed.ts';
import { factsOf } from '../../support/facts.ts';
import { git } from '../../support/git.ts';

const services = `services:
  postgres:
    image: postgres:17
    environment: { POSTGRES_USER: shop, POSTGRES_PASSWORD: shop, POSTGRES_DB: shop }
`;

/** An application that the compose file of its author, which starts its database alone, does not start. */
const app = (manifest: object, more: Readonly<Record<string, string>>) => ({
  'package.json': JSON.stringify({
    name: 'shop',
    scripts: { start: 'node src/index.js' },
    engines: { node: '24' },
    dependencies: { pg: '^8.0.0' },
    ...manifest,
  }),
  'src/index.js': `const pg = require('pg');
new pg.Pool({ connectionString: process.env.DATABASE_URL });
require('node:http').createServer((q, r) => r.end('x')).listen(3000);`,
  ...more,
});

async function development(files: Readonly<Record<string, string>>) {
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  return artifactsOf(plan, Object.keys(files)).find(({ path }) => path === plan.compose.development);
}

describe('paths of a compose file that lies in a folder', () => {
  it.each([
    ['infra/docker-compose.yml', '..', '../src'],
    ['docker/compose.yaml', '..', '../src'],
    ['docker-compose.yml', '.', './src'],
  ])('start there: %s', async (file, context, source) => {
    const made = await development(app({}, { [file]: services }));
    expect(made?.path.startsWith(file.slice(0, file.lastIndexOf('/') + 1))).toBe(true);
    expect(made?.content).toContain(`volumes: [${source}:/app/src:ro]`);
    expect(made?.content).toContain(`context: ${context}`);
  });
});

describe('the values of this machine', () => {
  it.each([
    ['infra/docker-compose.yml', 'infra/.env'],
    ['docker-compose.yml', '.env'],
  ])('lie beside %s, where Compose reads them', async (file, path) => {
    const given = services.replace('POSTGRES_PASSWORD: shop', 'POSTGRES_PASSWORD: "$' + '{POSTGRES_PASSWORD}"');
    const root = committedProject(app({}, { [file]: given, '.gitignore': 'node_modules\n' }));
    const generation = await generate({ cwd: root });
    const written = await writeGeneration(generation, { edits: true, env: true });
    expect(written).toContain(path);
    expect(readFileSync(join(root, path), 'utf8')).toMatch(/^POSTGRES_PASSWORD=[\w-]+$/m);
    expect(git(root, 'status', '--short', '--ignored').split('\n')).toContain(`!! ${path}`);
    // once they are there, nothing is offered again
    expect((await generate({ cwd: root })).env).toBeUndefined();
  });
});
