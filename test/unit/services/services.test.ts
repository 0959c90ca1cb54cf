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
    const embedded = services.find((one) => one.name === name)?.embedded === true;
    expect(Object.keys(plan.services)).toHaveLength(embedded ? 0 : 1);
    const text = artifactsOf(plan, project.files()).find((one) => one.path === plan.compose.file)?.content ?? '';
    for (const line of compose) expect(text).toContain(line);
  });
});
