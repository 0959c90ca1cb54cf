import { isPassedToStages } from '../../catalog/build-arguments.ts';
import type { ExistingDockerfile, ExistingStage } from '../../model/existing.ts';
import type { EnvVar, Image } from '../../model/plan.ts';
import { holdsSecret } from '../../model/secret-names.ts';
import type { Decide } from '../decide.ts';
import { valueOfParts } from '../service-values.ts';
import { joined, type Settings, type WithSettings } from '../settings.ts';
import type { Built, KeptApp } from './set.ts';
import { targetOf } from './set.ts';
import { partsOf } from './values.ts';

type Input = {
  readonly key: string;
  readonly app: KeptApp;
  readonly built: Built;
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** whether the ignore file of the context is the author's */
  readonly hasIgnore: boolean;
  readonly decide: Decide;
};

/** The stages that a stage is made of: what it begins with and what it copies from, itself included. */
function stagesOf({ stages }: ExistingDockerfile, stage: ExistingStage): readonly ExistingStage[] {
  const found = new Set<ExistingStage>();
  const visit = (item: ExistingStage | undefined) => {
    if (!item || found.has(item)) return;
    found.add(item);
    visit(stages.find(({ index }) => index === item.parent));
    for (const { stage: other } of item.copies)
      visit(
        stages.find(
          ({ name, index }) => other !== undefined && (name === other.toLowerCase() || String(index) === other),
        ),
      );
  };
  visit(stage);
  return stages.filter((item) => found.has(item));
}

/** The author's image as the plan has it: nothing of it is printed. What it needs of whoever builds it are settings. */
export function planKeptImage(input: Input): WithSettings<Omit<Image, 'context'>> {
  const { key, app, built, platforms, labels, hasIgnore, decide } = input;
  const { dockerfile, stage } = built;
  const decision = decide(`images.${key}`, {
    choice: `${dockerfile.path}, unchanged`,
    why: `your own file: ${stage.why}`,
    from: stage.from,
  });
  const used = stagesOf(dockerfile, stage);
  const args = app.service ? givenArguments(input) : handedOn(input, used);
  const secrets = secretsOf(input, used);
  const target = targetOf(built);
  const development = dockerfile.stages.find(({ index }) => index === dockerfile.development)?.name;
  const test = dockerfile.stages.find(({ index }) => index === dockerfile.test)?.name;
  return {
    value: {
      dockerfile: dockerfile.path,
      stages: [],
      targets: {
        ...(target === undefined ? {} : { production: target }),
        ...(development === undefined ? {} : { development }),
        ...(test === undefined ? {} : { test }),
      },
      platforms: [...platforms],
      shell: !/distroless|^scratch$/.test(stage.base),
      labels: { ...labels },
      ...(Object.keys(args.value).length > 0 ? { args: args.value } : {}),
      kept: { base: stage.base, healthcheck: stage.healthcheck?.command !== undefined, ignore: hasIgnore },
      buildSecrets: secrets.value,
      decision,
    },
    settings: joined(args.settings, secrets.settings),
  };
}

/** The arguments that the Dockerfile declares, handed on by their names: what is not set keeps its default. */
function handedOn(
  { key, built, decide }: Input,
  stages: readonly ExistingStage[],
): WithSettings<Record<string, EnvVar>> {
  const declared = new Map(
    stages.flatMap(({ args }) => Object.entries(args)).filter(([name]) => isPassedToStages(name)),
  );
  const rows = [...declared].map(([name, { default: fallback, from }]) => {
    const decision = decide(`images.${key}.args.${name}`, {
      choice: 'a build argument, passed on',
      why: `${built.dockerfile.path} declares it${fallback === undefined ? ' without a default' : ''}: if it is set, its value is passed to the build`,
      from,
    });
    const required = fallback === undefined;
    const purpose = `build argument of ${built.dockerfile.path}: changing it needs a new build`;
    const secret = holdsSecret(name, fallback);
    const value: EnvVar = { value: { from: 'user', variable: name, required }, secret, purpose, decision };
    const settings: Settings = {
      [name]: { purpose, required, secret, ...(required || secret ? {} : { default: fallback }), decision },
    };
    return { name, value, settings };
  });
  return {
    value: Object.fromEntries(rows.map(({ name, value }) => [name, value])),
    settings: joined(...rows.map(({ settings }) => settings)),
  };
}

/** The arguments that the author's compose file gives. */
function givenArguments({ key, app, decide }: Input): WithSettings<Record<string, EnvVar>> {
  const { args = {}, from = [] } = app.service?.build ?? {};
  const rows = Object.entries(args).map(([name, text]): [string, EnvVar] => {
    const why = 'set by your compose file';
    const decision = decide(`images.${key}.args.${name}`, { choice: 'a build argument', why, from });
    const parts = text === null ? undefined : partsOf(text, false);
    const value: EnvVar['value'] = parts ? valueOfParts(parts) : { from: 'user', variable: name, required: false };
    const secret = holdsSecret(name, text);
    return [name, { value, secret, purpose: 'a build argument', decision }];
  });
  return { value: Object.fromEntries(rows), settings: {} };
}

/** The secrets that RUN mounts: whoever builds has them, and no container ever sees them. */
function secretsOf({ key, decide }: Input, stages: readonly ExistingStage[]): WithSettings<Image['buildSecrets']> {
  const found = new Map(stages.flatMap(({ secrets }) => secrets).map((secret) => [secret.id, secret]));
  const rows = [...found.values()]
    .filter(({ id }) => /^[\w.-]+$/.test(id))
    .map(({ id, required, from }) => {
      const env = id
        .toUpperCase()
        .replace(/[^A-Z0-9_]/g, '_')
        .replace(/^(?=\d)/, '_');
      const decision = decide(`images.${key}.buildSecrets.${env}`, {
        choice: 'a build secret',
        why: 'mounted by an instruction of the Dockerfile',
        from,
      });
      const purpose = `build secret ${id} of the Dockerfile; only building needs it`;
      return { secret: { id, env, decision }, settings: { [env]: { purpose, required, secret: true, decision } } };
    });
  return { value: rows.map(({ secret }) => secret), settings: joined(...rows.map(({ settings }) => settings)) };
}
