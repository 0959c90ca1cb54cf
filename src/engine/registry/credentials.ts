import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../../model/errors.ts';
import { z } from '../../model/zod.ts';
import { run } from '../exec.ts';
import { environmentOf } from '../programs.ts';
import { workFolder } from '../temp.ts';

/** How a registry is asked: by a name and a password, or by the token that a login left. */
export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

const Configuration = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});

/** What Docker Hub is called in the configuration of Docker. */
const HUB_KEY = 'https://index.docker.io/v1/';

const TIME_LIMIT = 30_000;

/** The folder of Docker's own configuration: of the person, and never of a project. */
function configurationFolder(): string {
  const own = process.env['DOCKER_CONFIG'];
  return own ? (isAbsolute(own) ? own : resolve(own)) : join(homedir(), '.docker');
}

function readConfiguration(): z.infer<typeof Configuration> {
  const file = join(configurationFolder(), 'config.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return Configuration.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError({
      code: 'docker-config-invalid',
      message: `${file} is not a valid Docker configuration.`,
      next: [`Fix it, or log in again: \`docker login\`.`],
      cause,
    });
  }
}

/** Names under which a login for a host may stand. */
const keysOf = (host: string): readonly string[] =>
  host === 'docker.io'
    ? [HUB_KEY, 'index.docker.io', 'docker.io']
    : [host, `https://${host}`, `https://${host}/`, `http://${host}`];

/** The login for a registry, as `docker login` left it; undefined: there is none. A password is in no message of ours. */
export async function credentialsFor(host: string, signal?: AbortSignal | undefined): Promise<Credentials | undefined> {
  const { auths = {}, credHelpers = {}, credsStore } = readConfiguration();
  const keys = keysOf(host);
  const helper = keys.map((key) => credHelpers[key]).find((name) => name !== undefined) ?? credsStore;
  if (helper !== undefined && helper !== '') {
    for (const key of host === 'docker.io' ? [HUB_KEY] : [host]) {
      const found = await askHelper(helper, key, signal);
      if (found) return found;
    }
  }
  const stated = keys.map((key) => auths[key]).find((item) => item !== undefined);
  if (!stated) return undefined;
  if (stated.identitytoken) return { kind: 'token', token: stated.identitytoken };
  const [user = '', ...rest] = Buffer.from(stated.auth ?? '', 'base64')
    .toString('utf8')
    .split(':');
  const password = stated.password ?? rest.join(':').split('\0')[0] ?? '';
  const name = stated.username ?? user;
  return name === '' ? undefined : { kind: 'password', user: name, password };
}

const Answer = z.object({ Username: z.string(), Secret: z.string() });

/** Asks a credential helper (docker/docker-credential-helpers): a program with one word, and the host on its standard input. */
async function askHelper(
  helper: string,
  host: string,
  signal: AbortSignal | undefined,
): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(helper)) {
    throw new UserError({
      code: 'docker-config-invalid',
      message: `The Docker configuration has the credential helper "${helper}", which is not a valid program name.`,
      next: ['Fix "credsStore" and "credHelpers" in config.json.'],
    });
  }
  const result = await run(['docker-credential', helper, 'get'], {
    cwd: workFolder(),
    env: environmentOf('docker-credential'),
    input: `${host}\n`,
    timeoutMs: TIME_LIMIT,
    signal,
  });
  if (result.code !== 0) {
    // a helper without a login for the host says so, and ends with 1
    if (/not found/i.test(`${result.stdout}${result.stderr}`)) return undefined;
    throw new UserError({
      code: 'credential-helper-failed',
      message: `docker-credential-${helper} ${result.timedOut ? 'did not respond' : `exited with code ${result.code}`} when asked for the login of ${host}.`,
      next: [`Log in again: \`docker login ${host}\`.`],
      exit: 1,
    });
  }
  let answer: z.infer<typeof Answer> | undefined;
  try {
    answer = Answer.safeParse(JSON.parse(result.stdout)).data;
  } catch {
    answer = undefined;
  }
  if (!answer || answer.Secret === '') return undefined;
  return answer.Username === '<token>'
    ? { kind: 'token', token: answer.Secret }
    : { kind: 'password', user: answer.Username, password: answer.Secret };
}
