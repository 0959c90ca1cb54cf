import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { readConfig } from '../../../src/project/config.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const read = (files: Record<string, string>, set?: Record<string, string>) => readConfig(memoryProject(files), set);

function refused(files: Record<string, string>, set?: Record<string, string>): UserError {
  try {
    read(files, set);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the configuration', () => {
  it('is none where nobody wrote one', () => {
    expect(read({}).config).toEqual({});
    expect(read({ 'package.json': '{"name":"a"}' }).config).toEqual({});
  });

  it('comes from dockwright.json, else from package.json, and flags come first', () => {
    const manifest = { 'package.json': '{"dockwright":{"port":1}}' };
    expect(read(manifest).config).toEqual({ port: 1 });
    expect(read({ ...manifest, 'dockwright.json': '{"port":2}' }).config).toEqual({ port: 2 });
    const both = read(manifest, { port: '3', name: '4', 'services.redis': 'false', 'variables.A.required': 'true' });
    expect(both.config).toEqual({
      port: 3,
      name: '4',
      services: { redis: false },
      variables: { A: { required: true } },
    });
    expect([both.by('port'), both.by('services.redis'), read(manifest).by('port'), both.by('entry')]).toEqual([
      'flag',
      'flag',
      'config',
      undefined,
    ]);
  });

  it('names the nearest key, and the line', () => {
    const error = refused({ 'dockwright.json': '{\n  "port": 1,\n  "archtype": "library"\n}' });
    expect(error).toMatchObject({
      code: 'config-unknown-key',
      where: { file: 'dockwright.json', line: 3 },
      next: ['did you mean "archetype"?'],
    });
    expect(refused({}, { prot: '1' }).next).toEqual(['did you mean "port"?']);
    expect(refused({}, { quux: '1' }).next[0]).toContain('configuration.md');
  });

  it('says what is wrong with a value, and where', () => {
    expect(refused({ 'dockwright.json': '{\n  "port": "x"\n}' })).toMatchObject({
      code: 'config-invalid',
      where: { line: 2 },
    });
    expect(refused({ 'dockwright.json': '{ "port": 70000 }' }).message).toContain('"port"');
    expect(refused({ 'dockwright.json': '[]' }).code).toBe('config-invalid');
    expect(refused({ 'dockwright.json': '{' }).code).toBe('json-invalid');
    expect(refused({}, { '': 'x' }).code).toBe('config-key');
    expect(refused({}, { '__proto__.x': '1' }).code).toBe('config-key');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
