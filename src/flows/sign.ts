/** `sign`, and the signing of `push --sign`: by digest, with cosign. */
import { resolve } from 'node:path';
import {
  type Cosign,
  keyExists,
  needCosign,
  type Signer,
  sign as signImage,
  verifyArguments,
} from '../engine/cosign.ts';
import { quoteShell } from '../formats/dockerfile/index.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { PerApp, SignReport } from '../model/shipping.ts';
import { readNote } from '../write/notes.ts';
import { type Context, loadContext } from './context.ts';
import type { FlowOptions } from './options.ts';
import { needRegistry, shippedOf } from './shipped.ts';
import { perApp } from './tag.ts';

/** Signs what is pushed; made before anything is uploaded. */
export type Signing = {
  /** signs one image, and answers with the command that verifies it */
  readonly sign: (image: string) => Promise<string>;
};

/** Finds cosign and the key. Throws a UserError where one is missing. */
export async function signingOf(
  { config }: Pick<Context, 'config'>,
  { cwd, signal }: Pick<FlowOptions, 'cwd' | 'signal'>,
  onProgress?: OnProgress,
): Promise<Signing> {
  const { key, log = true } = config.sign ?? {};
  if (key === undefined && !log) {
    throw new UserError({
      code: 'sign-without-key',
      message: 'A keyless signature needs the transparency log, but "sign.log" is false and "sign.key" is not set.',
      next: ['Name a key: "sign": { "key": "cosign.key", "log": false }.', 'Or take "sign.log" out.'],
    });
  }
  const cosign = await needCosign(signal);
  // what is started gets whole paths, and what is printed is for the folder of the project
  const own = key === undefined ? undefined : keysOf(key, cwd);
  const started: Signer = { log, ...(own ? { key: own.whole } : {}) };
  const shown: Signer = { log, ...(own ? { key: own.shown } : {}) };
  return { sign: (image) => signed({ cosign, started, shown, image, signal }, onProgress) };
}

type Signed = {
  readonly cosign: Cosign;
  readonly started: Signer;
  readonly shown: Signer;
  readonly image: string;
  readonly signal: AbortSignal | undefined;
};

async function signed({ cosign, started, shown, image, signal }: Signed, onProgress?: OnProgress): Promise<string> {
  const begin = performance.now();
  const id = 'sign';
  onProgress?.({ type: 'step', id, title: `signing ${image}` });
  const end = (ok: boolean) => onProgress?.({ type: 'done', id, ok, seconds: (performance.now() - begin) / 1000 });
  try {
    await signImage(cosign, started, image, { signal, onLine: (line) => onProgress?.({ type: 'log', id, line }) });
  } catch (error) {
    end(false);
    throw error;
  }
  end(true);
  return quoteShell(['cosign', ...verifyArguments(cosign, shown, image)]);
}

type Key = NonNullable<Signer['key']>;

/** The private key and the public one: of a file the one beside it, of a service the same name. */
function keysOf(key: string, cwd: string): { readonly whole: Key; readonly shown: Key } {
  if (key.includes('://')) return { whole: { private: key, public: key }, shown: { private: key, public: key } };
  const shown = { private: key, public: `${key.replace(/\.key$/, '')}.pub` };
  const whole = { private: resolve(cwd, shown.private), public: resolve(cwd, shown.public) };
  for (const [path, name] of [
    [whole.private, shown.private],
    [whole.public, shown.public],
  ] as const) {
    if (keyExists(path)) continue;
    throw new UserError({
      code: 'sign-key-missing',
      message: `${name} does not exist, and "sign.key" is ${key}.`,
      next: [
        name === shown.private
          ? 'Create a key pair: `cosign generate-key-pair`.'
          : `Write the public key beside it: \`cosign public-key --key ${key} --outfile ${name}\`.`,
      ],
    });
  }
  return { whole, shown };
}

/** Signs what was pushed last of each application, without another build or upload. */
export async function sign(options: FlowOptions, onProgress?: OnProgress): Promise<PerApp<SignReport>> {
  const context = await loadContext(options);
  const shipped = shippedOf(context);
  needRegistry(shipped);
  const pushed = shipped.map(({ app, repository }) => ({ app, images: lastPushed(options.cwd, repository) }));
  const signing = await signingOf(context, options, onProgress);
  const reports: { app: string | undefined; report: SignReport }[] = [];
  for (const {
    app,
    images: [main, ...stages],
  } of pushed) {
    const verify = await signing.sign(main);
    for (const stage of stages) await signing.sign(stage);
    reports.push({ app, report: { digest: main.slice(main.lastIndexOf('@') + 1), verify } });
  }
  return perApp(reports);
}

const isDigest = (text: unknown): text is string => typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);

/** What was pushed to a repository last, by digest, with its further stages. */
function lastPushed(cwd: string, repository: string): readonly [string, ...string[]] {
  const note = readNote(resolve(cwd), 'pushed', repository);
  const { digest, stages } = typeof note === 'object' && note !== null ? (note as Record<string, unknown>) : {};
  if (isDigest(digest)) {
    const others = Array.isArray(stages) ? stages.filter(isDigest) : [];
    return [`${repository}@${digest}`, ...others.map((other) => `${repository}@${other}`)];
  }
  throw new UserError({
    code: 'not-pushed',
    message: `Nothing was pushed to ${repository} from this machine yet.`,
    next: ['Push and sign it: `dockwright push --sign`.'],
    exit: 1,
  });
}
