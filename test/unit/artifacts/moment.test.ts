import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { momentNames } from '../../../src/catalog/build-arguments.ts';
import { parseDockerfile } from '../../../src/formats/dockerfile/index.ts';
import { repository } from '../../support/projects.ts';

const dockerfiles = ['examples', 'fixtures/apps'].flatMap((room) =>
  readdirSync(join(repository, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => /expected\/files\/.*Dockerfile$/.test(path))
    .map((path) => join(room, path)),
);

describe('what changes with each commit', () => {
  it.each(dockerfiles)('comes after the last costly layer in %s', (path) => {
    const { stages } = parseDockerfile(readFileSync(join(repository, path), 'utf8'));
    for (const { instructions } of stages) {
      const first = instructions.findIndex(
        ({ keyword, rest }) => keyword === 'ARG' && momentNames[rest.text.split('=')[0]?.trim() ?? ''] !== undefined,
      );
      const after = first === -1 ? [] : instructions.slice(first);
      expect(after.filter(({ keyword }) => keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD')).toEqual([]);
    }
  });

  it('is seen in the files that are looked at', () => {
    expect(dockerfiles.length).toBeGreaterThan(40);
  });
});
