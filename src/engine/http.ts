import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';

/** What came back from a request, or why nothing did. */
export type Answer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly body: string;
      /** the media type, in lower case and without its parameters; empty: it names none */
      readonly type: string;
      /** where it sends on to, as it is written */
      readonly location: string | undefined;
    }
  | { readonly ok: false; readonly why: string };

/** How a request differs from the usual one. */
export type RequestSettings = {
  /** bytes of the body that are read; the rest is not waited for */
  readonly limit?: number;
  /** media types that are asked for */
  readonly accept?: string;
};

/**
 * One GET request, by https with any certificate: what is started here has one of its own. Where it is redirected to is not asked, and a body that does
 * not end in time counts with what there is of it. Never throws but for an abort.
 */
export async function get(
  url: string,
  timeoutMs = 5000,
  signal?: AbortSignal | undefined,
  { limit = 20_000, accept = '*/*' }: RequestSettings = {},
): Promise<Answer> {
  try {
    signal?.throwIfAborted();
    const address = new URL(url);
    return await new Promise((resolve, reject) => {
      let answer: (() => void) | undefined;
      const late = () => (answer ? answer() : asked.destroy(new Error(`no response within ${timeoutMs / 1000} s`)));
      const timer = setTimeout(late, timeoutMs);
      const abort = () => asked.destroy(new Error('it was canceled'));
      signal?.addEventListener('abort', abort, { once: true });
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const failed = (error: Error) => end(() => reject(error));
      const asked = send(address, accept, (response) => {
        answer = collect(response, limit, (item) => end(() => resolve(item)), failed);
      }).on('error', failed);
      asked.end();
    });
  } catch (error) {
    signal?.throwIfAborted();
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** `fetch` has no way to take a certificate that nobody vouches for, and refuses ports that browsers do not ask. */
function send(url: URL, accept: string, taken: (response: IncomingMessage) => void): ClientRequest {
  const options = { agent: false as const, headers: { accept, 'user-agent': 'dockwright' } };
  return url.protocol === 'https:'
    ? requestSecure(url, { ...options, rejectUnauthorized: false }, taken)
    : requestPlain(url, options, taken);
}

/** Reads the body of a response. Gives back what ends it early: the answer is then what there is so far. */
function collect(
  response: IncomingMessage,
  limit: number,
  done: (answer: Answer) => void,
  failed: (error: Error) => void,
): () => void {
  const chunks: Buffer[] = [];
  let size = 0;
  const type = response.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const end = () => {
    response.off('error', failed).on('error', () => undefined);
    response.destroy();
    const body = Buffer.concat(chunks).subarray(0, limit).toString('utf8');
    done({ ok: true, status: response.statusCode ?? 0, body, type, location: response.headers.location });
  };
  response.on('error', failed);
  response.on('end', end);
  // a stream of events is there to go on
  if (type === 'text/event-stream') {
    end();
    return end;
  }
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) end();
  });
  return end;
}
