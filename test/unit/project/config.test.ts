import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { readConfig } from '../../../src/project/config.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const read = (files: Record<string, string>, set?: Record<string, string>) => readConfig(memoryProject(files), set);

async function refused(files: Record<string, string>, set?: Record<string, string>): Promise<UserError> {
  try {
    await read(files, set);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the configuration', () => {
  it('is none where nobody wrote one', async () => {
    expect(await read({})).toEqual({});
    expect(await read({ 'package.json': '{"name":"a"}' })).toEqual({});
  });

  it('takes a command of a flag as JSON, or as its words where no shell would read more into them', async () => {
    expect(await read({}, { start: 'node dist/server.js' })).toEqual({ start: ['node', 'dist/server.js'] });
    expect(await read({}, { start: '["node", "a b.js"]' })).toEqual({ start: ['node', 'a b.js'] });
    expect(await read({}, { name: 'my shop' })).toEqual({ name: 'my shop' });
    expect((await refused({}, { start: 'node "a b.js"' })).code).toBe('config-invalid');
    expect((await refused({}, { start: 'node a.js && node b.js' })).code).toBe('config-invalid');
  });

  it('comes from dockwright.json, else from package.json, and flags come first', async () => {
    const manifest = { 'package.json': '{"dockwright":{"port":1}}' };
    expect(await read(manifest)).toEqual({ port: 1 });
    expect(await read({ ...manifest, 'dockwright.json': '{"port":2}' })).toEqual({ port: 2 });
    const both = await read(manifest, {
      port: '3',
      name: '4',
      'services.redis': 'false',
      'variables.A.required': 'true',
    });
    expect(both).toEqual({
      port: 3,
      name: '4',
      services: { redis: false },
      variables: { A: { required: true } },
    });
  });

  it('names the nearest key, and the line', async () => {
    const error = await refused({ 'dockwright.json': '{\n  "port": 1,\n  "archtype": "library"\n}' });
    expect(error).toMatchObject({
      code: 'config-unknown-key',
      where: { file: 'dockwright.json', line: 3 },
      next: ['Did you mean "archetype"?'],
    });
    expect((await refused({}, { prot: '1' })).next).toEqual(['Did you mean "port"?']);
    expect((await refused({}, { quux: '1' })).next[0]).toContain('configuration.md');
  });

  it('says what is wrong with a value, and where', async () => {
    expect(await refused({ 'dockwright.json': '{\n  "port": "x"\n}' })).toMatchObject({
      code: 'config-invalid',
      where: { line: 2 },
    });
    expect((await refused({ 'dockwright.json': '{ "port": 70000 }' })).message).toContain('"port"');
    expect((await refused({ 'dockwright.json': '[]' })).code).toBe('config-invalid');
    expect((await refused({ 'dockwright.json': '{' })).code).toBe('json-invalid');
    expect((await refused({}, { '': 'x' })).code).toBe('config-key');
    expect((await refused({}, { '__proto__.x': '1' })).code).toBe('config-key');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
