import { existsSync } from 'node:fs';
import { UserError } from '../model/errors.ts';
import { run } from './exec.ts';
import { environmentOf } from './programs.ts';
import { ifInstalled, lastLines, versionIn } from './scanners/support.ts';
import { workFolder } from './temp.ts';

/** What an image is signed with. */
export type Signer = {
  /** the private key as cosign takes it, and the public one as the person who verifies names it; absent: keyless, by who one is logged in as */
  readonly key?: { readonly private: string; readonly public: string };
  /** whether the signature goes to the public log as well */
  readonly log: boolean;
};

export type Cosign = { readonly version: string; readonly major: number };

/** Milliseconds: a question, and a signature, which may wait for somebody to log in. */
const LIMITS = { moment: 60_000, sign: 600_000 } as const;

/** The release whose defaults are the newest form of signatures, which cannot be verified without the public log. */
const NEW_FORM = 3;

const started = (timeoutMs: number, signal: AbortSignal | undefined, extra: Readonly<Record<string, string>> = {}) => ({
  cwd: workFolder(),
  env: environmentOf('cosign', extra),
  timeoutMs,
  signal,
});

/** The cosign of this machine. Throws a UserError where there is none. */
export async function needCosign(signal?: AbortSignal | undefined): Promise<Cosign> {
  const asked = await ifInstalled(run(['cosign', 'version'], started(LIMITS.moment, signal)));
  const version = asked?.code === 0 ? (versionIn(`${asked.stdout}${asked.stderr}`) ?? '') : undefined;
  if (version !== undefined) return { version, major: Number(version.split('.')[0]) || 0 };
  throw new UserError({
    code: 'cosign-missing',
    message: 'cosign is not installed, and `--sign` needs it.',
    next: ['Install it: https://docs.sigstore.dev/cosign/system_config/installation/.', 'Or leave `--sign` out.'],
    exit: 4,
  });
}

/** What both commands are given where no log is asked. */
const withoutLog = ({ major }: Cosign, { log }: Signer, own: string): readonly string[] =>
  log ? [] : [own, ...(major >= NEW_FORM ? ['--new-bundle-format=false'] : [])];

/** The arguments that sign an image by its digest, every platform of it. */
export const signArguments = (cosign: Cosign, signer: Signer, image: string): readonly string[] => [
  'sign',
  '--yes',
  '--recursive',
  ...(signer.key ? [`--key=${signer.key.private}`] : []),
  ...withoutLog(cosign, signer, '--tlog-upload=false'),
  ...(signer.log || cosign.major < NEW_FORM ? [] : ['--use-signing-config=false']),
  image,
];

/** What a run of GitHub Actions knows of itself. */
type GitHubRun = Readonly<Record<'GITHUB_ACTIONS' | 'GITHUB_SERVER_URL' | 'GITHUB_WORKFLOW_REF', string | undefined>>;

const ofThisRun = (): GitHubRun => ({
  GITHUB_ACTIONS: process.env['GITHUB_ACTIONS'],
  GITHUB_SERVER_URL: process.env['GITHUB_SERVER_URL'],
  GITHUB_WORKFLOW_REF: process.env['GITHUB_WORKFLOW_REF'],
});

/** By which a run of GitHub Actions gets a certificate; only a keyless signature needs it. */
function tokenOf({ key }: Signer): Readonly<Record<string, string>> {
  const token = process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
  const url = process.env['ACTIONS_ID_TOKEN_REQUEST_URL'];
  return key || !token || !url ? {} : { ACTIONS_ID_TOKEN_REQUEST_TOKEN: token, ACTIONS_ID_TOKEN_REQUEST_URL: url };
}

/** Who signs in a run of GitHub Actions (docs.github.com/actions/reference/security/oidc): the workflow by its address, vouched for by GitHub. */
function identity(env: GitHubRun): readonly string[] {
  const { GITHUB_ACTIONS: isRun, GITHUB_SERVER_URL: server = '', GITHUB_WORKFLOW_REF: workflow } = env;
  return isRun === 'true' && workflow
    ? [
        `--certificate-identity=${server}/${workflow}`,
        '--certificate-oidc-issuer=https://token.actions.githubusercontent.com',
      ]
    : ['--certificate-identity=ADDRESS', '--certificate-oidc-issuer=ISSUER'];
}

/** The arguments that verify that signature, by the same key and log. */
export const verifyArguments = (
  cosign: Cosign,
  signer: Signer,
  image: string,
  env: GitHubRun = ofThisRun(),
): readonly string[] => [
  'verify',
  ...(signer.key ? [`--key=${signer.key.public}`] : identity(env)),
  ...withoutLog(cosign, signer, '--insecure-ignore-tlog=true'),
  image,
];

/** Whether a file of a key is there. */
export const keyExists = (path: string): boolean => existsSync(path);

/** Whether an image has this signature: in a repository whose tags cannot be moved a second one would be refused. No answer counts as no. */
async function isSigned(cosign: Cosign, signer: Signer, image: string, signal: AbortSignal | undefined) {
  if (!signer.key || signer.log) return false;
  const { code } = await run(['cosign', ...verifyArguments(cosign, signer, image)], started(LIMITS.moment, signal));
  return code === 0;
}

/** Signs an image by its digest, once. Throws a UserError. */
export async function sign(
  cosign: Cosign,
  signer: Signer,
  image: string,
  { onLine, signal }: { readonly onLine?: (line: string) => void; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  if (await isSigned(cosign, signer, image, signal)) return;
  const result = await run(['cosign', ...signArguments(cosign, signer, image)], {
    ...started(LIMITS.sign, signal, tokenOf(signer)),
    onLine,
  });
  if (result.code === 0) return;
  throw new UserError({
    code: 'sign-failed',
    message: result.timedOut
      ? `cosign timed out, so ${image} has no signature.`
      : `cosign could not sign ${image}. The image was pushed.`,
    printed: lastLines(result.stderr || result.stdout),
    next: [
      ...(signer.key ? ['The password of the key is read from the variable COSIGN_PASSWORD.'] : []),
      'Sign it without building or uploading again: `dockwright sign`.',
    ],
    exit: 4,
  });
}
