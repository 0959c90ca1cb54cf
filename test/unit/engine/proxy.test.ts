import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRegistry } from '../../../src/engine/registry/client.ts';
import { proxyFor } from '../../../src/engine/registry/proxy.ts';

const at = (text: string, env: Record<string, string>) => proxyFor(new URL(text), env)?.href;
const proxy = 'http://proxy.test:3128/';

describe('the proxy of an address', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['https://ghcr.io/', { HTTPS_PROXY: proxy }, proxy],
    ['https://ghcr.io/', { https_proxy: 'proxy.test:3128' }, proxy],
    ['https://ghcr.io/', { ALL_PROXY: proxy }, proxy],
    ['https://ghcr.io/', { HTTP_PROXY: proxy }, undefined],
    ['http://registry.test/', { HTTP_PROXY: proxy }, proxy],
    ['https://ghcr.io/', { HTTPS_PROXY: proxy, NO_PROXY: 'example.com, .ghcr.io' }, undefined],
    ['https://a.ghcr.io/', { HTTPS_PROXY: proxy, NO_PROXY: 'ghcr.io' }, undefined],
    ['https://notghcr.io/', { HTTPS_PROXY: proxy, NO_PROXY: 'ghcr.io' }, proxy],
    ['https://ghcr.io/', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
    ['https://registry.test:5000/', { HTTPS_PROXY: proxy, NO_PROXY: 'registry.test:5000' }, undefined],
    ['https://registry.test:5001/', { HTTPS_PROXY: proxy, NO_PROXY: 'registry.test:5000' }, proxy],
    ['https://10.1.2.3/', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.1.2.3/', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, proxy],
    ['https://127.0.0.1:5000/', { HTTPS_PROXY: proxy }, undefined],
    ['http://localhost:5000/', { ALL_PROXY: proxy }, undefined],
    ['https://ghcr.io/', { HTTPS_PROXY: 'socks5://proxy.test' }, undefined],
  ])('%s with %j is %s', (url, env, expected) => {
    expect(at(url, env)).toBe(expected);
  });
});

/** A proxy that takes everything to one server, and counts what it was asked for. */
async function fakeProxy(port: number, login?: string) {
  const asked: string[] = [];
  const isLetIn = (header: string | undefined) =>
    login === undefined || header === `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"tags":["plain"]}');
  });
  server.on('connect', ({ url = '', headers }, socket) => {
    asked.push(`CONNECT ${url}`);
    if (!isLetIn(headers['proxy-authorization']))
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const inner = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      inner.pipe(socket).pipe(inner);
    });
    inner.on('error', () => socket.destroy());
    socket.on('error', () => inner.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  servers.push(server);
  return { asked, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const servers: { close: () => unknown; closeAllConnections: () => void }[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dockwright-proxy-'));
  vi.stubEnv('DOCKER_CONFIG', folder);
});
afterEach(() => {
  for (const one of servers.splice(0)) {
    one.close();
    one.closeAllConnections();
  }
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const opened = (base: string) =>
  openRegistry({ host: 'registry.test', path: 'acme/orders' }, { action: 'pull', base: new URL(base), attempts: 1 });

describe('a registry behind a proxy', () => {
  it('is asked by its whole address over http', async () => {
    const { asked, host } = await fakeProxy(0);
    vi.stubEnv('HTTP_PROXY', `http://${host}`);
    expect(await opened('http://registry.test').tags()).toEqual(['plain']);
    expect(asked).toEqual(['GET http://registry.test/v2/acme/orders/tags/list']);
  });

  it('is asked through a tunnel over https, with the login of the proxy, and its certificate is looked at', async () => {
    const files = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
    const [key = '', cert = ''] = files;
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=registry.test'],
        ...['-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    );
    const secure = createSecure({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      response.end('{"tags":["secure"]}'),
    );
    servers.push(secure as Server);
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const { asked, host } = await fakeProxy((secure.address() as AddressInfo).port, 'ann:s3cret');
    vi.stubEnv('HTTPS_PROXY', `http://ann:s3cret@${host}`);
    await expect(opened('https://registry.test').tags()).rejects.toMatchObject({
      code: 'registry-silent',
      message: expect.stringMatching(/self.signed/),
    });
    expect(asked).toEqual(['CONNECT registry.test:443']);
  });

  it('that does not let anybody through is named, with its host and without its password', async () => {
    const { host } = await fakeProxy(0, 'ann:s3cret');
    vi.stubEnv('HTTPS_PROXY', `http://ann:wrong@${host}`);
    const error = await opened('https://registry.test')
      .tags()
      .catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: 'registry-silent',
      exit: 4,
      message: expect.stringContaining('requires a login'),
    });
    expect(String((error as Error).message)).not.toContain('wrong');
  });
});
