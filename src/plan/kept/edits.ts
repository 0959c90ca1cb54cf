import { posix } from 'node:path';
import type { Config } from '../../model/config.ts';
import type { ExistingDockerfile, ExistingStage } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { KeptEdit } from '../../model/plan.ts';
import type { ApplicationRecipes, CompleteStage, ForeignRuntime } from '../../model/recipe.ts';
import type { Decide } from '../decide.ts';
import { ownCheckOf } from '../health.ts';
import type { IgnoredCopy } from '../input.ts';
import { pairsOf, placeOf } from './copies.ts';
import type { DevelopmentPlan } from './development.ts';
import { hasOwnCheck, type KeptHealth } from './health.ts';
import type { Built, KeptApp, KeptSet } from './set.ts';

type Input = {
  /** the application that answers */
  readonly app: KeptApp;
  readonly apps: readonly KeptApp[];
  readonly set: KeptSet;
  /** with the port that the container listens on */
  readonly facts: Facts;
  readonly config: Config;
  readonly recipes: ApplicationRecipes | undefined;
  readonly runtime: ForeignRuntime | undefined;
  readonly health: KeptHealth;
  readonly development: DevelopmentPlan | undefined;
  readonly ignored: readonly IgnoredCopy[];
  readonly read: (file: string) => string | undefined;
  readonly decide: Decide;
};

type Offer = Omit<KeptEdit, 'decision'> & { readonly key: string };

/**
 * The changes of the author's files that would make possible what is not written beside them as they are. Each is offered as a diff, and nothing of it is
 * decided here.
 */
export function planKeptEdits(input: Input): readonly KeptEdit[] {
  const offers = [...checkOf(input), ...copyOf(input), ...stageOf(input), ...targetsOf(input), ...notIgnored(input)];
  return offers.map(({ key, ...offer }) => ({
    ...offer,
    decision: input.decide(`kept.edits.${key}`, { choice: `offered: ${offer.what}`, why: offer.why }),
  }));
}

const isSame = (built: Built | undefined, other: Built | undefined): boolean =>
  built?.dockerfile.path === other?.dockerfile.path && built?.stage.index === other?.stage.index;

/** A health check where nothing asks: in the image, or in the compose file where other services have the same image and another command. */
function checkOf({ app, apps, set, facts, config, runtime, health }: Input): readonly Offer[] {
  const { built, service, name } = app;
  const isSwitchedOff = built?.stage.healthcheck !== undefined || service?.has.includes('healthcheck');
  // a module that we would add has to be there first
  if (hasOwnCheck(app) || isSwitchedOff || !runtime || health.sources.length > 0 || health.notCarried) return [];
  if (!built || knownValue(facts.port) === undefined) return [];
  const check = ownCheckOf({ facts, config, probes: runtime.probes });
  const { dockerfile, stage } = built;
  const forms = set.base ? 'in every form' : 'wherever the image runs';
  const isAlone = apps.every((keptApp) => keptApp === app || !isSame(keptApp.built, built));
  if (isAlone) {
    const what = 'a health check of the image';
    const why = `shows ${forms} whether ${name} is healthy`;
    const change = { type: 'image-check' as const, stage: stage.index, check };
    return [{ key: `check.${dockerfile.path}`, file: dockerfile.path, what, why, change }];
  }
  const file = service?.from[0]?.file;
  if (file === undefined) return [];
  const what = `a health check of the service ${name}`;
  const why = `shows ${forms} whether ${name} is healthy; other services use the image too`;
  return [{ key: `check.${name}`, file, what, why, change: { type: 'service-check', service: name, check } }];
}

/** The health module in the image, which takes single files along. */
function copyOf({ app: { built }, health: { notCarried } }: Input): readonly Offer[] {
  if (!built || !notCarried?.copy) return [];
  const { path } = notCarried.copy;
  return [
    {
      key: `copy.${path}`,
      file: built.dockerfile.path,
      what: `${path} in the image`,
      why: `${notCarried.why}; with it, ${path} is written with the routes /live, /ready and /health`,
      needs: 'source-edits',
      change: { type: 'copy', ...notCarried.copy },
    },
  ];
}

/** A stage to develop in, where the image that runs has nothing to develop with. */
function stageOf(input: Input): readonly Offer[] {
  const { app, set, facts, recipes, development, read } = input;
  const { built, service, name } = app;
  if (development?.kind !== 'none' || set.development || set.override || !built || !recipes?.completeStages) return [];
  const { dockerfile, stage } = built;
  const text = read(dockerfile.path);
  const isOwnFolder = posix.relative(dockerfile.context, facts.root) === '';
  if (text === undefined || stage.use !== 'production' || service?.entrypoint || !isOwnFolder) return [];
  // what it would watch is not known
  if (!facts.commands.dev && knownValue(facts.entry) === undefined) return [];
  if (numbered(dockerfile, stage, set)) return [];
  const how = recipes.recipe(facts, { shape: facts.site ? 'site' : 'service', runtimeBase: undefined }).development;
  // a server of its own on another port must be published too, and a command that watches nothing shows no edit
  if (how.port !== undefined || how.still) return [];
  const found = recipes
    .completeStages(text, stage.index)
    .find((completeStage) => holdsSources(input, dockerfile, completeStage));
  const from = dockerfile.stages.find(({ index }) => index === found?.stage);
  if (!found || !from) return [];
  return [
    {
      key: `stage.${dockerfile.path}`,
      file: dockerfile.path,
      what: 'a development stage',
      why: `${development.why}; with that stage, a development compose file is written, in which an edit on the host shows up in ${name}`,
      change: {
        type: 'stage',
        name: 'development',
        before: stage.index,
        from: found.stage,
        ...(found.repeats ? { repeats: [...found.repeats] } : {}),
        env: { ...carriedOver(stage, found.repeats ? undefined : from), ...how.env },
        command: [...how.command],
      },
    },
  ];
}

/** Whether the stage has the sources where it is developed: in its own folder, as they lie in the project. */
function holdsSources({ facts }: Input, { stages }: ExistingDockerfile, { stage: index }: CompleteStage): boolean {
  const stage = stages.find((stage) => stage.index === index);
  const entry = knownValue(facts.entry);
  if (!stage) return false;
  if (pairsOf(stage).some(({ source, to }) => source === '.' && to === stage.workdir)) return true;
  return entry !== undefined && placeOf(stage, entry)?.path === posix.join(stage.workdir, entry);
}

/** Variables of the image that runs, which the application expects while it is developed too; secrets and what is only known when it is built stay. */
const carriedOver = ({ env }: ExistingStage, there: ExistingStage | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, { value, secret }]) =>
      secret || value.includes('$') || there?.env[name]?.value === value ? [] : [[name, value]],
    ),
  );

/** Whether something names a stage by its number, which one in front of it would change. */
const numbered = ({ stages }: ExistingDockerfile, { index }: ExistingStage, { docker }: KeptSet): boolean =>
  stages.some(({ copies }) => copies.some(({ stage }) => /^\d+$/.test(stage ?? '') && Number(stage) >= index)) ||
  docker.compose.some(({ services }) => services.some(({ build }) => /^\d+$/.test(build?.target ?? '')));

/** Stages that a compose file names and the Dockerfile does not have. */
const targetsOf = ({ apps }: Input): readonly Offer[] =>
  apps.flatMap(({ service, built, name }): Offer[] => {
    const before = service?.build?.target;
    const file = service?.build?.from[0]?.file;
    if (before === undefined || before.includes('$') || !built || file === undefined) return [];
    const { stages, path, production } = built.dockerfile;
    if (stages.some((stage) => stage.name === before.toLowerCase() || String(stage.index) === before)) return [];
    const meant = stages.find(({ index }) => index === production);
    if (!meant || (meant.name === undefined && meant.index !== stages.at(-1)?.index)) return [];
    return [
      {
        key: `target.${name}`,
        file,
        what:
          meant.name === undefined
            ? `${name} without a stage that does not exist`
            : `${name} built from the stage ${meant.name}`,
        why: `${path} has no stage ${before}, so the build of ${name} fails`,
        change: { type: 'target', service: name, before, ...(meant.name === undefined ? {} : { stage: meant.name }) },
      },
    ];
  });

/** What a Dockerfile copies and the ignore file of its context leaves out. Settings and installed packages are left out for a reason. */
function notIgnored({ ignored, runtime, set: { docker } }: Input): readonly Offer[] {
  const isKept = ({ file, dockerfile }: IgnoredCopy) =>
    docker.dockerignores.includes(file) && docker.dockerfiles.some(({ path }) => path === dockerfile);
  const isMeant = (path: string) =>
    !/^\.env/.test(posix.basename(path)) && !(runtime?.packages ?? []).includes(posix.basename(path));
  const rows = new Map(
    ignored.filter((row) => isKept(row) && isMeant(row.path)).map((row) => [`${row.file} ${row.path}`, row]),
  );
  return [...rows.values()].map(({ dockerfile, line, file, path }) => ({
    key: `not-ignored.${file}.${path}`,
    file,
    what: `${path} in the build context`,
    why: `${dockerfile}${line === undefined ? '' : `:${line}`} copies ${path}, and the build fails without it`,
    change: { type: 'not-ignored', path },
  }));
}
