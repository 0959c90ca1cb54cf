import { resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { cacheVariables, readCache } from '../../../src/engine/cache.ts';
import { UserError } from '../../../src/model/errors.ts';

describe('a cache of a build', () => {
  it.each([
    ['type=gha,scope=orders', 'from', 'type=gha,scope=orders'],
    ['type=registry,ref=127.0.0.1:5000/orders:cache', 'from', 'type=registry,ref=127.0.0.1:5000/orders:cache'],
    ['ghcr.io/acme/orders:cache', 'from', 'type=registry,ref=ghcr.io/acme/orders:cache'],
    ['type=local,src=.cache', 'from', `type=local,src=${resolve('.cache')}`],
    ['type=local,dest=/tmp/cache,mode=max', 'to', 'type=local,dest=/tmp/cache,mode=max'],
    ['type=inline', 'to', 'type=inline'],
  ] as const)('%s is taken', (text, way, taken) => {
    expect(readCache(text, way)).toBe(taken);
  });

  it.each([
    ['type=s3,bucket=x', 'from'],
    ['src=.cache', 'from'],
    ['--output', 'from'],
    ['type=local,dest="a,b"', 'to'],
  ] as const)('%s is refused', (text, way) => {
    expect(() => readCache(text, way)).toThrow(UserError);
  });

  it('of GitHub gets the token of the run, and no other cache does', () => {
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', 'token');
    vi.stubEnv('ACTIONS_RESULTS_URL', undefined);
    vi.stubEnv('ACTIONS_CACHE_URL', undefined);
    vi.stubEnv('ACTIONS_CACHE_SERVICE_V2', undefined);
    expect(cacheVariables(['--cache-to', 'type=gha,mode=max'])).toEqual({ ACTIONS_RUNTIME_TOKEN: 'token' });
    expect(cacheVariables(['--cache-to', 'type=local,dest=/x'])).toEqual({});
    vi.unstubAllEnvs();
  });
});
