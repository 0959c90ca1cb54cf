import { isRefusedSecret } from '../catalog/loader-variables.ts';
import { isRegistryToken } from '../catalog/registry-tokens.ts';
import type { SecretValue } from '../engine/buildx.ts';
import { UserError } from '../model/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Image, Plan } from '../model/plan.ts';

/** A build secret of a plan, as a person has to see it before its value is handed over. */
export type BuildSecret = {
  /** the variable of the shell that the value would come from */
  readonly name: string;
  /** what of the project asks for it */
  readonly from: readonly Evidence[];
  /** the instructions that would see the value, each with its stages: `RUN npm ci (deps, modules)` */
  readonly instructions: readonly string[];
  /** false: its name is that of a token of a package registry, and `build` and `verify` hand the value over without asking */
  readonly needsConsent: boolean;
};

/** What the person who runs a build says of its secrets. Nothing of it comes from a file of the repository. */
export type SecretOptions = {
  /** names of variables whose values in this shell the build may have: `--build-secret` */
  readonly buildSecrets?: readonly string[];
  /** asks a person whether the build may have one value; absent where nobody can be asked */
  readonly confirmSecret?: (secret: BuildSecret) => Promise<boolean>;
};

/** What a build secret got: the value of this shell, nothing because the variable is not set there, or a throwaway value. */
export type GivenSecret = { readonly name: string; readonly value: 'shell' | 'empty' | 'throwaway' };

export type DecidedSecrets = {
  /** what the engine is handed */
  readonly values: readonly SecretValue[];
  readonly given: readonly GivenSecret[];
  /** the values of this shell that the build gets, by variable: they must be found in no layer */
  readonly real: Readonly<Record<string, string>>;
};

/** What of an image its build secrets are decided from. */
type SecretUsers = Pick<Image, 'buildSecrets' | 'secretFiles' | 'stages'>;

/** The build secrets of several images as those of a single one: a secret that several ask for is decided once. */
export const askedBy = (images: readonly SecretUsers[]): SecretUsers => ({
  buildSecrets: [
    ...new Map(
      images.flatMap((image) => image.buildSecrets).map((buildSecret) => [buildSecret.id, buildSecret]),
    ).values(),
  ],
  secretFiles: [...new Map(images.flatMap((image) => image.secretFiles ?? []).map((item) => [item.id, item])).values()],
  stages: images.flatMap(({ stages }) => stages),
});

/** Where values come from: throwaway ones, this shell, and files of the project. */
type SecretSources = {
  readonly throwaway?: (name: string) => string;
  readonly shell?: Shell;
  readonly read?: (path: string) => string | undefined;
};

type Shell = Readonly<Record<string, string | undefined>>;

/** The build secrets of an image, with what asks for each and which instructions would see it. */
export const buildSecretsOf = (plan: Plan, image: SecretUsers): readonly BuildSecret[] =>
  image.buildSecrets.map(({ id, env, decision }) => ({
    name: env,
    from: plan.decisions[decision]?.from ?? [],
    instructions: instructionsOf(image, id),
    needsConsent: !isRegistryToken(env),
  }));

function instructionsOf(image: SecretUsers, id: string): readonly string[] {
  const stages = new Map<string, string[]>();
  for (const stage of image.stages) {
    for (const step of stage.steps) {
      if (step.do !== 'run' && step.do !== 'shell') continue;
      if (!step.mounts?.some((mount) => mount.type === 'secret' && mount.id === id)) continue;
      const text = `RUN ${step.do === 'run' ? step.argv.join(' ') : step.script.join(' && ')}`;
      stages.set(text, [...(stages.get(text) ?? []), stage.name]);
    }
  }
  return [...stages].map(([text, names]) => `${text} (${names.join(', ')})`);
}

/**
 * Decides which values the build secrets of an image get. The value of this shell is handed over where the name is that of a token of a
 * package registry, where the person named it, or where they say yes. What is left stops a build with a UserError, unless `throwaway` makes
 * values for it. A variable that is not set is handed over as an empty value.
 */
export async function decideSecrets(
  { plan, image }: { readonly plan: Plan; readonly image: SecretUsers },
  options: SecretOptions,
  { throwaway, shell = process.env, read }: SecretSources = {},
): Promise<DecidedSecrets> {
  const secrets = buildSecretsOf(plan, image);
  const named = new Set(options.buildSecrets ?? []);
  checkNamed([...named], secrets, shell);
  const kinds = new Map<string, GivenSecret['value']>();
  for (const secret of secrets) {
    const kind = await kindOf(secret, named, options, shell, throwaway !== undefined);
    if (kind) kinds.set(secret.name, kind);
  }
  const open = secrets.filter((secret) => !kinds.has(secret.name));
  if (open.length > 0) throw withoutConsent(open, [...named]);
  const handedOver = (name: string): string => {
    const kind = kinds.get(name);
    return (kind === 'throwaway' ? throwaway?.(name) : kind === 'shell' ? shell[name] : '') ?? '';
  };
  // what installing reads of the repository is no value of this machine: nobody has to allow it
  const files = (image.secretFiles ?? []).map(({ id, file }) => ({ id, file, value: read?.(file) ?? '' }));
  return {
    values: [
      ...image.buildSecrets.map(({ id, env }) => ({ id, value: handedOver(env) })),
      ...files.map(({ id, value }) => ({ id, value })),
    ],
    given: [...kinds].map(([name, value]) => ({ name, value })),
    real: Object.fromEntries([
      ...[...kinds].flatMap(([name, kind]) => (kind === 'shell' ? [[name, shell[name] ?? '']] : [])),
      ...files.map(({ file, value }) => [file, value]),
    ]),
  };
}

/** What one secret gets; undefined: nobody has allowed it. */
async function kindOf(
  secret: BuildSecret,
  named: ReadonlySet<string>,
  { confirmSecret }: SecretOptions,
  shell: Shell,
  replaceable: boolean,
): Promise<GivenSecret['value'] | undefined> {
  const { name } = secret;
  const ours: GivenSecret['value'] = shell[name] === undefined || shell[name] === '' ? 'empty' : 'shell';
  if (isRefusedSecret(name)) throw refused(name, secret.from);
  if (named.has(name) || !secret.needsConsent) return ours;
  // nothing is given away where nothing is set; a run that replaces values does it always, so that it depends on no shell
  if (ours === 'empty') return replaceable ? 'throwaway' : 'empty';
  if (confirmSecret && (await confirmSecret(secret))) return ours;
  return replaceable ? 'throwaway' : undefined;
}

/** What `--build-secret` names has to be a secret of the plan, and set: a slip would hand over nothing, without a word. */
function checkNamed(named: readonly string[], secrets: readonly BuildSecret[], shell: Shell): void {
  const names = secrets.map((secret) => secret.name);
  for (const name of named) {
    if (isRefusedSecret(name)) throw refused(name, []);
    if (!names.includes(name)) {
      throw new UserError({
        code: 'build-secret-unknown',
        // what follows an equals sign may be the secret itself
        message: `--build-secret ${name.replace(/=.*/s, '=…')}: the build of this project does not use a secret with that name.`,
        next: [
          ...(name.includes('=') ? ['Pass only the name: the value is read from this shell.'] : []),
          names.length === 0 ? 'It does not use any build secrets: remove the option.' : `It uses ${names.join(', ')}.`,
        ],
      });
    }
    if (shell[name] === undefined) {
      throw new UserError({
        code: 'build-secret-unset',
        message: `--build-secret ${name}: the variable is not set in this shell.`,
        next: [`Set it first: \`export ${name}=…\`.`],
      });
    }
  }
}

const refused = (name: string, from: readonly Evidence[]): UserError =>
  new UserError({
    code: 'build-secret-refused',
    message: `${name} cannot be a build secret: programs find or load code through that variable, so its value is never passed to a build.`,
    ...placeOf(from),
    next: ['Use a dedicated variable in the project, such as NPM_TOKEN.'],
  });

const placeOf = ([first]: readonly Evidence[]) =>
  first?.file === undefined
    ? {}
    : { where: { file: first.file, ...(first.line === undefined ? {} : { line: first.line }) } };

/** Where a secret is asked for, as FILE:LINE. */
export const placesOf = ({ from }: BuildSecret): readonly string[] => [
  ...new Set(from.flatMap(({ file, line }) => (file ? [line === undefined ? file : `${file}:${line}`] : []))),
];

function withoutConsent(open: readonly BuildSecret[], named: readonly string[]): UserError {
  const names = open.map((secret) => secret.name);
  const flags = [...named, ...names].map((name) => `--build-secret ${name}`).join(' ');
  const values = names.length === 1 ? 'value' : 'values';
  return new UserError({
    code: 'build-secret-consent',
    message: `The build requests the ${values} of ${names.join(' and ')} from this shell, which has not been allowed.`,
    ...placeOf(open[0]?.from ?? []),
    next: [
      ...open.map((secret) => {
        const places = placesOf(secret).join(', ') || 'The plan';
        const seen = secret.instructions.length === 0 ? 'No instruction' : secret.instructions.join(' and ');
        return `${places} requests ${secret.name}. ${seen} and every script that runs there would see the value.`;
      }),
      `To allow it, run the command again with \`${flags}\`.`,
      'Otherwise use another variable there: only package registry tokens, such as NPM_TOKEN, need no consent.',
    ],
  });
}

/** How the build secrets of a run differ from production, one sentence each. */
export const secretOverrides = (given: readonly GivenSecret[]): readonly string[] =>
  given.map(({ name, value }) => {
    if (value === 'shell') return `build secret ${name}: value from this shell, for the build only`;
    if (value === 'empty') return `build secret ${name}: empty, because the variable is not set in this shell`;
    return `build secret ${name}: a throwaway value (\`--build-secret ${name}\` passes the value from this shell)`;
  });
