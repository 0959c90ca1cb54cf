import { describe, expect, it } from 'vitest';
import { readExamples } from '../../../src/inspect/env-example.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const examples = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries([...readExamples(memoryProject(files), '.')].map(([name, { value }]) => [name, value]));

describe('the example of settings', () => {
  it.each(['env-example', '.env_example', 'sample.env', '.env-sample', 'env.template'])('may be called %s', (name) => {
    expect(examples({ [name]: 'LEVEL=3\n' })).toEqual({ LEVEL: '3' });
  });

  it.each(['env-example-tables', '.env.docker.example', 'api.env.sample'])(
    'may be that of one way to run: %s',
    (name) => {
      expect(examples({ [name]: 'LEVEL=3\n' })).toEqual({ LEVEL: '3' });
    },
  );

  it.each([
    'RUN cp env-example-tables .env',
    'COPY env-example-tables .env',
    'RUN if [ ! -f .env ]; then cp env-example-tables ./.env; fi',
  ])('is among several the one that the image takes: %s', (step) => {
    const files = { 'env-example-papers': 'LEVEL=1\n', 'env-example-tables': 'LEVEL=2\n' };
    expect(examples({ ...files, Dockerfile: `FROM node:22\n${step}\n` })).toEqual({ LEVEL: '2' });
    expect(examples({ ...files, Dockerfile: 'FROM node:22\n' })).toEqual({});
  });

  it('is none of another folder, and no declaration of types', () => {
    expect(examples({ 'api/env-example': 'LEVEL=1\n', 'env-example.d.ts': 'LEVEL=1\n' })).toEqual({});
  });
});
