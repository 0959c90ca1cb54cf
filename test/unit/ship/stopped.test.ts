import { describe, expect, it } from 'vitest';
import { lastLines } from '../../../src/ship/run-once.ts';
import { stoppedIn } from '../../../src/ship/start.ts';

describe('what did not come up', () => {
  const project = { name: 'run', files: [], envFile: '', folder: '' };
  const find = async (_: unknown, service: string) => `id of ${service}`;

  it.each([
    ['dependency failed to start: container run-app-1 exited (1)', 'run-app-1'],
    ['dependency failed to start: container run-db-1 is unhealthy', 'run-db-1'],
    ['service "migrate" didn\'t complete successfully: exit 1', 'id of migrate'],
    ['no such image', undefined],
  ])('is named by compose: %s', async (why, id) => expect(await stoppedIn(project, why, find)).toBe(id));

  it('says what ended it, and nothing of what its error holds', () => {
    const printed =
      'Error: connect ECONNREFUSED 10.0.0.2:80\n    at x\n{\n  toJSON: [Function: toJSON]\n}\n\nNode.js v26.12.1\n';
    expect(lastLines(printed)).toBe('Error: connect ECONNREFUSED 10.0.0.2:80');
    expect(lastLines('')).toBe('it printed nothing');
  });
});
