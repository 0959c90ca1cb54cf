import type { Plan, Workload } from '../../model/plan.ts';
import type { Member } from './member.ts';

/** The ports of this machine that a deployment takes, in any of its forms. */
const portsOf = (plan: Plan): readonly number[] => [
  ...Object.values(plan.workloads).flatMap(({ ports, development }) => [
    ...Object.values(ports).flatMap(({ publish }) => publish?.default ?? []),
    ...(development?.port === undefined ? [] : [development.published ?? development.port]),
  ]),
  ...servicePorts(plan).map(([, port]) => port),
];

/** Gives each port once. */
function freeFrom(taken: Set<number>): (port: number) => number {
  return (port) => {
    let found = port;
    while (taken.has(found)) found += 1;
    taken.add(found);
    return found;
  };
}

/** The plan with ports of this machine that nothing of `taken` has. */
export const withFreePorts = (plan: Plan, taken: readonly number[]): Plan =>
  taken.length === 0 ? plan : assigned(plan, undefined, freeFrom(new Set(taken)), new Map());

/**
 * The applications with ports of this machine that do not collide in any form. Those of `fixed` stay as they are; an application that was there in an
 * earlier run (`before`, by name) keeps its ports as long as it listens where it did. `authors` are those that the author's compose files take.
 */
export function withPorts(
  members: readonly Member[],
  fixed: readonly Member[],
  before: ReadonlyMap<string, Plan>,
  authors: readonly number[] = [],
): readonly Member[] {
  const taken = new Set([...fixed.flatMap(({ plan }) => portsOf(plan)), ...authors]);
  const hosts = new Map(fixed.flatMap(({ plan }) => servicePorts(plan)));
  const kept = members.flatMap(({ name }) => before.get(name) ?? []).map(portsOf);
  return members.map((member) => {
    const earlier = before.get(member.name);
    const own = new Set(earlier ? portsOf(earlier) : []);
    // what another one published before is found there again, whoever comes first now
    const others = kept.flat().filter((port) => !own.has(port));
    const free = freeFrom(new Set([...taken, ...others]));
    const plan = assigned(member.plan, earlier, free, hosts);
    for (const port of portsOf(plan)) taken.add(port);
    for (const [host, port] of servicePorts(plan)) hosts.set(host, port);
    return { ...member, plan };
  });
}

const servicePorts = ({ services }: Plan): readonly [string, number][] =>
  Object.entries(services).flatMap(([host, { developmentPort }]): [string, number][] =>
    developmentPort ? [[host, developmentPort.default]] : [],
  );

function assigned(
  plan: Plan,
  earlier: Plan | undefined,
  free: (port: number) => number,
  hosts: ReadonlyMap<string, number>,
): Plan {
  const workloads = Object.fromEntries(
    Object.entries(plan.workloads).map(([name, workload]) => [
      name,
      published(workload, earlier?.workloads[name], free),
    ]),
  );
  const settings = { ...plan.settings };
  for (const { ports } of Object.values(workloads))
    for (const { publish } of Object.values(ports)) {
      const setting = publish && settings[publish.variable];
      if (publish && setting) settings[publish.variable] = { ...setting, default: String(publish.default) };
    }
  const services = Object.fromEntries(
    Object.entries(plan.services).map(([host, service]) => {
      const { developmentPort } = service;
      if (!developmentPort || service.kept) return [host, service];
      const own = hosts.get(host) ?? free(earlier?.services[host]?.developmentPort?.default ?? developmentPort.default);
      return [host, { ...service, developmentPort: { ...developmentPort, default: own } }];
    }),
  );
  return { ...plan, workloads, settings, services };
}

function published(workload: Workload, earlier: Workload | undefined, free: (port: number) => number): Workload {
  const { development, kept } = workload;
  // the author's compose file says where it is published
  if (kept) return workload;
  const ports = Object.fromEntries(
    Object.entries(workload.ports).map(([key, port]) => {
      const was = earlier?.ports[key];
      if (!port.publish) return [key, port];
      const first =
        was?.container === port.container ? (was.publish?.default ?? port.publish.default) : port.publish.default;
      return [key, { ...port, publish: { ...port.publish, default: free(first) } }];
    }),
  );
  if (development?.port === undefined) return { ...workload, ports };
  const was = earlier?.development;
  const first = was?.port === development.port ? (was.published ?? was.port ?? development.port) : development.port;
  const own = free(first);
  return {
    ...workload,
    ports,
    development: { ...development, ...(own === development.port ? {} : { published: own }) },
  };
}
