import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../model/errors.ts';
import { type RepositoryName, repositoryText } from '../../model/repository-name.ts';
import { z } from '../../model/zod.ts';
import { basic } from './basic.ts';
import { readChallenge } from './challenge.ts';
import { type Credentials, credentialsFor } from './credentials.ts';
import { isLoopback } from './loopback.ts';
import { type RegistryRequest, type RegistryResponse, send, Unreachable } from './request.ts';

/** A manifest of a registry, as it lies there. */
export type Manifest = { readonly digest: string; readonly type: string; readonly text: string };

/** A blob to upload. */
export type Blob = { readonly digest: string; readonly size: number; readonly stream: () => NodeJS.ReadableStream };

/** One repository of a registry. */
export type Registry = {
  /** asks whether the registry answers, and lets this user in; `push`: to write */
  readonly login: () => Promise<void>;
  /** undefined: there is none of this tag or digest */
  readonly manifest: (reference: string) => Promise<Manifest | undefined>;
  /** the digest alone, which no registry counts as a download */
  readonly digest: (reference: string) => Promise<string | undefined>;
  readonly tags: () => Promise<readonly string[]>;
  readonly hasBlob: (digest: string) => Promise<boolean>;
  readonly putBlob: (blob: Blob) => Promise<void>;
  readonly putManifest: (reference: string, type: string, text: string) => Promise<void>;
};

export type RegistryOptions = {
  readonly action: 'pull' | 'push';
  /** where the API is; default: at the host of the name */
  readonly base?: URL | undefined;
  /** attempts of one request; default: some */
  readonly attempts?: number | undefined;
  /** milliseconds for a question and all its attempts; uploads end when nothing moves any more */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** tells that something is tried again */
  readonly onRetry?: ((why: string) => void) | undefined;
};

/** Every kind of manifest: what is not asked for, a registry may convert. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** Attempts of one request, and the first pause between them in milliseconds; each is twice the one before. */
const ATTEMPTS = 4;
const PAUSE = 500;
/** A registry that dribbles counts as one that gives no answer. Milliseconds. */
const PATIENCE = 110_000;
/** No pause that a registry asks for is longer. Milliseconds. */
const LONGEST_PAUSE = 10_000;

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** What carries the state of one client. */
type Session = {
  readonly name: RepositoryName;
  readonly options: RegistryOptions;
  /** where the API is; found by the first request */
  base: URL | undefined;
  authorization: string | undefined;
  /** when the question that is asked now has taken too long */
  deadline: AbortSignal | undefined;
  credentials: Promise<Credentials | undefined> | undefined;
};

/** Opens a repository. Nothing is sent before something is asked. */
export function openRegistry(name: RepositoryName, options: RegistryOptions): Registry {
  const session: Session = {
    name,
    options,
    base: options.base,
    authorization: undefined,
    deadline: undefined,
    credentials: undefined,
  };
  const ask = (method: RegistryRequest['method'], path: string, more: Partial<RegistryRequest> = {}) =>
    asked(session, method, path, more);
  const manifest: Registry['manifest'] = async (reference) => {
    const answer = await ask('GET', `manifests/${reference}`, { headers: { accept: manifestTypes.join(', ') } });
    if (answer.status === 404) return undefined;
    expectStatus(session, answer, [200], `the manifest ${reference}`);
    return { digest: sha256(answer.body), type: answer.headers['content-type'] ?? '', text: answer.body };
  };
  return {
    login: () => login(session),
    manifest,
    digest: async (reference) => {
      const answer = await ask('HEAD', `manifests/${reference}`, { headers: { accept: manifestTypes.join(', ') } });
      const stated = answer.status === 200 ? String(answer.headers['docker-content-digest'] ?? '') : '';
      // not every registry answers this question, and not all of them name the digest
      return /^sha256:[0-9a-f]{64}$/.test(stated) ? stated : (await manifest(reference))?.digest;
    },
    tags: async () => {
      const answer = await ask('GET', 'tags/list');
      if (answer.status === 404) return [];
      expectStatus(session, answer, [200], 'the list of tags');
      return z.object({ tags: z.array(z.string()).nullish() }).safeParse(parsed(answer.body)).data?.tags ?? [];
    },
    hasBlob: async (digest) => {
      const answer = await ask('HEAD', `blobs/${digest}`);
      // one that sends on to its store has it
      return [200, 302, 307].includes(answer.status);
    },
    putBlob: (blob) => putBlob(session, blob),
    putManifest: async (reference, type, text) => {
      const answer = await ask('PUT', `manifests/${reference}`, { headers: { 'content-type': type }, body: text });
      if (isImmutable(answer)) throw immutable(session, reference);
      if (isUnknownKind(answer)) throw unknownKind(session, answer);
      expectStatus(session, answer, [201, 200, 202], `the manifest ${reference}`);
    },
  };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Where the registry of a host answers: Docker Hub has another name than its images say. */
const hostOf = ({ host }: RepositoryName): string => (host === 'docker.io' ? 'registry-1.docker.io' : host);

/** The address of the API: https, and on this machine http where nothing speaks https. */
async function baseOf(session: Session): Promise<URL> {
  if (session.base) return session.base;
  const host = hostOf(session.name);
  const secure = new URL(`https://${host}/`);
  if (!isLoopback(secure.hostname)) {
    session.base = secure;
    return secure;
  }
  try {
    await send({ method: 'GET', url: new URL('/v2/', secure), signal: signalOf(session) });
    session.base = secure;
  } catch (error) {
    if (!(error instanceof Unreachable) || !isPlain(error)) throw error;
    session.base = new URL(`http://${host}/`);
  }
  return session.base;
}

/** Whether what answers does not speak TLS. */
const isPlain = ({ cause }: Unreachable): boolean => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code.startsWith('ERR_SSL') || code === 'EPROTO' || code === 'ECONNRESET';
};

/** Asks a path of the repository, with the login, again where that may help. */
async function asked(
  session: Session,
  method: RegistryRequest['method'],
  path: string,
  more: Partial<RegistryRequest>,
): Promise<RegistryResponse> {
  session.deadline = AbortSignal.timeout(session.options.patience ?? PATIENCE);
  try {
    return await repeated(session, async () => {
      const base = await baseOf(session);
      return authorized(session, { ...more, method, url: new URL(path, new URL(`/v2/${session.name.path}/`, base)) });
    });
  } finally {
    session.deadline = undefined;
  }
}

/** What ends a request: the person, or that it took too long. */
function signalOf({ options: { signal }, deadline }: Session): AbortSignal | undefined {
  const all = [signal, deadline].filter((abortSignal) => abortSignal !== undefined);
  return all.length > 1 ? AbortSignal.any(all) : all[0];
}

/** Tries again with longer and longer pauses what a cut connection or a busy registry stopped. */
async function repeated(session: Session, act: () => Promise<RegistryResponse>): Promise<RegistryResponse> {
  const { signal, onRetry, attempts = ATTEMPTS } = session.options;
  for (let attempt = 1; ; attempt += 1) {
    let pause = PAUSE * 2 ** (attempt - 1);
    let why: string;
    try {
      const answer = await act();
      if (answer.status < 500 && answer.status !== 429) return answer;
      if (attempt >= attempts) return answer;
      why = `it returned ${answer.status}`;
      const seconds = Number(answer.headers['retry-after']);
      if (seconds > 0) pause = Math.min(Math.max(pause, seconds * 1000), LONGEST_PAUSE);
    } catch (error) {
      const isLate = session.deadline?.aborted === true && signal?.aborted !== true;
      if (isLate) throw silent(session, new Unreachable('it took too long to answer'));
      if (!(error instanceof Unreachable)) throw error;
      if (attempt >= attempts) throw silent(session, error);
      why = error.message;
    }
    onRetry?.(`${session.name.host}: ${why}; trying again in ${pause / 1000} s`);
    await wait(pause, undefined, signal ? { signal } : {});
  }
}

/** Sends with what the registry asked for last; where it asks again, with the answer to that. */
async function authorized(session: Session, sent: RegistryRequest): Promise<RegistryResponse> {
  const withLogin = (): RegistryRequest => ({
    ...sent,
    headers: { ...sent.headers, ...(session.authorization ? { authorization: session.authorization } : {}) },
    signal: signalOf(session),
  });
  const first = await send(withLogin());
  if (first.status !== 401) return first;
  session.authorization = await authorization(session, first);
  const again = await send(withLogin());
  if (again.status === 401) throw notLoggedIn(session, (await session.credentials) !== undefined);
  return again;
}

/** What to send to a registry that asks for a login. */
async function authorization(session: Session, { headers }: RegistryResponse): Promise<string> {
  session.credentials ??= credentialsFor(session.name.host, session.options.signal);
  const credentials = await session.credentials;
  const { scheme, values } = readChallenge(headers['www-authenticate'] ?? '');
  if (scheme !== 'bearer' || values['realm'] === undefined) {
    if (credentials?.kind !== 'password') throw notLoggedIn(session, false);
    return basic(credentials.user, credentials.password);
  }
  return `Bearer ${await token(session, values, credentials)}`;
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** A token of the server that the registry names (distribution.github.io/distribution/spec/auth/token). */
async function token(
  session: Session,
  { realm = '', service }: Readonly<Record<string, string>>,
  credentials: Credentials | undefined,
): Promise<string> {
  const { name, options } = session;
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  // a login goes over the wire encrypted, or stays on this machine
  if (!url || (url.protocol !== 'https:' && !isLoopback(url.hostname))) throw notLoggedIn(session, false);
  const scope = `repository:${name.path}:${options.action === 'push' ? 'pull,push' : 'pull'}`;
  const asking: RegistryRequest =
    credentials?.kind === 'token'
      ? {
          method: 'POST',
          url,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            refresh_token: credentials.token,
            client_id: 'dockwright',
            scope,
            ...(service === undefined ? {} : { service }),
          }).toString(),
        }
      : {
          method: 'GET',
          url: withQuery(url, { scope, ...(service === undefined ? {} : { service }) }),
          headers: credentials ? { authorization: basic(credentials.user, credentials.password) } : {},
        };
  const answer = await send({ ...asking, signal: signalOf(session) });
  if (answer.status === 401 || answer.status === 403 || answer.status === 400)
    throw notLoggedIn(session, credentials !== undefined);
  if (answer.status !== 200) throw new Unreachable(`${url.host} returned ${answer.status} to the token request`);
  const found = Token.safeParse(parsed(answer.body)).data;
  const value = found?.token ?? found?.access_token;
  if (!value) throw notLoggedIn(session, credentials !== undefined);
  return value;
}

function withQuery(url: URL, values: Readonly<Record<string, string>>): URL {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(values)) whole.searchParams.set(name, value);
  return whole;
}

/** Begins an upload and leaves it: a registry that only lets this user read says so before anything is built. */
async function login(session: Session): Promise<void> {
  if (session.options.action === 'pull') {
    expectStatus(session, await asked(session, 'GET', 'tags/list', {}), [200, 404], 'the list of tags');
    return;
  }
  const answer = await asked(session, 'POST', 'blobs/uploads/', {});
  expectStatus(session, answer, [202, 201], 'an upload');
  const location = answer.headers.location;
  const base = await baseOf(session);
  if (location)
    await send({
      method: 'DELETE',
      url: new URL(location, base),
      headers: ownHeaders(session, new URL(location, base)),
    }).catch(() => undefined);
}

/** The login goes to the registry alone, and not to a store of objects that it sends on to. */
const ownHeaders = (session: Session, url: URL): Readonly<Record<string, string>> =>
  session.authorization && url.host === session.base?.host ? { authorization: session.authorization } : {};

/** Uploads a blob in one piece; each attempt begins a new upload, as the place of an old one may be gone. */
async function putBlob(session: Session, { digest, size, stream }: Blob): Promise<void> {
  const answer = await repeated(session, async () => {
    const base = await baseOf(session);
    const url = new URL('blobs/uploads/', new URL(`/v2/${session.name.path}/`, base));
    const begun = await authorized(session, { method: 'POST', url });
    if (begun.status !== 202 || !begun.headers.location) return begun;
    const place = withQuery(new URL(begun.headers.location, base), { digest });
    return send({
      method: 'PUT',
      url: place,
      headers: { 'content-type': 'application/octet-stream', ...ownHeaders(session, place) },
      body: { size, stream: stream as () => never },
      signal: session.options.signal,
    });
  });
  expectStatus(session, answer, [201], `the layer ${digest.slice(0, 19)}`);
}

const Errors = z.object({ errors: z.array(z.object({ code: z.string().optional(), message: z.string().optional() })) });

/** What a registry says of an error, in a line. */
function saidIn({ body }: RegistryResponse): string {
  const [first] = Errors.safeParse(parsed(body)).data?.errors ?? [];
  return [first?.code, first?.message]
    .filter((part) => part)
    .join(': ')
    .slice(0, 300);
}

/** Registries that let no tag be moved say so in words of their own. */
const isImmutable = (answer: RegistryResponse): boolean =>
  [400, 403, 405, 409, 412].includes(answer.status) &&
  /immutab|already exists|TAG_INVALID|cannot be overwritten/i.test(answer.body);

/** Registries that know no index, or no attestation, say that the manifest is not valid or its type not supported. */
const isUnknownKind = (answer: RegistryResponse): boolean =>
  answer.status === 415 ||
  ([400, 404, 405].includes(answer.status) && /MANIFEST_INVALID|UNSUPPORTED|media ?type/i.test(answer.body));

const unknownKind = ({ name }: Session, answer: RegistryResponse): UserError =>
  new UserError({
    code: 'manifest-refused',
    message: `${name.host} does not accept manifests of this kind (${saidIn(answer) || answer.status}).`,
    next: ['Push to a registry that supports OCI images.'],
    exit: 1,
  });

function expectStatus(session: Session, answer: RegistryResponse, wanted: readonly number[], what: string): void {
  if (wanted.includes(answer.status)) return;
  const { host } = session.name;
  const reason = saidIn(answer);
  const tail = reason === '' ? '' : ` (${reason})`;
  if (answer.status === 401) throw notLoggedIn(session, true);
  if (answer.status === 403 || answer.status === 404 || answer.status === 405) {
    throw new UserError({
      code: 'registry-denied',
      message: `${host} does not allow this user to ${session.options.action === 'push' ? 'write to' : 'read'} ${repositoryText(session.name)}${tail}.`,
      next: ['Log in with an account that has access, or use another repository: `--registry HOST/NAME`.'],
      exit: 1,
    });
  }
  if (answer.status === 429) {
    throw new UserError({
      code: 'registry-limit',
      message: `${host} is rate-limiting requests${tail}.`,
      next: [`Wait, or log in: \`docker login ${host}\`, then run the command again.`],
      exit: 4,
      retry: true,
    });
  }
  throw new UserError({
    code: 'registry-failed',
    message: `${host} returned ${answer.status} for ${what}${tail}.`,
    next: ['Run the command again later: layers that were uploaded are not uploaded again.'],
    exit: 4,
    retry: answer.status >= 500,
  });
}

const silent = ({ name }: Session, { message }: Unreachable): UserError =>
  new UserError({
    code: 'registry-silent',
    message: `${name.host} did not respond: ${message}.`,
    next: ['Check the name and your network connection, then run the command again.'],
    exit: 4,
    retry: true,
  });

const notLoggedIn = ({ name }: Session, isRefused: boolean): UserError =>
  new UserError({
    code: 'registry-login',
    message: isRefused
      ? `${name.host} rejected the login that Docker has stored for it.`
      : `${name.host} requires a login, and Docker has none stored for it.`,
    next: [
      `Log in: \`docker login ${name.host === 'docker.io' ? '' : name.host}`.trim() + '`, and run the command again.',
    ],
    exit: 1,
  });

const immutable = ({ name }: Session, tag: string): UserError =>
  new UserError({
    code: 'tag-immutable',
    message: `${repositoryText(name)}:${tag} already exists, and ${name.host} does not allow tags to be moved.`,
    next: ['Change the version of the image, or commit your changes: each commit gets its own tag.'],
    exit: 1,
    details: { tag },
  });
