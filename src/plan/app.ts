import { createHash } from 'node:crypto';
import type { Archetype } from '../model/archetype.ts';
import { UserError } from '../model/errors.ts';
import { because, knownValue, type Unknown } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan, Question, Setting, SourceEdit, SourceFile, Workload } from '../model/plan.ts';
import type { ApplicationRecipes, Recipe, SiteServer } from '../model/recipe.ts';
import { loadBackingService, services } from '../services/registry.gen.ts';
import { buildArguments } from './arguments.ts';
import { type Decide, recorder } from './decide.ts';
import { planEnvironment, planSecretFiles, planServices, planTokens } from './environment.ts';
import { key } from './execute.ts';
import { type Health, planHealth } from './health.ts';
import { planIgnore } from './ignore.ts';
import { planImage } from './image.ts';
import { planLabels, summarise } from './labels.ts';
import { planMigration } from './migration.ts';
import type { PlanInput } from './plan.ts';
import { loadRecipes } from './recipes.ts';
import { addBuildSettings } from './secrets.ts';
import { chooseServices } from './services.ts';
import { planVolumes, planWorkload, planWritable, type Schedule } from './workload.ts';

/** The names under which Compose looks for a file, the preferred first (compose-spec, "Compose file"). */
const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** What of the app runs, by what it is. */
const shapes: Readonly<Partial<Record<Archetype, Workload['shape']>>> = {
  'web-service': 'service',
  'cli-tool': 'command',
  'data-pipeline': 'job',
};

const shapeOf = (archetype: Archetype, { site }: Facts, scheduled: boolean): Workload['shape'] => {
  const shape = archetype === 'web-app' && site ? 'site' : (shapes[archetype] ?? 'service');
  return shape === 'job' && scheduled ? 'schedule' : shape;
};

/** When a pipeline runs: the configuration says it, else a sentence of the specification. */
function scheduleOf({ config, specification }: PlanInput): Schedule | undefined {
  if (config.schedule) return { cron: config.schedule, by: 'config', from: [], assertions: [] };
  const said = specification?.requirements.find((one) => one.kind === 'schedule' && one.value !== undefined);
  if (!said?.value) return undefined;
  const from = said.from.map(({ file, line, why }) => ({ file, line, why }));
  return { cron: said.value, by: 'detected', from, assertions: said.assertions };
}

function withoutPort({ port: _port, host: _host, ...facts }: Facts): Facts {
  return facts;
}

/** The facts of what runs, where that is a web server and no program of the application: it has the application's name, and reads nothing of it. */
function factsOf(server: SiteServer, { host: _host, migration: _migration, ...facts }: Facts): Facts {
  const from = [{ why: 'the web server answers it' }];
  return {
    ...facts,
    port: { value: { number: server.port }, by: 'default', from: [] },
    signals: {
      value: [...server.signals],
      by: 'default',
      from: [{ why: 'the web server stops gracefully by itself' }],
    },
    routes: [{ method: 'GET', path: server.probe, from }],
    variables: [],
    services: [],
    externals: [],
    reads: [],
    writes: [],
  };
}

/** How the web server gives out the files. */
const planSite = ({ reason, port, probe, files }: SiteServer, decide: Decide): NonNullable<Plan['site']> => ({
  ...files,
  port,
  probe,
  decision: decide('site', reason),
});

const noHealth: Health = { probes: {}, routes: {}, sources: [], edits: [], manual: [] };

/** Decides the deployment of an app that runs in a container of its own: a service, a command or a job. */
export async function planApp(input: PlanInput, archetype: Archetype): Promise<Plan> {
  const { specification, config, read } = input;
  const schedule = scheduleOf(input);
  const shape = shapeOf(archetype, input.facts, schedule !== undefined);
  // what runs and ends answers nobody
  const own = shape === 'service' || shape === 'site' ? input.facts : withoutPort(input.facts);
  const missing = openQuestions(own, shape);
  const recipes = await loadRecipes(own);
  if (missing.length > 0 || !recipes) throw unanswered(missing, own);
  const options = { shape, runtimeBase: config.runtimeBase };
  const draft = recipes.recipe(own, options);
  const { server, probes } = draft.production;
  const facts = server ? factsOf(server, own) : own;

  const { decide, decisions } = recorder();
  const name = facts.name.value;
  // a web server needs no backing service, whatever the pages reach
  const requirements = server ? [] : (specification?.requirements ?? []);
  const { chosen, questions } = await chooseServices(facts, requirements, config, {
    services,
    load: loadBackingService,
  });
  const settings: Record<string, Setting> = {};
  const planned = planServices(name, chosen, settings, decide, knownValue(facts.port)?.number);
  planTokens(facts, settings, decide);
  const env = planEnvironment(facts, name, chosen, settings, decide);
  const listens = shape === 'service' || shape === 'site';
  const health = listens ? planHealth({ facts, config, recipes, probes, chosen, read, decide }) : noHealth;
  const writable = planWritable(facts, config, chosen, decide);
  const summary = summarise(specification);
  const complete = withGenerated(facts, health.sources);
  const recipe = health.sources.length > 0 ? recipes.recipe(complete, options) : draft;
  const args = buildArguments(recipe, settings, decide);
  const { start, ...image } = planImage(
    {
      facts: complete,
      config,
      recipe,
      shape,
      probes: health.probes,
      writable,
      labels: planLabels(facts, specification),
      specification: summary,
      decide,
    },
    args,
  );
  addBuildSettings(settings, facts, image.buildSecrets);
  const workload = planWorkload({
    facts,
    config,
    shape,
    schedule,
    start,
    recipe,
    chosen,
    env,
    settings,
    probes: health.probes,
    writable,
    decide,
  });
  const reached = loopback(facts, recipes, read, decide);
  const migrate =
    facts.migration && planMigration({ app: workload, services: planned, decision: key('stages.migrate') });
  const compose = composeFiles(facts);
  decide('compose', {
    choice: compose.file,
    why:
      compose.file === usualCompose ? 'the name that every version of Compose knows' : 'the name that the project uses',
  });
  planProduction(decide);
  decide('header', {
    choice: 'what made this file, and from what',
    why: 'whoever opens it must know that it can be edited, and where it comes from',
    assertions: summary?.assertions ?? [],
    from: summary ? [{ file: summary.file, why: summary.summary }] : [],
  });

  return {
    version: 1,
    name,
    archetype,
    images: {
      app: {
        ...image,
        context: {
          root: facts.root,
          needs: [...recipe.needs],
          leavesOut: [...planIgnore(facts, specification !== undefined, writable, recipe, decide)],
        },
      },
    },
    workloads: migrate ? { app: afterMigration(workload, migrate.decision), migrate } : { app: workload },
    services: planned,
    volumes: planVolumes(workload, planned),
    networks: {},
    secrets: {
      ...Object.fromEntries(
        Object.entries(settings).flatMap(([variable, setting]) =>
          setting.secret ? [[variable, { variable, decision: setting.decision }]] : [],
        ),
      ),
      ...planSecretFiles(facts),
    },
    settings: sorted(settings),
    routes: health.routes,
    sources: [...schedulerOf(workload, recipe), ...health.sources],
    edits: together([...health.edits, ...reached.edits]),
    manual: [...health.manual, ...reached.manual],
    ...(server ? { site: planSite(server, decide) } : {}),
    ci: { enabled: false },
    ...(summary ? { specification: summary } : {}),
    compose,
    decisions: decisions(),
    questions: [...questions],
  };
}

/** The program that starts the app in time, where something says when. */
function schedulerOf({ schedule, scheduler }: Workload, recipe: Recipe): SourceFile[] {
  if (!schedule || !scheduler || !recipe.scheduler) return [];
  const { decision } = schedule;
  return [{ kind: 'scheduler', path: scheduler.file, ...recipe.scheduler.print(decision), checks: [], decision }];
}

/** The app waits until the database is up to date. */
const afterMigration = (app: Workload, decision: string): Workload => ({
  ...app,
  after: [...app.after, { name: 'migrate', until: 'completed', decision }],
});

/** What the production form says of every container. */
function planProduction(decide: Decide): void {
  decide('production.logging', {
    choice: 'three files of 10 MB for each container',
    why: 'Docker keeps all that a container ever said, until the disk is full',
  });
  decide('production.services', {
    choice: 'a limit of memory, and 30 s to end',
    why: 'a service that takes all memory ends its neighbours; one that is killed has to repair its data at the next start',
  });
}

/** An app that listens on the loopback address alone is reached by nobody outside its container: the edit is offered. */
function loopback(
  facts: Facts,
  recipes: ApplicationRecipes,
  read: PlanInput['read'],
  decide: Decide,
): Pick<Plan, 'edits' | 'manual'> {
  const { host } = facts;
  if (!host || host.value.variable || !['localhost', '127.0.0.1', '::1'].includes(host.value.address))
    return { edits: [], manual: [] };
  const why = `the app listens on ${host.value.address} alone: no request from outside its container reaches it`;
  const { file, line } = host.from[0] ?? {};
  const text = file === undefined ? undefined : read(file);
  const wiring = file !== undefined && text !== undefined ? recipes.listenEverywhere?.(file, text, line) : undefined;
  if (file === undefined || text === undefined || !wiring?.ok) {
    const decision = decide('workloads.app.host', { choice: 'left to you', why, ...because(host) });
    const lines = wiring && !wiring.ok ? [...wiring.lines] : ["hostname: '0.0.0.0'"];
    const place = file === undefined ? {} : { file, ...(line === undefined ? {} : { line }) };
    return { edits: [], manual: [{ why, ...place, lines, decision }] };
  }
  const decision = decide('edits.host', { choice: 'listen on every interface', why, ...because(host) });
  const hash = createHash('sha256').update(text).digest('hex');
  return {
    edits: [{ file, hash, edits: wiring.edits.map((one) => ({ ...one })), why: wiring.why, decision }],
    manual: [],
  };
}

/** Edits of one file become one: each was worked out on the text as it is. */
function together(edits: readonly SourceEdit[]): SourceEdit[] {
  const byFile = new Map<string, SourceEdit>();
  for (const one of edits) {
    const other = byFile.get(one.file);
    byFile.set(
      one.file,
      other ? { ...other, edits: [...other.edits, ...one.edits], why: `${other.why}; ${one.why}` } : one,
    );
  }
  return [...byFile.values()];
}

/** The facts with the sources that we add, so that the build copies them too: a module in the root is in no folder that it copies. */
function withGenerated(facts: Facts, added: readonly SourceFile[]): Facts {
  const covered = (path: string) => facts.sources.some((source) => path === source || path.startsWith(`${source}/`));
  const paths = added.map((one) => one.path).filter((path) => !covered(path));
  return paths.length === 0 ? facts : { ...facts, sources: [...facts.sources, ...paths].sort() };
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The facts without which nothing can be planned. */
function openQuestions(facts: Facts, shape: Workload['shape']): Question[] {
  const listening: [unknown: unknown, key: string][] = [
    [facts.entry, 'entry'],
    [facts.port, 'port'],
  ];
  const rows: [unknown: unknown, key: string][] = [
    [facts.runtime, 'runtime'],
    // a site starts with its pages, and its port is the web server's
    ...(shape === 'site' ? [] : listening),
  ];
  return rows.flatMap(([fact, key]) => {
    if (!fact || 'value' in (fact as object)) return [];
    const unknown = fact as Unknown;
    return [
      {
        key: unknown.ask || key,
        ask: `What is the ${key} of the app?`,
        why: unknown.why,
        choices: [],
        from: [...unknown.from],
      },
    ];
  });
}

function unanswered(questions: readonly Question[], facts: Facts): UserError {
  const [first] = questions;
  const evidence = first?.from[0];
  return new UserError({
    code: 'question-open',
    message: first ? `${first.ask} ${first.why}` : `no runtime that Dockwright knows was found in ${facts.root}`,
    ...(evidence?.file ? { where: { file: evidence.file, ...(evidence.line ? { line: evidence.line } : {}) } } : {}),
    next:
      questions.length > 0
        ? questions.map(
            (question) => `answer it: \`--set ${question.key}=VALUE\`, or the key "${question.key}" in dockwright.json`,
          )
        : ['name it: `--set runtime=NAME@VERSION`'],
  });
}

const usualCompose = 'docker-compose.yml';

/** The compose file that is there under one of its names is the one; its companions are named after it. */
export function composeFiles(facts: Facts): Plan['compose'] {
  const file = composeNames.find((name) => facts.existing.includes(name)) ?? usualCompose;
  const [stem, extension] = [file.replace(/\.ya?ml$/, ''), file.slice(file.lastIndexOf('.'))];
  const companion = (name: string) => {
    const names = composeNames.map((one) => one.replace(/\.ya?ml$/, (ending) => `.${name}${ending}`));
    return names.find((one) => facts.existing.includes(one)) ?? `${stem}.${name}${extension}`;
  };
  return { file, development: companion('dev'), production: companion('prod') };
}
