import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readChallenge } from '../../../src/engine/registry/challenge.ts';
import { openRegistry } from '../../../src/engine/registry/client.ts';
import { type Conduct, fakeRegistry } from '../../support/registry.ts';

const opened: Awaited<ReturnType<typeof fakeRegistry>>[] = [];
let folder = '';
const before = { config: process.env['DOCKER_CONFIG'], path: process.env['PATH'] };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dockwright-docker-config-'));
  process.env['DOCKER_CONFIG'] = folder;
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(folder, { recursive: true });
  if (before.config === undefined) delete process.env['DOCKER_CONFIG'];
  else process.env['DOCKER_CONFIG'] = before.config;
  process.env['PATH'] = before.path;
});

const configure = (config: unknown) => writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
const loggedIn = (host: string, login: string) =>
  configure({ auths: { [host]: { auth: Buffer.from(login).toString('base64') } } });

async function open(conduct: Conduct = {}) {
  const fake = await fakeRegistry(conduct);
  opened.push(fake);
  const retries: string[] = [];
  const registry = openRegistry(
    { host: fake.host, path: 'acme/orders' },
    { action: 'push', onRetry: (why) => retries.push(why) },
  );
  return { fake, registry, retries };
}

const layer = Buffer.from('a layer');
const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
const blob = { digest, size: layer.length, stream: () => Readable.from([layer]) };
const manifest = JSON.stringify({ schemaVersion: 2 });
const type = 'application/vnd.oci.image.manifest.v1+json';

/** Cuts off, or answers with a status, the first few requests of a kind. */
const failing = (wanted: string, times: number, status?: number): Conduct['before'] => {
  let left = times;
  return (request, response) => {
    if (request.method !== wanted || left === 0) return false;
    left -= 1;
    if (status === undefined) request.socket.destroy();
    else {
      response.writeHead(status);
      response.end();
    }
    return true;
  };
};

describe('a registry', () => {
  it('takes blobs and manifests, and gives them back', async () => {
    const { fake, registry } = await open();
    await registry.login();
    expect(await registry.hasBlob(digest)).toBe(false);
    await registry.putBlob(blob);
    expect(await registry.hasBlob(digest)).toBe(true);
    expect(fake.blobs.get(digest)).toEqual(layer);
    await registry.putManifest('1.0.0', type, manifest);
    expect(await registry.manifest('1.0.0')).toMatchObject({ type, text: manifest });
    expect(await registry.manifest('2.0.0')).toBeUndefined();
    expect(await registry.tags()).toEqual(['1.0.0']);
  });

  it.each([
    ['a password', {}],
    ['a token', { bearer: true }],
  ])('that asks for %s gets the login of the configuration of Docker', async (_, conduct) => {
    const { fake, registry } = await open({ ...conduct, login: 'ann:s3cret:with:colons' });
    loggedIn(fake.host, 'ann:s3cret:with:colons');
    await registry.login();
    await registry.putBlob(blob);
    expect(fake.blobs.size).toBe(1);
  });

  it.each([
    ['a password', {}],
    ['a token', { bearer: true }],
  ])('that asks for %s and refuses it is named, and the password is not', async (_, conduct) => {
    const { fake, registry } = await open({ ...conduct, login: 'ann:right' });
    loggedIn(fake.host, 'ann:wr0ng-passw0rd');
    const error = await registry.login().catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'registry-login', exit: 1, message: expect.stringContaining(fake.host) });
    expect(JSON.stringify(error)).not.toContain('wr0ng');
    expect(fake.requests.filter((one) => one.startsWith('POST')).length).toBeLessThan(3);
  });

  it('without a login is named with what to do', async () => {
    const { fake, registry } = await open({ login: 'ann:right' });
    await expect(registry.login()).rejects.toMatchObject({
      code: 'registry-login',
      next: [expect.stringContaining(`docker login ${fake.host}`)],
    });
  });

  it('gets its login from a credential helper, which no shell starts', async () => {
    const { fake, registry } = await open({ login: 'ann:from-helper' });
    const helper = join(folder, 'docker-credential-test');
    writeFileSync(
      helper,
      `#!/bin/sh\nread host\n[ "$1" = get ] && [ "$host" = "${fake.host}" ] && echo '{"Username":"ann","Secret":"from-helper"}'\n`,
    );
    chmodSync(helper, 0o755);
    process.env['PATH'] = `${folder}:${before.path}`;
    configure({ credHelpers: { [fake.host]: 'test' } });
    await registry.login();
    configure({ credsStore: 'x; touch /tmp/never' });
    const other = openRegistry({ host: fake.host, path: 'acme/orders' }, { action: 'push' });
    await expect(other.login()).rejects.toMatchObject({ code: 'docker-config-invalid' });
  });

  it.each([
    ['a cut connection', undefined],
    ['503', 503],
    ['a rate limit', 429],
  ])('is asked again after %s in the middle of an upload', async (_, status) => {
    const { fake, registry, retries } = await open({ before: failing('PUT', 2, status) });
    await registry.putBlob(blob);
    expect(fake.blobs.size).toBe(1);
    expect(retries).toHaveLength(2);
  });

  it.each([401, 403, 404])('that answers %i is not asked again', async (status) => {
    const { registry, retries } = await open({ before: failing('POST', 99, status) });
    await expect(registry.putBlob(blob)).rejects.toMatchObject({ exit: 1 });
    expect(retries).toEqual([]);
  });

  it('that moves no tag is recognised, and asked once', async () => {
    const { fake, registry } = await open({ immutable: true });
    await registry.putManifest('1.0.0', type, manifest);
    await expect(registry.putManifest('1.0.0', type, '{}')).rejects.toMatchObject({ code: 'tag-immutable', exit: 1 });
    expect(fake.requests.filter((one) => one.endsWith('PUT /v2/acme/orders/manifests/1.0.0'))).toHaveLength(2);
  });

  it('that is not there ends with 4', async () => {
    const { fake, registry } = await open();
    await fake.close();
    opened.splice(0);
    await expect(registry.login()).rejects.toMatchObject({ code: 'registry-silent', exit: 4, retry: true });
  });
});

describe('what a registry asks for', () => {
  it.each([
    [
      'Bearer realm="https://a/b?c=d",service="s",scope="x:y:pull,push"',
      'bearer',
      { realm: 'https://a/b?c=d', service: 's', scope: 'x:y:pull,push' },
    ],
    ['Basic realm=plain', 'basic', { realm: 'plain' }],
    ['basic', 'basic', {}],
    ['Bearer realm="https://cut', 'bearer', { realm: 'https://cut' }],
  ])('is read from %s', (header, scheme, values) => {
    expect(readChallenge(header)).toEqual({ scheme, values });
  });
});
