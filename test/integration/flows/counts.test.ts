import { describe, expect, it } from 'vitest';
import { countsFor, countsForBuild } from '../../../src/flows/revision.ts';
import type { Image } from '../../../src/model/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const files = {
  'apps/api/Dockerfile': 'FROM node:24-slim\n',
  'apps/api/Dockerfile.dockerignore': '*\n!apps/api\n!packages/used\n',
  'docker-compose.yml': 'services: {}\n',
};
const image = { dockerfile: 'apps/api/Dockerfile', context: { root: '.' } } as unknown as Image;
const last = new Map([['docker-compose.yml', { kind: 'generated', content: files['docker-compose.yml'] }]]);
const shipped = { project: memoryProject(files), last, plan: { images: { api: image } } } as unknown as Parameters<
  typeof countsFor
>[0];

describe('a difference from the commit', () => {
  it.each([
    ['apps/api/server.js', true, true, true],
    ['packages/used/index.js', true, true, true],
    ['packages/unused/index.js', true, true, false],
    ['packages/unused/new.js', false, false, false],
    ['packages/used/new.js', false, true, true],
    ['apps/api/Dockerfile', true, true, true],
    ['apps/api/Dockerfile.dockerignore', true, true, true],
    ['docker-compose.yml', true, false, false],
    ['.dockwright/state.json', true, false, false],
  ])('of %s, tracked %s, counts for the tags: %s, for the image: %s', (path, isTracked, tags, built) => {
    expect(countsFor(shipped)(path, isTracked)).toBe(tags);
    expect(countsForBuild(shipped)(path, isTracked)).toBe(built);
  });
});
