/** What came back from a request, or why nothing did. */
export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: string }
  | { readonly ok: false; readonly why: string };

/** One GET request; never throws but for an abort. */
export async function get(url: string, timeoutMs = 5000, signal?: AbortSignal | undefined): Promise<Answer> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { connection: 'close' },
      signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
    });
    return { ok: true, status: response.status, body: (await response.text()).slice(0, 20_000) };
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { ok: false, why: cause instanceof Error ? cause.message : String(cause) };
  }
}
