import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

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
