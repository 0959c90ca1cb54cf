import { request } from 'node:https';

/** What came back from a request, or why nothing did. */
export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: string }
  | { readonly ok: false; readonly why: string };

/** One GET request, by https with any certificate: what is started here has one of its own. Never throws but for an abort. */
export async function get(url: string, timeoutMs = 5000, signal?: AbortSignal | undefined): Promise<Answer> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const ends = signal ? AbortSignal.any([deadline, signal]) : deadline;
    if (url.startsWith('https:')) return await getSecure(url, ends);
    const response = await fetch(url, { redirect: 'manual', headers: { connection: 'close' }, signal: ends });
    return { ok: true, status: response.status, body: (await response.text()).slice(0, 20_000) };
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { ok: false, why: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** `fetch` has no way to take a certificate that nobody vouches for. */
const getSecure = (url: string, signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, agent: false as const, signal };
    request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8').slice(0, 20_000);
        resolve({ ok: true, status: response.statusCode ?? 0, body });
      });
    })
      .on('error', reject)
      .end();
  });
