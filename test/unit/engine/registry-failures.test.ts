import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type RegistryOptions } from '../../../src/engine/registry/client.ts';
import { type Conduct, fakeRegistry } from '../../support/registry.ts';

const type = 'application/vnd.oci.image.manifest.v1+json';
let folder = '';
const before = process.env['DOCKER_CONFIG'];
const opened: Awaited<ReturnType<typeof fakeRegistry>>[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dockwright-docker-config-'));
  process.env['DOCKER_CONFIG'] = folder;
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env['DOCKER_CONFIG'];
  else process.env['DOCKER_CONFIG'] = before;
});

async function open(conduct: Conduct, options: Partial<RegistryOptions> = {}) {
  const fake = await fakeRegistry(conduct);
  opened.push(fake);
  const auth = Buffer.from(conduct.login ?? 'ann:s3cret').toString('base64');
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [fake.host]: { auth } } }));
  const retries: string[] = [];
  const onRetry = (why: string) => retries.push(why);
  const registry = openRegistry({ host: fake.host, path: 'acme/orders' }, { action: 'push', onRetry, ...options });
  return { fake, registry, retries };
}

type Before = NonNullable<Conduct['before']>;
const isQuestion = ({ method }: Parameters<Before>[0]) => method === 'GET';
const always =
  (status: number, body = '{}', headers: Record<string, string> = {}): Before =>
  (request, response) => {
    if (!isQuestion(request)) return false;
    response.writeHead(status, headers).end(body);
    return true;
  };
const cut: Before = (request) => {
  request.socket.destroy();
  return true;
};
/** Sends a byte now and then, and never comes to an end. */
const dribble: Before = (request, response) => {
  if (request.url?.endsWith('/v2/')) return false;
  response.writeHead(200, { 'content-type': type });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
  return true;
};
const nothing: Before = () => true;

describe('a failure of a registry', () => {
  it.each<[string, Conduct, Partial<RegistryOptions>, object, string]>([
    [
      '503 for ever',
      { before: always(503) },
      { attempts: 2 },
      { code: 'registry-failed', exit: 4, retry: true },
      'again later',
    ],
    [
      'a rate limit for ever',
      { before: always(429) },
      { attempts: 2 },
      { code: 'registry-limit', exit: 4, retry: true },
      'docker login',
    ],
    ['cut connections', { before: cut }, { attempts: 2 }, { code: 'registry-silent', exit: 4, retry: true }, 'network'],
    ['no answer', { before: nothing }, { patience: 300 }, { code: 'registry-silent', exit: 4, retry: true }, 'network'],
    [
      'an answer without an end',
      { before: dribble },
      { patience: 300 },
      { code: 'registry-silent', exit: 4, retry: true },
      'network',
    ],
    ['no right to read', { before: always(403) }, {}, { code: 'registry-denied', exit: 1, retry: false }, '--registry'],
  ])('such as %s has a code, a cause and a remedy', async (_, conduct, options, expected, remedy) => {
    const { fake, registry } = await open(conduct, options);
    const error = await registry.manifest('1.0.0').catch((one: unknown) => one);
    expect(error).toMatchObject(expected);
    expect(error).toMatchObject({
      message: expect.stringContaining(fake.host),
      next: [expect.stringContaining(remedy)],
    });
  });

  it('gives up by itself within two minutes', async () => {
    // four attempts of 25 s of silence and their pauses, or the time for one question
    expect(4 * 25 + 0.5 + 1 + 2).toBeLessThan(120);
    const { registry, retries } = await open({ before: nothing }, { patience: 200 });
    const begin = performance.now();
    await expect(registry.tags()).rejects.toMatchObject({ exit: 4 });
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(retries).toEqual([]);
  });

  it('waits as long as it is told to', async () => {
    let left = 1;
    const { registry, retries } = await open({
      before: (request, response) => {
        if (!isQuestion(request) || request.url === '/v2/' || left === 0) return false;
        left -= 1;
        response.writeHead(429, { 'retry-after': '1' }).end();
        return true;
      },
    });
    expect(await registry.tags()).toEqual([]);
    expect(retries).toEqual([expect.stringContaining('trying again in 1 s')]);
  });

  it('that is a token which has expired is answered by another one', async () => {
    let isExpired = false;
    const { fake, registry } = await open({
      login: 'ann:s3cret',
      bearer: true,
      before: (request, response) => {
        if (!isExpired || request.url?.startsWith('/token')) return false;
        isExpired = false;
        const realm = `http://${request.headers.host}/token`;
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="fake"` }).end();
        return true;
      },
    });
    await registry.login();
    isExpired = true;
    expect(await registry.tags()).toEqual([]);
    expect(fake.requests.filter((one) => one.endsWith('/token'))).toHaveLength(2);
  });

  it('that is a kind of manifest which it does not know is told from the others', async () => {
    const { registry } = await open({
      before: (request, response) => {
        if (request.method !== 'PUT') return false;
        response.writeHead(400).end('{"errors":[{"code":"MANIFEST_INVALID","message":"manifest invalid"}]}');
        return true;
      },
    });
    await expect(registry.putManifest('1.0.0', type, '{}')).rejects.toMatchObject({
      code: 'manifest-refused',
      exit: 1,
      message: expect.stringContaining('MANIFEST_INVALID'),
    });
  });

  it('ends with the person who gave up', async () => {
    const { registry } = await open({ before: nothing }, { signal: AbortSignal.timeout(200) });
    await expect(registry.tags()).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
