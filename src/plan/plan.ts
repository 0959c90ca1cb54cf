import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Archetype, Facts } from '../model/facts.ts';
import { type Plan, PlanSchema, type Question, type Setting, type SourceFile } from '../model/plan.ts';
import type { Specification } from '../model/requirement.ts';
import { loadBackingService, services } from '../services/registry.gen.ts';
import { because, type Decide, recorder, settled } from './decide.ts';
import { planEnvironment, planServices, planTokens } from './environment.ts';
import { planHealth } from './health.ts';
import { planIgnore } from './ignore.ts';
import { planImage } from './image.ts';
import { planLabels, summarise } from './labels.ts';
import { applyOverrides } from './overrides.ts';
import { chooseServices } from './services.ts';
import { loadStacks } from './stacks.ts';
import { planVolumes, planWorkload, planWritable } from './workload.ts';

export type PlanInput = {
  readonly facts: Facts;
  readonly specification: Specification | undefined;
  readonly config: Config;
  /** texts of the project's files, for the source edits that are offered */
  readonly read: (file: string) => string | undefined;
};

/** The names under which Compose looks for a file, the preferred first (compose-spec, "Compose file"). */
const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/**
 * Decides the deployment of one app: facts, specification and configuration in, a plan out. The same input gives the same plan.
 * Throws a UserError where something that only the owner can say is missing, or where the archetype is none that can be deployed yet.
 */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const { facts, specification, config, read } = input;
  const archetype = archetypeOf(facts, specification, config);
  const missing = openQuestions(facts);
  const stacks = await loadStacks(facts);
  if (missing.length > 0 || !stacks) throw unanswered(missing, facts);

  const { decide, decisions } = recorder();
  const name = facts.name.value;
  const requirements = specification?.requirements ?? [];
  const { chosen, questions } = await chooseServices(facts, requirements, config, {
    services,
    load: loadBackingService,
  });
  const settings: Record<string, Setting> = {};
  const planned = planServices(name, chosen, settings, decide);
  planTokens(facts, settings, decide);
  const env = planEnvironment(facts, name, chosen, settings, decide);
  const health = planHealth({ facts, config, stacks, chosen, read, decide });
  const writable = planWritable(facts, config, chosen, decide);
  const summary = summarise(specification);
  const { needs, ...image } = planImage({
    facts: withGenerated(facts, health.sources),
    config,
    stacks,
    probes: health.probes,
    writable,
    labels: planLabels(facts, specification),
    specification: summary,
    decide,
  });
  const workload = planWorkload({
    facts,
    config,
    stacks,
    chosen,
    env,
    settings,
    probes: health.probes,
    writable,
    decide,
  });
  const compose = composeFiles(facts);
  decide('compose', {
    choice: compose.file,
    why: facts.existing.includes(compose.file)
      ? 'the name that the project uses'
      : 'the name that every version of Compose knows',
  });
  decide('header', {
    choice: 'what made this file, and from what',
    why: 'whoever opens it must know that it can be edited, and where it comes from',
    assertions: summary?.assertions ?? [],
    from: summary ? [{ file: summary.file, why: summary.summary }] : [],
  });

  const plan: Plan = {
    version: 1,
    name,
    archetype,
    images: {
      app: {
        ...image,
        context: {
          root: facts.root,
          needs: [...needs],
          leavesOut: [...planIgnore(facts, specification !== undefined, writable, decide)],
        },
      },
    },
    workloads: { app: workload },
    services: planned,
    volumes: planVolumes(workload, planned),
    networks: {},
    secrets: Object.fromEntries(
      Object.entries(settings).flatMap(([variable, setting]) =>
        setting.secret ? [[variable, { variable, decision: setting.decision }]] : [],
      ),
    ),
    settings: sorted(settings),
    routes: health.routes,
    sources: [...health.sources],
    edits: [...health.edits],
    manual: [...health.manual, ...loopback(facts, decide)],
    ci: { enabled: false },
    ...(summary ? { specification: summary } : {}),
    compose,
    decisions: decisions(),
    questions: [...questions],
  };
  return config.overrides ? applyOverrides(plan, config.overrides, PlanSchema) : plan;
}

/** An app that listens on the loopback address alone is reached by nobody outside its container. */
function loopback(facts: Facts, decide: Decide): Plan['manual'] {
  const { host } = facts;
  if (!host || host.value.variable || !['localhost', '127.0.0.1', '::1'].includes(host.value.address)) return [];
  const why = `the app listens on ${host.value.address} alone: no request from outside its container reaches it`;
  const file = host.from[0]?.file;
  const decision = decide('workloads.app.host', { choice: 'left to you', why, ...because(host) });
  return [{ why, ...(file ? { file } : {}), lines: ["hostname: '0.0.0.0'"], decision }];
}

/** The facts with the sources that we add, so that the build copies them too: a module in the root is in no folder that it copies. */
function withGenerated(facts: Facts, added: readonly SourceFile[]): Facts {
  const covered = (path: string) => facts.sources.some((source) => path === source || path.startsWith(`${source}/`));
  const paths = added.map((one) => one.path).filter((path) => !covered(path));
  return paths.length === 0 ? facts : { ...facts, sources: [...facts.sources, ...paths].sort() };
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The configuration decides, then the specification, then the project. */
function archetypeOf(facts: Facts, specification: Specification | undefined, config: Config): Archetype {
  const written = specification?.archetype;
  const archetype = config.archetype ?? written?.value ?? settled(facts.archetype);
  if (!config.archetype && written && written.value === undefined) {
    throw new UserError({
      code: 'archetype-unknown',
      message: `the specification names the archetype "${written.text}", for which Dockwright knows no deployment`,
      where: { file: specification?.file ?? '', line: written.line },
      next: ['say how it is deployed: `--set archetype=web-service`, or the key "archetype" in dockwright.json'],
    });
  }
  if (archetype === undefined) {
    const unknown = facts.archetype;
    throw new UserError({
      code: 'archetype-missing',
      message: `what kind of application this is cannot be told: ${'why' in unknown ? unknown.why : ''}`,
      next: ['say it: `--set archetype=web-service` (or web-app, cli-tool, data-pipeline, library)'],
    });
  }
  if (archetype !== 'web-service') {
    throw new UserError({
      code: 'archetype-unsupported',
      message: `this is a ${archetype}; this version of Dockwright deploys web services`,
      next: ['if it does answer requests, say so: `--set archetype=web-service`'],
    });
  }
  return archetype as Archetype;
}

/** The facts without which nothing can be planned. */
function openQuestions(facts: Facts): Question[] {
  const rows: [unknown: unknown, key: string][] = [
    [facts.runtime, 'runtime'],
    [facts.entry, 'entry'],
    [facts.port, 'port'],
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

/** The compose file that is there under one of its names is the one; its companions are named after it. */
function composeFiles(facts: Facts): Plan['compose'] {
  const file = composeNames.find((name) => facts.existing.includes(name)) ?? 'docker-compose.yml';
  const [stem, extension] = [file.replace(/\.ya?ml$/, ''), file.slice(file.lastIndexOf('.'))];
  return { file, development: `${stem}.dev${extension}`, production: `${stem}.prod${extension}` };
}
