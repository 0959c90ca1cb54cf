import { processLimit } from '../catalog/process-limit.ts';
import { map, scalar, seq, type YamlEntry, type YamlMap, type YamlNode } from '../formats/yaml/print.ts';
import { imageName, schedulerName } from '../model/applications.ts';
import type { Artifact } from '../model/artifact.ts';
import type { EnvVar, Plan, Service, Workload } from '../model/plan.ts';
import {
  after,
  backing as backingBase,
  app as base,
  builtImage,
  checkOf,
  composeFile,
  definitions,
  entry,
  environment,
  fromCompose,
  hardeningOver,
  inEveryForm,
  keptRunning,
  mounted,
} from './compose.ts';
import type { ArtifactPrinter } from './contract.ts';
import { followingValue } from './limits.ts';
import { isAdded, isOverlay, merged } from './overlay.ts';

/** What production adds to the base: limits, logs that do not fill the disk, and time to end. */
export function composeProduction(plan: Plan): Artifact {
  const taken = new Set<string>();
  const apps = Object.entries(plan.workloads).map(([name, workload]) =>
    entry(name, workloadNode(plan, name, workload, taken), workload.resources.decision),
  );
  const schedulers = Object.entries(plan.workloads).flatMap(([name, workload]) =>
    workload.scheduler ? [entry(schedulerName(name), app(plan, workload), workload.resources.decision)] : [],
  );
  const services = inEveryForm(plan).map(([name, service]) =>
    entry(name, serviceNode(plan, service), service.decision),
  );
  const others = Object.entries(plan.kept?.services ?? {}).map(([name, { memory, adds, decision }]) =>
    entry(name, over(map([...backing({ memory }).entries, ...restart]), adds), decision),
  );
  const all = [...apps, ...schedulers, ...services, ...others].filter(
    ({ value }) => value.type !== 'map' || value.entries.length > 0,
  );
  const root = map([entry('services', map(all), 'compose'), ...(isOverlay(plan) ? definitions(plan) : [])]);
  return composeFile(plan, plan.compose.production, root);
}

/** Of a mapping only what is added to a service of the author's. */
const over = (node: YamlMap, adds: readonly string[]): YamlMap =>
  map(node.entries.filter(({ key }) => adds.includes(key === 'deploy' ? 'deploy.resources' : key)));

const restart: readonly YamlEntry[] = [entry('restart', scalar('unless-stopped'), 'production.services')];

/** A service of the author's gets what is missing; one that the author's files do not start is here as a whole. */
function workloadNode(plan: Plan, name: string, workload: Workload, taken: Set<string>): YamlNode {
  const { kept } = workload;
  if (!kept) return isOverlay(plan) ? merged(base(plan, name, workload), app(plan, workload)) : app(plan, workload);
  const adds = new Set(kept.adds);
  return map([
    ...keptImage(plan, name, workload, taken),
    ...environment(workload.env, workload.decision),
    ...after(plan, workload),
    ...(adds.has('healthcheck') ? checkOf(workload) : []),
    ...hardeningOver(plan, workload, adds),
    ...mountsOver(plan, name, kept.mounts),
    ...over(map([...app(plan, workload).entries, ...restart]), kept.adds).entries,
  ]);
}

/** What is mounted instead of what the author's files mount, where sources are among that. */
function mountsOver(plan: Plan, name: string, mounts: NonNullable<Workload['kept']>['mounts']): YamlEntry[] {
  if (!mounts) return [];
  const list = mounts.map(({ type, source, target, readOnly }) =>
    mounted(type, type === 'bind' ? fromCompose(plan, source) : source, target, readOnly),
  );
  const value = { ...seq(list, { flow: true }), tag: list.length > 0 ? ('!override' as const) : ('!reset' as const) };
  const comment = 'the image contains the sources: a mount would hide its build output';
  return [{ ...entry('volumes', value, `workloads.${name}.mounts`), comment }];
}

/** What the base has from the author is not set again. */
const without = ({ keys = [] }: Pick<Workload, 'keys'>, entries: readonly YamlEntry[]): YamlMap =>
  map(entries.filter((one) => !keys.some(({ key }) => key === one.key)));

function serviceNode(plan: Plan, service: Service): YamlNode {
  const added = without(service, backing(service, service.kept === undefined).entries);
  if (service.kept) return over(map([...added.entries, ...restart]), service.kept.adds);
  return isOverlay(plan) ? merged(backingBase(plan, service), added) : added;
}

/** Compose refuses limits beside a `pids_limit` that they do not repeat. What the author's containers start is the author's to limit. */
const limits = (row: { readonly cpus: number; readonly memory: string }, decision: string, own = false): YamlNode =>
  map(
    [
      entry('cpus', scalar(String(row.cpus), { quote: true }), decision),
      entry('memory', scalar(row.memory), decision),
      ...(own ? [entry('pids', scalar(processLimit), decision)] : []),
    ],
    {
      flow: true,
    },
  );

/** What production starts: the image that a variable names, else the one that is built here. */
const published = ({ published: one }: Workload, otherwise: string): YamlEntry[] =>
  one ? [entry('image', scalar(`\${${one.variable}:-${otherwise}}`), one.decision)] : [];

/** The same for a service of the author's that is built without a name. Two builds of one name would collide. */
function keptImage(plan: Plan, service: string, workload: Workload, taken: Set<string>): YamlEntry[] {
  const name = imageName(plan, plan.images[workload.image]);
  const own = taken.has(name) ? `${name}-${service}` : name;
  taken.add(own);
  return published(workload, `${own}:local`);
}

function app(plan: Plan, workload: Workload): YamlMap {
  const { resources, signals, kept } = workload;
  const { decision } = resources;
  return without(workload, [
    ...(kept ? [] : published(workload, builtImage(plan, workload))),
    ...environment({ ...demanded(workload.env), ...(kept ? {} : following(resources)) }, decision),
    entry(
      'deploy',
      map([
        entry(
          'resources',
          map([
            entry('limits', limits(resources.limits, decision, kept === undefined), decision),
            ...(kept ? [] : [entry('reservations', limits(resources.reservations, decision), decision)]),
          ]),
          decision,
        ),
      ]),
      decision,
    ),
    logging(),
    ...(keptRunning(workload) ? [entry('stop_grace_period', scalar(`${signals.grace}s`), signals.decision)] : []),
  ]);
}

function backing({ memory = '512M' }: Pick<Service, 'memory'>, own = false): YamlMap {
  const decision = 'production.services';
  return map([
    entry(
      'deploy',
      map([entry('resources', map([entry('limits', limits({ cpus: 1, memory }, decision, own), decision)]), decision)]),
      decision,
    ),
    logging(),
    entry('stop_grace_period', scalar('30s'), decision),
  ]);
}

/** Variables that this form alone demands: another one has a container in their place. */
const demanded = (env: Workload['env']): Workload['env'] =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, variable]) =>
      variable.production && variable.value.from === 'user'
        ? [[name, { ...variable, value: { ...variable.value, required: true } }] as const]
        : [],
    ),
  );

/** Variables that follow the limits: here, as no other form has any. */
const following = ({ limits, variables = {} }: Workload['resources']): Workload['env'] =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, { decision, ...of }]): [string, EnvVar][] => {
      const text = followingValue(of, limits);
      const purpose = 'follows the limits';
      return text === undefined ? [] : [[name, { value: { from: 'literal', text }, secret: false, purpose, decision }]];
    }),
  );

/** Docker keeps the logs of a container for ever unless it is told how much. */
function logging(): YamlEntry {
  const decision = 'production.logging';
  return entry(
    'logging',
    map(
      [
        entry('driver', scalar('json-file'), decision),
        entry(
          'options',
          map(
            [
              entry('max-size', scalar('10m', { quote: true }), decision),
              entry('max-file', scalar('3', { quote: true }), decision),
            ],
            { flow: true },
          ),
          decision,
        ),
      ],
      { flow: true },
    ),
    decision,
  );
}

export const artifact: ArtifactPrinter = {
  name: 'compose-prod',
  title: 'Compose file for production',
  order: 50,
  print: (plan) => (isAdded(plan, 'production') ? [composeProduction(plan)] : []),
};
