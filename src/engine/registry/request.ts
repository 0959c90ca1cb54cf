import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { isLoopback } from './loopback.ts';
import { type ProxyRoute, proxyFor, through } from './proxy.ts';

/** One request to a registry. */
export type RegistryRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** a text, or bytes that are read again for each attempt */
  readonly body?: string | { readonly size: number; readonly stream: () => Readable } | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type RegistryResponse = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** The connection failed: nothing that the registry said. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Milliseconds without a byte in either direction after which a registry counts as silent. */
const SILENCE = 25_000;

/** Larger answers are not read: manifests and tokens are far below. Bytes. */
const MAX_ANSWER = 8 * 1024 * 1024;

/** Certificates that this machine trusts for one registry (docs.docker.com/engine/security/certificates). */
function ownCertificates(host: string): readonly string[] {
  const folder = join('/etc/docker/certs.d', host);
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.crt'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}

/** Sends one request and reads the answer. Throws `Unreachable`, or the reason of the signal. */
export async function send(sent: RegistryRequest): Promise<RegistryResponse> {
  const { method, url, headers = {}, body, signal } = sent;
  signal?.throwIfAborted();
  const size = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.size;
  const proxy = proxyFor(url);
  const way: ProxyRoute | undefined = proxy
    ? await through(proxy, url, SILENCE, signal).catch((cause: Error) => {
        signal?.throwIfAborted();
        throw new Unreachable(`the proxy ${proxy.host}: ${cause.message}`, { cause });
      })
    : undefined;
  const own = url.protocol === 'https:' ? ownCertificates(url.host) : [];
  const options = {
    method,
    // a connection that is there already is used without an agent alone
    agent: way?.options.createConnection ? undefined : (false as const),
    ...way?.options,
    headers: {
      'user-agent': 'dockwright',
      ...way?.headers,
      ...headers,
      ...(method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(size) }),
    },
    ...(isLoopback(url.hostname) ? { rejectUnauthorized: false } : {}),
    ...(own.length > 0 ? { ca: [...rootCertificates, ...own] } : {}),
  };
  return new Promise((done, fail) => {
    const asked = (url.protocol === 'https:' ? requestSecure : requestPlain)(way?.url ?? url, options, (answer) => {
      collect(answer).then(settle(done), failed);
    });
    const abort = () => asked.destroy(new Error('it was canceled'));
    const settle =
      <T>(act: (value: T) => void) =>
      (value: T) => {
        signal?.removeEventListener('abort', abort);
        act(value);
      };
    const failed = settle((error: Error) =>
      fail(signal?.aborted ? signal.reason : new Unreachable(error.message || error.name, { cause: error })),
    );
    signal?.addEventListener('abort', abort, { once: true });
    asked.on('error', failed);
    asked.setTimeout(SILENCE, () => asked.destroy(new Error(`it sent nothing for ${SILENCE / 1000} s`)));
    if (body === undefined || typeof body === 'string') asked.end(body ?? '');
    else {
      const stream = body.stream();
      stream.on('error', (error) => asked.destroy(error));
      asked.on('close', () => stream.destroy());
      stream.pipe(asked);
    }
  });
}

async function collect(answer: IncomingMessage): Promise<RegistryResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_ANSWER) throw new Error('its response is too large');
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') };
}
