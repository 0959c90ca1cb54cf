import { posix } from 'node:path';
import { map, scalar, seq, type YamlEntry, type YamlMap, type YamlNode } from '../formats/yaml/print.ts';
import { imageName } from '../model/applications.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Image, Plan, Service, Workload } from '../model/plan.ts';
import {
  after,
  app,
  backing,
  buildOf,
  composeFile,
  definitions,
  dockerfileOf,
  entry,
  environment,
  fromCompose,
  healthcheck,
  mounted,
  targetOf,
  words,
} from './compose.ts';
import type { ArtifactPrinter } from './contract.ts';
import { isAdded, isOverlay, merged } from './overlay.ts';

/** The development form, over the base: hot reload, and ports on this machine alone. */
export function composeDevelopment(plan: Plan): Artifact {
  const apps = Object.entries(plan.workloads).flatMap(([name, workload]) => workloadEntry(plan, name, workload));
  const services = Object.entries(plan.services).flatMap(([name, service]) => serviceEntry(plan, name, service));
  const path = plan.compose.development;
  return composeFile(
    plan,
    path,
    map([entry('services', map([...apps, ...services]), 'compose'), ...(isOverlay(plan) ? definitions(plan) : [])]),
  );
}

/** What the form says of a workload: the whole of it where the author's files do not start it. */
function workloadEntry(plan: Plan, name: string, workload: Workload): YamlEntry[] {
  const { development, kept, decision } = workload;
  const over = development ? developed(plan, name, workload) : builtApart(plan, name, workload);
  if (isOverlay(plan) && !kept) return [entry(name, merged(app(plan, name, workload), over), decision)];
  if (!kept) return over.entries.length > 0 ? [entry(name, over, development?.decision ?? decision)] : [];
  const added = map([...environment(workload.env, decision), ...after(plan, workload)]);
  const whole = merged(added, over);
  return whole.entries.length > 0 ? [entry(name, whole, development?.decision ?? decision)] : [];
}

/** A workload whose image another one builds, where that one builds another stage while developing: its own build, under a name of its own. */
function builtApart(plan: Plan, name: string, workload: Workload): YamlMap {
  const builder = workload.builtBy === undefined ? undefined : plan.workloads[workload.builtBy];
  const env = environment(whileDeveloping(workload), workload.decision);
  if (!builder?.development?.target) return map(env);
  const image = `${imageName(plan, plan.images[workload.image])}-${name}:dev`;
  const comment = `in development \`${workload.builtBy}\` builds another stage`;
  return map([{ ...buildOf(plan, workload), comment }, entry('image', scalar(image), workload.decision), ...env]);
}

function serviceEntry(plan: Plan, name: string, service: Service): YamlEntry[] {
  const { developmentPort: port, decision, kept } = service;
  if (kept) return [];
  const published = port && `127.0.0.1:\${${port.variable}:-${port.default}}:${service.port}`;
  const ports = published ? [entry('ports', seq([scalar(published, { quote: true })], { flow: true }), decision)] : [];
  if (isOverlay(plan) || service.only) return [entry(name, merged(backing(plan, service), map(ports)), decision)];
  return ports.length > 0 ? [entry(name, map(ports), decision)] : [];
}

function developed(plan: Plan, name: string, workload: Workload): YamlMap {
  const { development, probes, kept } = workload;
  const decision = development?.decision ?? workload.decision;
  const image = plan.images[workload.image];
  // what is kept is written as the author's own compose file names it
  const path = (source: string) => (kept ? source : fromCompose(plan, source));
  const mounts = (development?.mounts ?? []).map(({ source, target }) =>
    mounted('bind', path(source), target, source !== '.' && !keepsBelow(development?.keep, target)),
  );
  const folders = (development?.keep ?? []).map((folder) => scalar(folder));
  const check = probes.ready;
  const build = [
    ...(development?.dockerfile && image ? dockerfileOf(image, development.dockerfile, decision) : []),
    ...targetOf(development?.target, decision),
  ];
  return map([
    ...(build.length > 0 ? [entry('build', map(build, { flow: true }), decision)] : []),
    ...(build.length > 0 && !kept ? [entry('image', scalar(`${imageName(plan, image)}:dev`), decision)] : []),
    ...(development?.command ? [entry('command', words(development.command), decision)] : []),
    ...watched(development?.rebuilt?.map(path), decision),
    ...(development?.user
      ? [
          entry(
            'user',
            scalar(`\${${development.user.variable}:-${development.user.default}}`, { quote: true }),
            decision,
            'it writes into the project folder, so it runs as the owner of that folder',
          ),
        ]
      : []),
    ...(mounts.length > 0 ? [entry('volumes', seq([...mounts, ...folders], { flow: true }), decision)] : []),
    ...network(plan, name, workload),
    // what a build writes into pages, the server of the tool writes there while developing
    ...environment(
      {
        ...builtArguments(workload, image, kept !== undefined),
        ...whileDeveloping(workload),
        ...development?.variables,
      },
      decision,
    ),
    ...(kept ? [] : [entry('read_only', scalar(false), decision)]),
    ...(check?.check && development?.port === undefined && !image?.kept
      ? [
          {
            ...healthcheck({ ...check.check, interval: 5, startPeriod: 30 }, check.decision),
            comment: 'the development target has no HEALTHCHECK',
          },
        ]
      : []),
  ]);
}

/** Where a workload is found on this machine while developing: in its own network, or in that of another one, which publishes its port besides. */
function network(plan: Plan, name: string, workload: Workload): YamlEntry[] {
  const { development, kept } = workload;
  if (kept) return [];
  const decision = development?.decision ?? workload.decision;
  const ports = (list: readonly YamlNode[], tag: '!override' | '!reset') =>
    entry('ports', seq(list, { flow: true, tag }), Object.values(workload.ports)[0]?.decision ?? decision);
  if (development?.beside !== undefined) {
    const comment = `it calls ${development.beside} at localhost, and ${development.beside} publishes its port too`;
    return [entry('network_mode', scalar(`service:${development.beside}`), decision, comment), ports([], '!reset')];
  }
  const others = Object.values(plan.workloads).filter((item) => item.development?.beside === name);
  const published = [workload, ...others].flatMap(publishedPort);
  return published.length > 0 ? [ports(published, '!override')] : [];
}

/** Of several ports the first is that of the development server, where it has one of its own. */
function publishedPort({ ports, development }: Workload): YamlNode[] {
  return Object.values(ports).flatMap(({ container, publish }, at) => {
    if (!publish) return [];
    const own = at === 0 ? development : undefined;
    const outside = own?.published ?? own?.port ?? publish.default;
    const text = `127.0.0.1:\${${publish.variable}:-${outside}}:${own?.port ?? container}`;
    return [scalar(text, { quote: true })];
  });
}

/** The variables that have a value of their own while developing, as a container is there that no other form has. */
const whileDeveloping = ({ env }: Workload): Workload['env'] =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, { development, ...variable }]) =>
      development ? [[name, { ...variable, value: development }] as const] : [],
    ),
  );

/** The build arguments of a site, and elsewhere those that what runs does not read as variables. */
function builtArguments(
  { shape, env }: Workload,
  image: Image | undefined,
  isKept: boolean,
): NonNullable<Image['args']> {
  const all = image?.args ?? {};
  if (shape === 'site') return all;
  return isKept ? {} : Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(env, name)));
}

/** Packages that are built before the application: `docker compose watch` builds the image again after an edit in them. */
function watched(folders: readonly string[] = [], decision: string): YamlEntry[] {
  const rows = folders.map((folder) =>
    map(
      [
        entry('action', scalar('rebuild'), decision),
        entry('path', scalar(folder), decision),
        entry(
          'ignore',
          seq(
            MADE.map((name) => scalar(name)),
            { flow: true },
          ),
          decision,
        ),
      ],
      { flow: true },
    ),
  );
  if (rows.length === 0) return [];
  const comment = 'built before the application; `up --watch` rebuilds them after an edit';
  return [entry('develop', map([entry('watch', seq(rows), decision)]), decision, comment)];
}

/** What builds write into a package themselves. */
const MADE = ['dist/', 'build/', 'coverage/'];

/** Whether folders of the image are kept inside a mount: the engine makes the places where they go. */
const keepsBelow = (keep: readonly string[] | undefined, target: string): boolean =>
  keep?.some((folder) => !posix.relative(target, folder).startsWith('..')) ?? false;

export const artifact: ArtifactPrinter = {
  name: 'compose-dev',
  title: 'Compose file for development',
  order: 40,
  print: (plan) => (isAdded(plan, 'development') ? [composeDevelopment(plan)] : []),
};
