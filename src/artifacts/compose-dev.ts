import { map, scalar, seq } from '../formats/yaml/print.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Plan, Workload } from '../model/plan.ts';
import { composeFile, entry, environment, healthcheck, mounted } from './compose.ts';
import type { ArtifactPrinter } from './contract.ts';

/** The development form, over the base: hot reload, and ports on this machine alone. */
export function composeDevelopment(plan: Plan): Artifact {
  const apps = Object.entries(plan.workloads)
    .filter(([, workload]) => workload.development)
    .map(([name, workload]) => entry(name, app(plan, workload), workload.development?.decision ?? workload.decision));
  const services = Object.entries(plan.services).flatMap(([name, service]) => {
    const port = service.developmentPort;
    if (!port) return [];
    const published = `127.0.0.1:\${${port.variable}:-${port.default}}:${service.port}`;
    return [
      entry(
        name,
        map([entry('ports', seq([scalar(published, { quote: true })], { flow: true }), service.decision)]),
        service.decision,
      ),
    ];
  });
  const path = plan.compose.development;
  return composeFile(plan, path, map([entry('services', map([...apps, ...services]), 'compose')]));
}

function app(plan: Plan, workload: Workload) {
  const { development, ports, probes } = workload;
  const decision = development?.decision ?? workload.decision;
  const port = Object.values(ports)[0];
  const mounts = (development?.mounts ?? []).map(({ source, target }) =>
    source === '.' ? scalar('.:/app') : mounted('bind', source, target, true),
  );
  const kept = (development?.keep ?? []).map((folder) => scalar(folder));
  const check = probes.ready;
  return map([
    entry('build', map([entry('target', scalar(development?.target ?? ''), decision)], { flow: true }), decision),
    entry('image', scalar(`${plan.name}:dev`), decision),
    ...(mounts.length > 0 ? [entry('volumes', seq([...mounts, ...kept], { flow: true }), decision)] : []),
    ...(port?.publish
      ? [
          entry(
            'ports',
            seq(
              [
                scalar(
                  `127.0.0.1:\${${port.publish.variable}:-${development?.port ?? port.publish.default}}:${development?.port ?? port.container}`,
                  {
                    quote: true,
                  },
                ),
              ],
              { flow: true, tag: '!override' },
            ),
            port.decision,
          ),
        ]
      : []),
    // what the build of a site writes into its pages, the server of the tool writes there while developing
    ...(plan.site ? environment(plan.images[workload.image]?.args ?? {}, decision) : []),
    entry('read_only', scalar(false), decision),
    ...(check?.check && development?.port === undefined
      ? [
          {
            ...healthcheck({ ...check.check, interval: 5, startPeriod: 30 }, check.decision),
            comment: 'the development target has no HEALTHCHECK of its own',
          },
        ]
      : []),
  ]);
}

export const artifact: ArtifactPrinter = {
  name: 'compose-dev',
  title: 'Compose file for development',
  order: 40,
  print: (plan) => [composeDevelopment(plan)],
};
