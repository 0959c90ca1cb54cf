import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '../../../src/model/contract.ts';
import { examineDockerfile } from '../../../src/ship/frontend.ts';

let base = '';
const at = (path: string) => join(base, path);

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'frontend-'));
  mkdirSync(at('project/deep'), { recursive: true });
  mkdirSync(at('temp/copies/1'), { recursive: true });
  writeFileSync(at('project/Own'), '# syntax=docker/dockerfile:1\nFROM a\n');
  writeFileSync(at('project/deep/Foreign'), '#!x\n# syntax=evil/x:1\nFROM a\n');
  writeFileSync(at('project/Plain'), 'FROM a\n');
  writeFileSync(at('temp/copies/1/Dockerfile'), '// syntax=evil/y\n');
  writeFileSync(at('outside'), 'FROM a\n');
  symlinkSync('../outside', at('project/Link'));
  symlinkSync('Plain', at('project/Inner'));
  symlinkSync('..', at('project/up'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const examine = (path: string, more: Partial<Parameters<typeof examineDockerfile>[0]> = {}) =>
  examineDockerfile({
    dockerfile: at(path),
    trust: { root: at('project'), frontends: [] },
    temp: at('temp'),
    ...more,
  });

describe('examineDockerfile', () => {
  it.each(['project/Own', 'project/Plain', 'project/Inner'])('lets %s through', (path) => {
    expect(() => examine(path)).not.toThrow();
  });
  it('refuses a foreign frontend, with its line and the flag that allows it', () => {
    expect(() => examine('project/deep/Foreign')).toThrow(
      expect.objectContaining({
        code: 'frontend-refused',
        message: expect.stringContaining('evil/x:1'),
        where: { file: 'deep/Foreign', line: 2 },
        next: expect.arrayContaining([expect.stringContaining('--allow-frontend evil/x:1')]),
      }),
    );
  });
  it('names a copy by what it is a copy of', () => {
    const where = { file: 'db/Dockerfile', line: 1 };
    expect(() => examine('temp/copies/1/Dockerfile', { shownAs: 'db/Dockerfile' })).toThrow(
      expect.objectContaining({ code: 'frontend-refused', where }),
    );
  });
  it('refuses the frontend of a build argument', () => {
    const more = { buildArgs: { BUILDKIT_SYNTAX: 'evil/z --flag' } };
    expect(() => examine('project/Own', more)).toThrow(expect.objectContaining({ code: 'frontend-refused' }));
    expect(() => examine('project/Own', { buildArgs: { BUILDKIT_SYNTAX: 'docker/dockerfile:1' } })).not.toThrow();
  });
  it('names an allowed frontend before it runs, and allows that alone', () => {
    const told: Progress[] = [];
    const allow = (...frontends: string[]) => ({
      trust: { root: at('project'), frontends },
      onProgress: (event: Progress) => told.push(event),
    });
    examine('project/deep/Foreign', allow('evil/x:1'));
    expect(told[0]).toMatchObject({ type: 'step', title: expect.stringContaining('evil/x:1') });
    for (const other of ['evil/x', 'evil/x:2', 'x:1', 'evil/y']) {
      expect(() => examine('project/deep/Foreign', allow(other))).toThrow(/evil\/x:1/);
    }
  });
  it.each(['project/Link', 'project/up/outside', 'outside'])('refuses %s, which is outside the project', (path) => {
    expect(() => examine(path)).toThrow(expect.objectContaining({ code: 'dockerfile-outside' }));
  });
  it('refuses a Dockerfile that is missing: buildx would take another name', () => {
    expect(() => examine('project/Dockerfile')).toThrow(expect.objectContaining({ code: 'dockerfile-missing' }));
    expect(() => examine('project/deep')).toThrow(expect.objectContaining({ code: 'dockerfile-missing' }));
  });
});
