import { posix } from 'node:path';
import type { Archetype } from '../model/archetype.ts';
import type { Facts } from '../model/facts.ts';
import { foldersOf, inRepository } from '../model/folders.ts';
import { knownValue } from '../model/known.ts';
import type { EnvVar, Plan, Question, SourceFile, Workload } from '../model/plan.ts';
import type { ApplicationRecipes, Recipe, SiteServer } from '../model/recipe.ts';
import { loadBackingService, services } from '../services/registry.gen.ts';
import { buildArguments, startValues } from './arguments.ts';
import { planServices } from './backing-services.ts';
import { composeFiles, decideFiles } from './compose-files.ts';
import { type Decide, recorder } from './decide.ts';
import { loopback, offeredSettings, together } from './edits.ts';
import { planEnvironment } from './environment.ts';
import { key } from './execute.ts';
import { type Health, planHealth } from './health.ts';
import { planIgnore } from './ignore.ts';
import { planImage } from './image.ts';
import type { PlanInput } from './input.ts';
import { keptServices, splitServices } from './kept/services.ts';
import { planLabels, summarise } from './labels.ts';
import { planMigration } from './migration.ts';
import { besideProcesses, planProcesses, startedWith, withoutServer } from './processes.ts';
import { archetypeQuestion, askSchedule, openQuestions, unanswered } from './questions.ts';
import { loadRecipes } from './recipes.ts';
import { isOfVariant, leftOutOf } from './replaced.ts';
import { planSecretFiles } from './secret-files.ts';
import { buildSettings, planTokens } from './secrets.ts';
import { type ChosenService, chooseServices } from './services.ts';
import { joined, type Settings, secretsOf, sorted, withAlphabet } from './settings.ts';
import { planWorkload, type Schedule, workloadSettings } from './workload.ts';
import { planVolumes, planWritable } from './writable.ts';

/** What of the app runs, by what it is. */
const shapes: Readonly<Partial<Record<Archetype, Workload['shape']>>> = {
  'web-service': 'service',
  'cli-tool': 'command',
  worker: 'worker',
  'data-pipeline': 'job',
};

const shapeOf = (archetype: Archetype, { site }: Facts, scheduled: boolean): Workload['shape'] => {
  const shape = archetype === 'web-app' && site ? 'site' : (shapes[archetype] ?? 'service');
  return shape === 'job' && scheduled ? 'schedule' : shape;
};

/** When a pipeline runs: the configuration says it, else a sentence of the specification. */
function scheduleOf({ config, specification }: PlanInput): Schedule | undefined {
  if (config.schedule) return { cron: config.schedule, by: 'config', from: [], assertions: [] };
  const required = specification?.requirements.find(
    (requirement) => requirement.kind === 'schedule' && requirement.value !== undefined,
  );
  if (!required?.value) return undefined;
  const from = required.from.map(({ file, line, why }) => ({ file, line, why }));
  return { cron: required.value, by: 'detected', from, assertions: required.assertions };
}

/** Whether it answers requests. */
const listens = (shape: Workload['shape']): boolean => shape === 'service' || shape === 'site';

function withoutPort({ port: _port, host: _host, ...facts }: Facts): Facts {
  return facts;
}

/** The facts of what runs, where that is a web server and no program of the application: it has the application's name, and reads nothing of it. */
function factsOf(server: SiteServer, { host: _host, migration: _migration, ...facts }: Facts): Facts {
  const from = [{ why: 'answered by the web server' }];
  return {
    ...facts,
    port: { value: { number: server.port }, by: 'default', from: [] },
    signals: {
      value: [...server.signals],
      by: 'default',
      from: [{ why: 'the web server stops gracefully on its own' }],
    },
    routes: [{ method: 'GET', path: server.probe, from }],
    variables: [],
    services: [],
    externals: [],
    reads: [],
    writes: [],
  };
}

/** What is known of a value that the container gets when it starts. */
const givenAtStart = (item: EnvVar | undefined): { required: boolean; default?: string } => {
  const { required, default: value } = item?.value.from === 'user' ? item.value : { required: false };
  return { required, ...(value === undefined ? {} : { default: value }) };
};

/** How the web server gives out the files. */
const planSite = (
  facts: Facts,
  { reason, port, probe, files: { values, ...files } }: SiteServer,
  env: Workload['env'],
  decide: Decide,
): NonNullable<Plan['site']> => ({
  ...files,
  config: inRepository(facts, files.config),
  ...(values
    ? {
        values: {
          ...values,
          script: inRepository(facts, values.script),
          names: Object.fromEntries(Object.keys(values.names).map((name) => [name, givenAtStart(env[name])])),
        },
      }
    : {}),
  port,
  probe,
  decision: decide('site', reason),
});

const noHealth: Health = { probes: {}, routes: {}, sources: [], edits: [], manual: [] };

/** What a deployment is decided from, once it is known what runs. */
type Draft = {
  readonly shape: Workload['shape'];
  readonly schedule: Schedule | undefined;
  /** of what runs: of the web server where the app is a site */
  readonly facts: Facts;
  readonly recipes: ApplicationRecipes;
  /** the recipe for the sources as they are, and for the sources with the files that are added */
  readonly recipe: Recipe;
  readonly completed: (sources: readonly SourceFile[]) => { readonly facts: Facts; readonly recipe: Recipe };
};

/** Throws a UserError where something is missing that only the owner can say. */
async function draftOf(input: PlanInput, archetype: Archetype): Promise<Draft> {
  const schedule = scheduleOf(input);
  const shape = shapeOf(archetype, input.facts, schedule !== undefined);
  // what runs and ends answers nobody
  const own = listens(shape) ? input.facts : withoutPort(input.facts);
  const missing = openQuestions(own, shape);
  const recipes = await loadRecipes(own);
  if (missing.length > 0 || !recipes) throw unanswered(missing, own);
  const { runtimeBase, values } = input.config;
  const options = { shape, runtimeBase, values };
  const recipe = recipes.recipe(own, options);
  const { server } = recipe.production;
  const facts = server ? factsOf(server, own) : own;
  const completed: Draft['completed'] = (sources) => {
    const complete = withGenerated(facts, sources);
    return { facts: complete, recipe: sources.length > 0 ? recipes.recipe(complete, options) : recipe };
  };
  return { shape, schedule, facts, recipes, recipe, completed };
}

/** Decides the deployment of an app that runs in a container of its own: a service, a site, a command or a job. */
export async function planApp(input: PlanInput, archetype: Archetype): Promise<Plan> {
  const draft = await draftOf(input, archetype);
  const { decide, decisions } = recorder();
  const { facts, recipes } = draft;
  const { specification } = input;
  const summary = summarise(specification);
  const parts = await planParts(input, draft, decide);
  const { image, workload: alone, recipe, settings } = planContainer(input, draft, parts, summary, decide);
  const workload = besideProcesses(alone, recipe);
  const { health, planned } = parts;
  const reached = loopback(facts, recipes, input.read, decide);
  const beside = { ...workload, env: withoutServer(workload.env, recipe) };
  const migrate =
    facts.migration && planMigration({ facts, app: beside, services: planned, decision: key('stages.migrate') });
  const app = migrate ? afterMigration(workload, migrate.decision) : workload;
  const compose = planFiles(facts, summary, decide);
  return {
    version: 1,
    name: facts.name.value,
    archetype,
    images: { app: image },
    workloads: { app, ...(migrate ? { migrate } : {}), ...planProcesses(app, recipe, decide) },
    services: planned,
    volumes: planVolumes(workload, planned, facts),
    networks: {},
    secrets: planSecrets(facts, settings),
    settings: sorted(withAlphabet(settings, parts.env)),
    routes: health.routes,
    sources: [...schedulerOf(facts, workload, recipe), ...health.sources],
    edits: together([...health.edits, ...reached.edits]),
    ...offeredSettings(facts, recipes, input.read, decide),
    manual: [...health.manual, ...reached.manual],
    ...(recipe.production.server ? { site: planSite(facts, recipe.production.server, workload.env, decide) } : {}),
    ci: { enabled: false },
    ...(summary ? { specification: summary } : {}),
    compose,
    ...leftOutOf(input.facts, input.config, { image, compose }),
    decisions: decisions(),
    questions: [
      ...archetypeQuestion(facts),
      ...parts.questions,
      ...askSchedule(draft.shape, specification?.requirements ?? []),
    ],
  };
}

type Parts = {
  readonly chosen: readonly ChosenService[];
  readonly questions: readonly Question[];
  readonly planned: Plan['services'];
  readonly env: Readonly<Record<string, EnvVar>>;
  readonly settings: Settings;
  readonly health: Health;
  readonly writable: Workload['writable'];
};

/** What is decided before the image: the services beside the app, its variables, its health, and what it writes. */
async function planParts(input: PlanInput, draft: Draft, decide: Decide): Promise<Parts> {
  const { specification, config, read, withoutHealth = false } = input;
  const { facts, shape, recipes, recipe } = draft;
  const { server, probes } = recipe.production;
  const name = input.shared?.project ?? facts.name.value;
  // a web server needs no backing service, whatever the pages reach
  const requirements = server ? [] : (specification?.requirements ?? []);
  const registry = { services, load: loadBackingService };
  const all = await chooseServices(facts, requirements, config, registry, input.shared?.hosts, input.running);
  const found = { ...all, chosen: all.chosen.filter((chosenService) => !isOfVariant(chosenService, facts)) };
  const split = input.beside ? splitServices(found.chosen, input.beside) : undefined;
  const chosen = split ? [...split.adopted, ...split.missing] : found.chosen;
  const planned = planServices(name, split?.missing ?? chosen, decide, knownValue(facts.port)?.number);
  const tokens = planTokens(facts, planned.settings, decide);
  const env = planEnvironment(facts, name, chosen, decide);
  const health = listens(shape)
    ? planHealth({ facts, config, recipes, probes, chosen, read, withoutHealth, decide })
    : noHealth;
  return {
    chosen,
    questions: found.questions,
    planned: {
      ...(split ? keptServices(split.adopted, { base: input.beside?.base }, name, decide) : {}),
      ...planned.value,
    },
    env: env.value,
    settings: joined(planned.settings, tokens, env.settings),
    health,
    writable: planWritable(facts, config, chosen, decide),
  };
}

/** The image of the app, and the container that runs it. */
function planContainer(input: PlanInput, draft: Draft, parts: Parts, summary: Plan['specification'], decide: Decide) {
  const { specification, config } = input;
  const { shape } = draft;
  const { health, writable } = parts;
  const { facts, recipe } = draft.completed(health.sources);
  const args = buildArguments(recipe, decide);
  const given = startValues(recipe, decide);
  const { start, ...image } = planImage(
    {
      facts,
      config,
      recipe,
      shape,
      probes: health.probes,
      writable,
      labels: planLabels(facts, specification),
      specification: summary,
      decide,
    },
    args.value,
  );
  const known = joined(args.settings, given.settings, parts.settings, buildSettings(facts, image.buildSecrets));
  const workload = planWorkload({
    facts: draft.facts,
    shape,
    schedule: draft.schedule,
    start,
    recipe,
    chosen: parts.chosen,
    env: { ...startedWith(parts.env, recipe, decide), ...given.value },
    probes: health.probes,
    writable,
    decide,
  });
  const leavesOut = planIgnore(facts, specification !== undefined, writable, recipe, decide);
  return {
    image: {
      ...image,
      context: { root: foldersOf(facts).context, needs: [...recipe.needs], leavesOut: [...leavesOut] },
    },
    workload,
    recipe,
    settings: joined(known, workloadSettings(facts, workload, known, decide)),
  };
}

/** The secrets: settings that hold one, and files that the app reads them from. */
const planSecrets = (facts: Facts, settings: Settings): Plan['secrets'] => ({
  ...secretsOf(settings),
  ...planSecretFiles(facts),
});

/** The names of the compose files. */
function planFiles(facts: Facts, summary: Plan['specification'], decide: Decide): Plan['compose'] {
  const compose = composeFiles(facts);
  decideFiles(compose, summary, decide);
  const project = facts.composeProject;
  return project ? { ...compose, project: project.name ?? null } : compose;
}

/** The program that starts the app in time, where something says when. */
function schedulerOf({ root }: Facts, { schedule, scheduler }: Workload, recipe: Recipe): SourceFile[] {
  if (!schedule || !scheduler || !recipe.scheduler) return [];
  const { decision } = schedule;
  return [
    {
      kind: 'scheduler',
      path: posix.join(root, scheduler.file),
      ...recipe.scheduler.print(decision),
      checks: [],
      decision,
    },
  ];
}

/** The app waits until the database is up to date. */
const afterMigration = (app: Workload, decision: string): Workload => ({
  ...app,
  after: [...app.after, { name: 'migrate', until: 'completed', decision }],
});

/** The facts with the sources that we add, so that the build copies them too: a module in the root is in no folder that it copies. */
function withGenerated(facts: Facts, added: readonly SourceFile[]): Facts {
  const covered = (path: string) => facts.sources.some((source) => path === source || path.startsWith(`${source}/`));
  const paths = added.map((item) => posix.relative(facts.root, item.path)).filter((path) => !covered(path));
  return paths.length === 0 ? facts : { ...facts, sources: [...facts.sources, ...paths].sort() };
}
