import { map, scalar, type YamlEntry, type YamlNode } from '../formats/yaml/print.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Plan, Service, Workload } from '../model/plan.ts';
import { composeFile, entry, keptRunning } from './compose.ts';
import type { ArtifactPrinter } from './contract.ts';

/** What production adds to the base: limits, logs that do not fill the disk, and time to end. */
export function composeProduction(plan: Plan): Artifact {
  const apps = Object.entries(plan.workloads).map(([name, workload]) =>
    entry(name, app(workload), workload.resources.decision),
  );
  const schedulers = Object.values(plan.workloads).flatMap((workload) =>
    workload.scheduler ? [entry('schedule', app(workload), workload.resources.decision)] : [],
  );
  const services = Object.entries(plan.services).map(([name, service]) =>
    entry(name, backing(service), service.decision),
  );
  const root = map([entry('services', map([...apps, ...schedulers, ...services]), 'compose')]);
  return composeFile(plan, plan.compose.production, root);
}

const limits = (row: { readonly cpus: number; readonly memory: string }, decision: string): YamlNode =>
  map(
    [entry('cpus', scalar(String(row.cpus), { quote: true }), decision), entry('memory', scalar(row.memory), decision)],
    {
      flow: true,
    },
  );

function app(workload: Workload): YamlNode {
  const { resources, signals } = workload;
  const { decision } = resources;
  return map([
    entry(
      'deploy',
      map([
        entry(
          'resources',
          map([
            entry('limits', limits(resources.limits, decision), decision),
            entry('reservations', limits(resources.reservations, decision), decision),
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

function backing(service: Service): YamlNode {
  const decision = 'production.services';
  const memory = service.memory ?? '512M';
  return map([
    entry(
      'deploy',
      map([entry('resources', map([entry('limits', limits({ cpus: 1, memory }, decision), decision)]), decision)]),
      decision,
    ),
    logging(),
    entry('stop_grace_period', scalar('30s'), decision),
  ]);
}

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
  print: (plan) => [composeProduction(plan)],
};
