import { isRegistryToken } from '../catalog/registry-tokens.ts';
import type { Facts } from '../model/facts.ts';
import type { Image, Mount, Setting, Stage, Step } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import { mountedSettings } from '../model/secret-settings.ts';
import { type Decide, filesOf } from './decide.ts';
import { key } from './execute.ts';
import type { Settings } from './settings.ts';

type RunStep = Extract<Step, { do: 'run' }>;

/** A secret that only building needs, and what needs it. */
type Needed = { readonly variable: string; readonly from: Facts['tokens'][number]['from']; readonly who: string };

/**
 * The build secrets of an image, and its stages with them: tokens of registries are mounted where the packages are installed, other secrets
 * where the build script runs, each for that instruction alone.
 */
export function planBuildSecrets(
  planned: readonly Stage[],
  facts: Facts,
  required: Recipe['requiredVariables'],
  decide: Decide,
): Pick<Image, 'stages' | 'buildSecrets' | 'secretFiles'> {
  const ofBuild = planned.some((stage) => stage.steps.some((step) => isBuild(stage, step, facts)))
    ? (facts.buildSecrets ?? [])
    : [];
  const stages = planned.map((stage) => ({
    ...stage,
    steps: stage.steps.map((step) => (isBuild(stage, step, facts) ? withSecrets(step, ofBuild) : step)),
  }));
  const needed: Needed[] = [
    ...facts.tokens.map((token) => ({ ...token, who: 'the install' })),
    ...ofBuild.map((secret) => ({ ...secret, who: 'the build script' })),
  ];
  const files = mountedSettings(facts);
  return {
    stages: withEmptyTokens(
      stages,
      required,
      files.map(({ mount }) => mount),
    ),
    ...(files.length > 0
      ? {
          secretFiles: files.map(({ mount, file, from }) => ({
            id: mount.id,
            file,
            decision: decide(key('secretFiles', mount.id), {
              choice: 'a build secret, from the file',
              why: 'the install reads it, and it contains a login, so it must not remain in any layer',
              from,
            }),
          })),
        }
      : {}),
    buildSecrets: needed.map(({ variable, from, who }) => ({
      id: variable,
      env: variable,
      decision: decide(key('buildSecrets', variable), {
        choice: 'a build secret',
        why: `${who} needs it, and it must not remain in any layer${consent(variable)}`,
        from,
      }),
    })),
  };
}

const consent = (variable: string): string =>
  isRegistryToken(variable)
    ? ''
    : `; its name is not that of a known package registry token, so its value is passed only with \`--build-secret ${variable}\``;

/** Whether a step is the build script of the project: another builder takes its place in some plans, and reads no secret. */
const isBuild = (stage: Stage, step: Step, { commands }: Facts): step is RunStep =>
  stage.name === 'build' &&
  step.do === 'run' &&
  commands.build !== undefined &&
  JSON.stringify(step.argv) === JSON.stringify(commands.build.value.argv);

const withSecrets = (step: RunStep, secrets: readonly { readonly variable: string }[]): Step =>
  secrets.length === 0
    ? step
    : {
        ...step,
        mounts: [
          ...(step.mounts ?? []),
          ...secrets.map(({ variable }) => ({ type: 'secret' as const, id: variable, env: variable })),
        ],
      };

/**
 * The stages for a program that reads its settings at every command, and stops where a variable in them is not set: what needs no value
 * gets an empty one, so that the true one ends with the instruction that needs it. `ENV` would keep the name in the image.
 */
function withEmptyTokens(stages: Stage[], required: Recipe['requiredVariables'], settings: readonly Mount[]): Stage[] {
  if (!required) return stages;
  const { program, variables: names } = required;
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  const words = names.length > 0 ? ['env', ...names.map((name) => `${name}=`)] : [];
  const isGiven = (step: RunStep) => step.mounts?.some((mount) => mount.type === 'secret' && mount.required) ?? false;
  const isMounted = (step: RunStep) =>
    step.mounts?.some((mount) => mount.type === 'secret' && names.includes(mount.id)) ?? false;
  const filled = (stage: Stage, step: Step): Step => {
    if (step.do === 'run' && step.argv[0] === program) {
      const mounted =
        isGiven(step) || settings.length === 0 ? step : { ...step, mounts: [...(step.mounts ?? []), ...settings] };
      return isMounted(step) || names.length === 0 ? mounted : { ...mounted, env: { ...step.env, ...empty } };
    }
    // production runs without the settings of the program
    const starts = step.do === 'cmd' || step.do === 'entrypoint';
    return starts && stage.name !== 'production' ? { ...step, argv: [...words, ...step.argv] } : step;
  };
  return stages.map((stage) => ({ ...stage, steps: stage.steps.map((step) => filled(stage, step)) }));
}

/** The settings for the secrets of the build script: whoever builds has them, and no container ever sees them. */
export const buildSettings = (facts: Facts, buildSecrets: Image['buildSecrets']): Settings =>
  Object.fromEntries(
    buildSecrets.flatMap(({ env, decision }) => {
      const secret = facts.buildSecrets?.find(({ variable }) => variable === env);
      const purpose = `read during the build (${filesOf(secret?.from ?? [])[0] ?? 'the build script'}); only building needs it`;
      const setting: Setting = { purpose, required: true, secret: true, generate: 'key', decision };
      return secret ? [[env, setting]] : [];
    }),
  );

/** Tokens of private registries: whoever builds has them, and no container ever sees them. `known` are settings that are there already. */
export const planTokens = (facts: Facts, known: Settings, decide: Decide): Settings =>
  Object.fromEntries(
    facts.tokens
      .filter(({ variable }) => !known[variable])
      .map(({ variable, scope, hint, file, from }) => [
        variable,
        {
          ...(hint === undefined ? {} : { hint }),
          purpose: `${hint === undefined ? 'token' : 'login'} of the private registry${scope ? ` for ${scope}` : ''} (${file}); only building needs it`,
          required: true,
          secret: true,
          decision: decide(`settings.${variable}`, {
            choice: 'set by the user who builds',
            why: 'read during installation',
            from,
          }),
        },
      ]),
  );
