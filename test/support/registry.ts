import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a registry in memory does other than usual. */
export type Conduct = {
  /** whom it lets in, as USER:PASSWORD; undefined: everybody */
  readonly login?: string;
  /** hands out tokens, and takes no password itself */
  readonly bearer?: boolean;
  /** tags that are there are not moved */
  readonly immutable?: boolean;
  /** looks at each request first; true: it was answered, or cut off */
  readonly before?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
};

const sha256 = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A registry in memory on 127.0.0.1, as far as the specification of distribution is used here. */
export async function fakeRegistry(conduct: Conduct = {}) {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { text: string; type: string }>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
    request.on('error', () => undefined);
  });
  const end = (response: ServerResponse, status: number, body = '', headers: Record<string, string> = {}) =>
    response.writeHead(status, headers).end(body);
  const basic = `Basic ${Buffer.from(conduct.login ?? '').toString('base64')}`;
  const isLetIn = ({ headers }: IncomingMessage) =>
    conduct.login === undefined || headers.authorization === (conduct.bearer ? 'Bearer let-me-in' : basic);
  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): unknown {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    requests.push(`${request.method} ${url.pathname}`);
    if (conduct.before?.(request, response)) return;
    if (url.pathname === '/token')
      return request.headers.authorization === basic
        ? end(response, 200, JSON.stringify({ token: 'let-me-in' }))
        : end(response, 401);
    if (!isLetIn(request)) {
      const challenge = conduct.bearer ? `Bearer realm="${url.origin}/token",service="fake"` : 'Basic realm="fake"';
      return end(response, 401, '{}', { 'www-authenticate': challenge });
    }
    const [, kind = '', rest = ''] = /^\/v2\/[\w/-]+?\/(blobs|manifests|tags)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === 'tags') {
      const tags = [...manifests.keys()].filter((key) => !key.startsWith('sha256:'));
      return end(response, 200, JSON.stringify({ tags }));
    }
    if (kind === 'blobs' && request.method === 'POST') return end(response, 202, '', { location: `${url.pathname}1` });
    if (kind === 'blobs' && request.method === 'PUT') {
      const digest = url.searchParams.get('digest') ?? '';
      if (sha256(body) !== digest) return end(response, 400, '{"errors":[{"code":"DIGEST_INVALID"}]}');
      blobs.set(digest, body);
      return end(response, 201);
    }
    if (kind === 'blobs') return end(response, request.method === 'DELETE' ? 204 : blobs.has(rest) ? 200 : 404);
    if (kind === 'manifests' && request.method === 'PUT') {
      if (conduct.immutable && manifests.has(rest))
        return end(response, 409, '{"errors":[{"code":"TAG_INVALID","message":"tag is immutable"}]}');
      manifests.set(rest, { text: body.toString(), type: request.headers['content-type'] ?? '' });
      return end(response, 201);
    }
    const found = kind === 'manifests' ? manifests.get(rest) : undefined;
    return found ? end(response, 200, found.text, { 'content-type': found.type }) : end(response, 404, '{}');
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    blobs,
    manifests,
    requests,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
