import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { services } from '../../../src/services/registry.gen.ts';
import { serviceFixtures } from '../../support/services.ts';

describe('a project that uses a service', () => {
  it.each(serviceFixtures)('gets it: $name', async ({ name, files, compose }) => {
    const project = memoryProject(files);
    const { apps } = await inspect(project, { config: {} });
    const [facts] = apps;
    if (!facts) throw new Error('no app was found in the fixture');
    expect(facts.services.map((one) => one.service)).toEqual([name]);
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: project.read });
    const { embedded, outside } = services.find((one) => one.name === name) ?? {};
    expect(Object.keys(plan.services)).toHaveLength(embedded || outside ? 0 : 1);
    const text = artifactsOf(plan, project.files()).find((one) => one.path === plan.compose.file)?.content ?? '';
    for (const line of compose) expect(text).toContain(line);
  });
});

describe('the volume of PostgreSQL', () => {
  const placeOf = async (image: string | undefined) => {
    const project = memoryProject({
      'package.json': JSON.stringify({ name: 'a', scripts: { start: 'node a.js' }, dependencies: { pg: '^8.0.0' } }),
      'a.js':
        "const http = require('node:http');\nconst { Pool } = require('pg');\nnew Pool({ connectionString: process.env.DATABASE_URL });\nhttp.createServer().listen(3000);",
    });
    const config = image === undefined ? {} : { services: { postgres: { image } } };
    const [facts] = (await inspect(project, { config })).apps;
    if (!facts) throw new Error('no app was found');
    const plan = await makePlan({ facts, specification: undefined, config, read: project.read });
    return plan.services['db']?.volume?.path;
  };
  it.each([
    ['postgres:18-alpine', '/var/lib/postgresql'],
    ['postgres:latest', '/var/lib/postgresql'],
    ['registry.example:5000/postgres:19.1', '/var/lib/postgresql'],
    ['pgvector/pgvector:0.8.1-pg18', '/var/lib/postgresql'],
    ['timescale/timescaledb:latest-pg17', '/var/lib/postgresql/data'],
    ['postgres:9.6', '/var/lib/postgresql/data'],
    [undefined, '/var/lib/postgresql/data'],
  ])('of %s lies at %s', async (image, path) => expect(await placeOf(image)).toBe(path));
});
