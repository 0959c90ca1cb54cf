import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import { isLoopback } from './registry/loopback.ts';
import { type RegistryResponse, send, Unreachable } from './registry/request.ts';

const PUBLIC = 'https://api.github.com';
const COMMIT = /^[0-9a-f]{40}$/;
const ATTEMPTS = 3;
const PAUSE = 500;

const Commit = z.object({ sha: z.string().regex(COMMIT) });
const Ref = z.object({ object: z.object({ sha: z.string().regex(COMMIT), type: z.string() }) });

/** Where the API is: `GITHUB_API_URL` as in a workflow run, or the public one. Nothing goes over the wire unencrypted to another machine. */
function apiOf(): URL {
  const text = process.env['GITHUB_API_URL'] || PUBLIC;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))) return url;
  throw new UserError({
    code: 'github-api-invalid',
    message: `GITHUB_API_URL is "${text}", which is not an https URL of an API.`,
    next: ['Set it to https://HOST/PATH, or unset it for github.com.'],
  });
}

/** The commit that a tag or a branch of a repository of GitHub leads to; undefined: there is none of this name. */
export async function commitOf(
  repository: string,
  version: string,
  signal?: AbortSignal | undefined,
): Promise<string | undefined> {
  const direct = await asked(`repos/${repository}/commits/${encoded(version)}`, signal);
  if (direct.status === 200) return read(Commit, direct)?.sha;
  const ref = await asked(`repos/${repository}/git/ref/tags/${encoded(version)}`, signal);
  const object = ref.status === 200 ? read(Ref, ref)?.object : undefined;
  if (object?.type !== 'tag') return object?.sha;
  // a tag with a message of its own leads to the commit by one step more
  const tag = await asked(`repos/${repository}/git/tags/${object.sha}`, signal);
  return tag.status === 200 ? read(Ref, tag)?.object.sha : undefined;
}

const encoded = (version: string): string => version.split('/').map(encodeURIComponent).join('/');

function read<T>(schema: z.ZodType<T>, { body }: RegistryResponse): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

async function asked(path: string, signal: AbortSignal | undefined): Promise<RegistryResponse> {
  const api = apiOf();
  const url = new URL(`${api.pathname.replace(/\/$/, '')}/${path}`, api);
  const token = process.env['GITHUB_TOKEN'];
  const headers = {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send({ method: 'GET', url, headers, signal }).catch((error: unknown) => {
      if (error instanceof Unreachable) return error;
      throw error;
    });
    const isTold = !(answer instanceof Unreachable) && answer.status < 500;
    if (isTold && [200, 404, 422].includes(answer.status)) return answer;
    if (isTold || attempt === ATTEMPTS) throw refused(api, answer);
    await wait(PAUSE * 2 ** (attempt - 1), undefined, signal ? { signal } : {});
  }
}

function refused({ host }: URL, answer: RegistryResponse | Unreachable): UserError {
  if (answer instanceof Unreachable || answer.status >= 500) {
    const why = answer instanceof Unreachable ? answer.message : `it returned ${answer.status}`;
    return new UserError({
      code: 'github-silent',
      message: `${host} did not respond: ${why}.`,
      next: ['Check your network connection, then run the command again.'],
      exit: 4,
      retry: true,
    });
  }
  const isLimited = answer.status === 429 || answer.headers['x-ratelimit-remaining'] === '0';
  return new UserError({
    code: 'github-denied',
    message: isLimited ? `${host} is rate-limiting this machine.` : `${host} refused the request (${answer.status}).`,
    next: ['Set GITHUB_TOKEN to a token with read access, and run the command again.'],
    exit: isLimited ? 4 : 1,
    retry: isLimited,
  });
}
