import { posix } from 'node:path';
import type { Archetype } from '../../model/archetype.ts';
import type { Facts } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { EnvVar, Image, KeptEdit, Plan, Workload } from '../../model/plan.ts';
import type { ApplicationRecipes, ForeignRuntime } from '../../model/recipe.ts';
import { loadBackingService, services as registry } from '../../services/registry.gen.ts';
import { planApp } from '../app.ts';
import { withFreePorts } from '../applications/ports.ts';
import { planServices } from '../backing-services.ts';
import { decideFiles } from '../compose-files.ts';
import { ownVariables } from '../context.ts';
import { type Decide, recorder } from '../decide.ts';
import { loopback, together } from '../edits.ts';
import { planEnvironment } from '../environment.ts';
import type { PlanInput } from '../input.ts';
import { planLabels, summarise } from '../labels.ts';
import { loadRecipes } from '../recipes.ts';
import { chooseServices } from '../services.ts';
import { joined, type Settings, secretsOf, sorted } from '../settings.ts';
import { workloadSettings } from '../workload.ts';
import { type DevelopmentPlan, planDevelopment } from './development.ts';
import { planKeptEdits } from './edits.ts';
import { envFileValues } from './env-files.ts';
import { exampleOf, keptComposeFiles, planKeptFiles } from './files.ts';
import { restrictionsOf } from './hardening.ts';
import { type KeptHealth, noHealth, planKeptHealth } from './health.ts';
import { ignoreOf, planKeptIgnore } from './ignore.ts';
import { planKeptImage } from './image.ts';
import { migrationNotes } from './migration.ts';
import { portOf } from './port.ts';
import { authorPorts } from './ports.ts';
import { keptServices, otherServices, type ServiceSplit, splitServices } from './services.ts';
import type { KeptApp, KeptSet } from './set.ts';
import { composeSettings } from './settings.ts';
import { planKeptWorkload, shapeOf } from './workloads.ts';

/** A plan is decided from this, and from the author's files. */
type Draft = {
  readonly input: PlanInput;
  readonly archetype: Archetype;
  readonly set: KeptSet;
  readonly apps: readonly KeptApp[];
  readonly recipes: ApplicationRecipes | undefined;
  readonly split: ServiceSplit;
  readonly decide: Decide;
};

/**
 * Decides what is added to the deployment that the author wrote: its files stay, and images, services, ports and variables are those of them. Where
 * they do not start the application at all, it is planned as usual, beside their services.
 */
export async function planKept(input: PlanInput, archetype: Archetype, set: KeptSet): Promise<Plan> {
  if (set.apps.length === 0 && !set.dockerfile) return planBeside(input, archetype, set);
  const { decide, decisions } = recorder();
  const recipes = await loadRecipes(input.facts);
  const apps =
    set.apps.length > 0 ? set.apps : [{ name: 'app', service: undefined, built: set.dockerfile, isOnce: false }];
  const { chosen, questions } = await choose(input);
  const draft: Draft = {
    input,
    archetype,
    set,
    apps,
    recipes,
    split: splitServices(chosen, set, undefined, examplesOf(input)),
    decide,
  };
  const summary = summarise(input.specification);
  const parts = planParts(draft);
  const own = await generatedImage(input, archetype, set);
  const compose = keptComposeFiles(input.facts, set);
  decideFiles(compose, summary, decide);
  const kept = planKeptFiles({
    facts: input.facts,
    set,
    compose,
    development: parts.development,
    isNeeded: set.base !== undefined && (set.apps.length === 0 || draft.split.missing.some(({ service }) => service)),
    services: parts.others,
    notWritten: [...elsewhereNotes(draft), ...withoutNotes(draft), ...(own ? [] : unappliedNotes(draft))],
    hasExample: hasExample(input),
    edits: own ? [] : parts.offered,
    decide,
  });
  const plan: Plan = {
    version: 1,
    name: input.facts.name.value,
    archetype,
    images: own ? own.images : parts.images,
    workloads: own ? onImage(parts.workloads) : parts.workloads,
    services: parts.services,
    volumes: volumesOf(parts),
    networks: {},
    secrets: secretsOf(parts.settings),
    settings: sorted(parts.settings),
    routes: own ? own.routes : parts.health.routes,
    sources: own ? own.sources : [...parts.health.sources],
    edits: own ? own.edits : together(parts.edits),
    manual: own ? own.manual : parts.manual,
    ci: { enabled: false },
    ...(summary ? { specification: summary } : {}),
    kept: { ...kept, ...envFileValues(set, input.facts, chosen) },
    compose,
    decisions: { ...own?.decisions, ...decisions() },
    questions: [...questions],
  };
  return besideOthers(plan, set);
}

/** What is added gets ports of this machine that the author's services leave free. */
const besideOthers = (plan: Plan, set: KeptSet): Plan => withFreePorts(plan, authorPorts(set));

const hasExample = ({ facts, replaced = [] }: PlanInput): boolean =>
  facts.existing.includes('.env.example') && !replaced.includes(exampleOf(facts));

/** What the project's example of settings says, by variable. */
const examplesOf = ({ facts }: PlanInput): ReadonlyMap<string, string> =>
  new Map(facts.variables.flatMap(({ name, example }) => (example === undefined ? [] : [[name, example] as const])));

const choose = ({ facts, specification, config }: PlanInput) =>
  chooseServices(facts, specification?.requirements ?? [], config, { services: registry, load: loadBackingService });

/** The image as it is generated, where the author's compose file builds a Dockerfile that somebody wants replaced. */
async function generatedImage(
  input: PlanInput,
  archetype: Archetype,
  { apps, dockerfile }: KeptSet,
): Promise<Plan | undefined> {
  const isReplaced = apps.some(({ service, built }) => service?.build && !built) && !dockerfile;
  return isReplaced ? planApp(input, archetype) : undefined;
}

const onImage = (workloads: Plan['workloads']): Plan['workloads'] =>
  Object.fromEntries(Object.entries(workloads).map(([name, workload]) => [name, { ...workload, image: 'app' }]));

/** The application as it is planned without any Docker file, beside the services that the author's compose file starts. */
async function planBeside(input: PlanInput, archetype: Archetype, set: KeptSet): Promise<Plan> {
  const plan = await planApp({ ...input, beside: set }, archetype);
  const { decide, decisions } = recorder();
  const compose = keptComposeFiles(input.facts, set);
  const kept = planKeptFiles({
    facts: input.facts,
    set,
    compose,
    development: {},
    isNeeded: true,
    services: otherServices(set, plan.services, decide),
    notWritten: [],
    hasExample: hasExample(input),
    edits: [],
    decide,
  });
  const settings = sorted(joined(plan.settings, composeSettings(set, input.facts, [], decide)));
  const { leftOut: _leftOut, ...beside } = plan;
  return besideOthers({ ...beside, settings, kept, compose, decisions: { ...plan.decisions, ...decisions() } }, set);
}

type Parts = {
  readonly images: Plan['images'];
  readonly workloads: Plan['workloads'];
  readonly services: Plan['services'];
  readonly others: NonNullable<Plan['kept']>['services'];
  readonly settings: Settings;
  readonly health: KeptHealth;
  readonly edits: Plan['edits'];
  readonly manual: Plan['manual'];
  readonly development: Readonly<Record<string, DevelopmentPlan>>;
  readonly offered: readonly KeptEdit[];
};

function planParts(draft: Draft): Parts {
  const { input, set, apps, recipes, split, decide } = draft;
  const { config, read } = input;
  const name = input.facts.name.value;
  const main = mainOf(apps);
  const port = main && portOf(main, input.facts);
  const { port: _port, ...rest } = input.facts;
  const facts: Facts = { ...withImage(rest, main), ...(port ? { port } : {}) };
  const added = planServices(name, split.missing, decide, knownValue(facts.port)?.number);
  const env = environmentOf(draft, facts);
  const runtime = main && runtimeOf(draft, main);
  const health = healthOf(draft, { main, facts, runtime });
  const images = imagesOf(draft, facts);
  const planned = workloadsOf(draft, { facts, main, env: env.value, probes: health.probes, images: images.byApp });
  const reached = recipes ? loopback(facts, recipes, read, decide) : { edits: [], manual: [] };
  const known = joined(
    images.settings,
    added.settings,
    env.settings,
    composeSettings(set, facts, split.adopted, decide),
  );
  const own = set.apps.length > 0 ? {} : workloadSettings(facts, { shape: 'service' }, known, decide);
  const services = { ...keptServices(split.adopted, set, name, decide), ...added.value };
  return {
    images: images.value,
    workloads: planned.workloads,
    services,
    others: otherServices(set, services, decide),
    settings: joined(known, own),
    health,
    edits: [...health.edits, ...reached.edits],
    manual: [...health.manual, ...reached.manual],
    development: planned.development,
    offered: main
      ? planKeptEdits({
          app: main,
          apps,
          set,
          facts,
          config,
          recipes,
          runtime,
          health,
          development: planned.development[main.name],
          ignored: input.ignored ?? [],
          read,
          decide,
        })
      : [],
  };
}

function healthOf(
  { input, set, recipes, split, decide }: Draft,
  { main, facts, runtime }: { main: KeptApp | undefined; facts: Facts; runtime: ForeignRuntime | undefined },
): KeptHealth {
  if (!main || !recipes) return noHealth;
  return planKeptHealth({
    app: main,
    facts,
    config: input.config,
    recipes,
    runtime,
    chosen: [...split.adopted, ...split.missing, ...split.elsewhere],
    read: input.read,
    withoutHealth: input.withoutHealth ?? false,
    isAsked: set.base === undefined || !set.production,
    decide,
  });
}

const mainOf = (apps: readonly KeptApp[]): KeptApp | undefined => apps.toSorted((a, b) => rank(a) - rank(b))[0];

/** The service that answers comes first, then what has a port at all. */
const rank = ({ service }: KeptApp): number => (service === undefined || service.ports.length > 0 ? 0 : 1);

/** The facts with what the image itself sets: a variable with a value there is asked of nobody. */
function withImage(facts: Facts, app: KeptApp | undefined): Facts {
  const set = { ...app?.built?.stage.env, ...app?.service?.env };
  return {
    ...facts,
    variables: facts.variables.map((variable) =>
      Object.hasOwn(set, variable.name) ? { ...variable, required: false } : variable,
    ),
  };
}

/** The variables that a container gets: all that the code reads where the container is added, else those of services that are added. */
function environmentOf(draft: Draft, facts: Facts) {
  const { input, set, split, decide } = draft;
  const chosen = [...split.adopted, ...split.missing];
  const all = planEnvironment(facts, input.facts.name.value, set.apps.length > 0 ? split.missing : chosen, decide);
  if (set.apps.length === 0)
    return { ...all, value: { ...modeValues(draft, facts), ...ownValues(draft, facts), ...all.value } };
  // a file of the application lies where the author's set has it
  const usual = split.missing.flatMap(({ variables, detection, service }) =>
    !service ? [] : variables.length > 0 ? variables : detection.variables.map(({ match }) => match),
  );
  const value = Object.fromEntries(Object.entries(all.value).filter(([key]) => usual.includes(key)));
  return { value, settings: {} };
}

/** The port and the address to listen on, as a generated image has them: where the author's image does not set them, its container gets them. */
function ownValues({ apps, decide }: Draft, facts: Facts): Readonly<Record<string, EnvVar>> {
  const env = apps[0]?.built?.stage.env ?? {};
  return Object.fromEntries(
    Object.entries(ownVariables(facts)).flatMap(([name, text]): [string, EnvVar][] => {
      if (Object.hasOwn(env, name)) return [];
      const read = facts.variables.find((variable) => variable.name === name);
      const from = read?.from ?? facts.port?.from ?? [];
      const decision = decide(`workloads.app.env.${name}`, {
        choice: text,
        why: 'the port that the application listens on, which your image does not set',
        from,
      });
      const purpose = read?.purpose ?? 'where the application listens';
      return [[name, { value: { from: 'literal', text }, secret: false, purpose, decision }]];
    }),
  );
}

/** What tells the application in which mode it runs, as a generated image has it: an application may not start without, and packages read it too. */
function modeValues({ apps, archetype, recipes, decide }: Draft, facts: Facts): Readonly<Record<string, EnvVar>> {
  const env = apps[0]?.built?.stage.env ?? {};
  const recipe = recipes?.recipe(facts, recipeOptions(archetype));
  return Object.fromEntries(
    Object.entries(recipe?.production.env ?? {}).flatMap(([name, text]): [string, EnvVar][] => {
      const developed = recipe?.development.env[name];
      if (developed === undefined || developed === text || Object.hasOwn(env, name)) return [];
      const decision = decide(`workloads.app.env.${name}`, {
        choice: text,
        why: 'the mode that the application runs in, which your image does not set',
        from: facts.variables.find((variable) => variable.name === name)?.from ?? [],
      });
      const development = { from: 'literal' as const, text: developed };
      const value = { from: 'literal' as const, text };
      return [[name, { value, development, secret: false, purpose: 'mode of the application', decision }]];
    }),
  );
}

const recipeOptions = (archetype: Archetype) => ({
  shape: archetype === 'cli-tool' ? ('command' as const) : ('service' as const),
  runtimeBase: undefined,
});

function runtimeOf({ recipes }: Draft, { service, built }: KeptApp): ForeignRuntime | undefined {
  const base = built?.stage.base ?? service?.image?.value;
  if (base === undefined) return undefined;
  const entrypoint = service?.entrypoint?.argv ?? built?.stage.entrypoint?.argv;
  const command = service?.command ?? built?.stage.command ?? { argv: [], form: 'exec' as const };
  return recipes?.inImage?.({ base, ...(entrypoint ? { entrypoint } : {}), command });
}

type Images = {
  readonly value: Record<string, Image>;
  readonly settings: Settings;
  /** key of the image by the name of the application's service */
  readonly byApp: Readonly<Record<string, string>>;
};

/** One image for each stage that is built: several services often share one. */
function imagesOf(draft: Draft, facts: Facts): Images {
  const { input, apps, recipes, archetype, set, decide } = draft;
  const value: Record<string, Image> = {};
  const byApp: Record<string, string> = {};
  const keys = new Map<string, string>();
  const all: Settings[] = [];
  const recipe = recipes?.recipe(facts, recipeOptions(archetype));
  for (const app of apps) {
    const { built } = app;
    if (!built) continue;
    const { dockerfile, stage } = built;
    const id = `${dockerfile.path}\0${stage.index}`;
    const known = keys.get(id);
    const key = known ?? (keys.size === 0 ? 'app' : app.name);
    byApp[app.name] = key;
    if (known !== undefined) continue;
    keys.set(id, key);
    const ignore = ignoreOf(dockerfile, set.docker.dockerignores);
    const planned = planKeptImage({
      key,
      app,
      built,
      platforms: input.config.platforms ?? [],
      labels: planLabels(facts, input.specification),
      hasIgnore: ignore !== undefined,
      decide,
    });
    const context =
      ignore === undefined
        ? planKeptIgnore(dockerfile, facts, recipe, input.specification !== undefined, decide, key)
        : { root: dockerfile.context, needs: [], leavesOut: [] };
    value[key] = { ...planned.value, context };
    all.push(planned.settings);
  }
  return { value, settings: joined(...all), byApp };
}

type KeptPlan = {
  readonly facts: Facts;
  readonly main: KeptApp | undefined;
  readonly env: Readonly<Record<string, EnvVar>>;
  readonly probes: Workload['probes'];
  readonly images: Images['byApp'];
};

function workloadsOf(draft: Draft, { facts, main, env, probes, images }: KeptPlan) {
  const { input, apps, set, split, archetype, decide } = draft;
  const workloads: Record<string, Workload> = {};
  const development: Record<string, DevelopmentPlan> = {};
  const embedded = split.missing.find(({ detection }) => detection.embedded);
  const folder = posix.dirname(set.base?.files[0] ?? 'compose');
  const has = (file: string) => input.read(file) !== undefined;
  decide('workloads.app.hardening', {
    choice: 'as far as the existing image allows',
    why: 'an intruder must not have permissions that the app does not need; those that the image may need are kept',
    from: main ? restrictionsOf(main, facts, runtimeOf(draft, main), embedded !== undefined).from : [],
  });
  const asked = archetype === 'cli-tool' ? 'command' : archetype === 'data-pipeline' ? 'job' : 'service';
  for (const app of [...apps].sort((a, b) => rank(a) - rank(b))) {
    const runtime = runtimeOf(draft, app);
    const { port: _port, ...others } = facts;
    const port = app === main ? facts.port : portOf(app, input.facts);
    const own: Facts = { ...others, ...(port ? { port } : {}) };
    const plan = planDevelopment({ app, set, facts: own, runtime, folder, has });
    development[app.name] = plan;
    workloads[app.name] = planKeptWorkload({
      app,
      services: set.base?.services ?? [],
      image: images[app.name] ?? app.name,
      shape: shapeOf(app, own, asked),
      facts: own,
      bears: restrictionsOf(app, own, runtime, embedded !== undefined),
      development: set.development || set.override ? { kind: 'there', why: '' } : plan,
      env,
      probes: app === main ? probes : {},
      after: set.apps.length > 0 ? split.missing : [...split.adopted, ...split.missing],
      embedded,
      decide,
    });
  }
  return { workloads, development };
}

/** Services that the code needs and a variable of the author's leads to: nothing is added for them. */
const elsewhereNotes = ({ split, decide }: Draft): NonNullable<Plan['kept']>['notWritten'] =>
  split.elsewhere.map(({ detection, variables, from }) => ({
    what: `a service for ${detection.title}`,
    why: `your compose file sets ${variables.join(', ') || 'its settings'}, which points to ${detection.title} elsewhere`,
    decision: decide(`kept.elsewhere.${detection.name}`, {
      choice: 'not added',
      why: `your compose file already sets the address of ${detection.title}`,
      from,
    }),
  }));

/** Services that the code has a client of, and the author's set does without: nothing is added for them either. */
const withoutNotes = ({ split, decide }: Draft): NonNullable<Plan['kept']>['notWritten'] =>
  split.without.map(({ unused: { name, detection, from }, why }) => ({
    what: `a service for ${detection.title}`,
    why,
    next: `If you need it, \`--set services.${name}={}\` adds it.`,
    decision: decide(`kept.elsewhere.${name}`, { choice: 'not added', why, from }),
  }));

/** Migrations that nothing of the author's set applies. */
function unappliedNotes(draft: Draft): NonNullable<Plan['kept']>['notWritten'] {
  const { input, set, apps, decide } = draft;
  const app = mainOf(apps);
  return migrationNotes({ app, set, facts: input.facts, runtime: app && runtimeOf(draft, app), decide });
}

function volumesOf({ workloads, services }: Pick<Parts, 'workloads' | 'services'>): Plan['volumes'] {
  const own = Object.values(workloads).flatMap(({ writable }) =>
    writable.flatMap((one) =>
      one.volume ? [[one.volume, { purpose: `files that the app keeps in ${one.path}`, decision: one.decision }]] : [],
    ),
  );
  const backing = Object.entries(services).flatMap(([host, { volume }]) =>
    volume ? [[volume.name, { purpose: `the data of ${host}`, decision: volume.decision }]] : [],
  );
  return Object.fromEntries([...own, ...backing]);
}
