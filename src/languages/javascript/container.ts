/** What the Docker files of the author say of an application, as facts: above what was computed, below flags and configuration. */
import { posix } from 'node:path';
import type { Facts, LeftOut } from '../../model/facts.ts';
import { detected, knownValue } from '../../model/known.ts';
import { isSecretName } from '../../model/secret-names.ts';
import { connectedVariables } from '../support/connections.ts';
import {
  argumentEvidence,
  type ContainerEvidence,
  limitsOf,
  namesService,
  packageEvidence,
  portEvidence,
  variableEvidence,
  variableNames,
} from '../support/container/evidence.ts';
import { carriedEvidence, keyEvidence } from '../support/container/keys.ts';
import { dataFolders, mountEvidence, userEvidence, volumeEvidence } from '../support/container/mounts.ts';
import { copiedPaths, ownPath } from '../support/container/paths.ts';
import { serviceEvidence } from '../support/container/services.ts';
import type { App } from './app.ts';
import { isSettable } from './environment/variables.ts';
import { imageCommand } from './image-command.ts';

/** The path in the application of a file that the production image starts. */
export const startedFile = ({ root, container }: App, file: string): string | undefined =>
  container?.stage && ownPath(container, container.stage, posix.resolve(container.stage.workdir, file), root);

/** Whether the production image copies a file of the application from a stage that builds: what starts there is made, whatever the scripts call it. */
export const isBuiltInImage = (app: App, own: string): boolean =>
  takenFromBuild(app).some((path) => own === path || own.startsWith(`${path}/`));

/** The paths of the application that the production image copies from a stage that builds. */
function takenFromBuild({ root, container }: App): readonly string[] {
  if (!container?.stage) return [];
  const copies = container.stage.copies.filter(({ stage }) => stage !== undefined);
  return copiedPaths({ ...container, stage: { ...container.stage, copies } }, root).map(({ value }) =>
    value.replace(/\/$/, ''),
  );
}

/** Folders of the project that come from such a stage: it may have added files to what git has of them. */
function completedByBuild(app: App): Pick<Facts, 'details'>['details'] | undefined {
  const found = takenFromBuild(app).filter((path) => !app.project.has(app.path(path)) && isThere(app, path));
  return found.length > 0 ? { language: 'javascript', completedByBuild: [...new Set(found)].sort() } : undefined;
}

/** What the image of the author brings from elsewhere by a command of its own: nothing here knows what it is for. */
const broughtEvidence = ({ stage }: ContainerEvidence): readonly LeftOut[] =>
  (stage?.brings ?? []).map(({ value, from }) => ({
    what: `RUN ${value}`,
    why: 'the generated image does not run it: if the app needs it, add it to the generated Dockerfile, which keeps your edits',
    from: [...from],
  }));

/** The facts with what the Docker files say besides the runtime and the command that starts it, which are read with the rest. */
export function withContainer(app: App, facts: Facts): Facts {
  const { container } = app;
  if (!container) return facts;
  const packages = packageEvidence(container);
  const told = [...(facts.processes ?? []), ...(facts.leftOut ?? [])].flatMap(({ from }) => from);
  const backing = serviceEvidence(container, app.project, told);
  const { port, notes } = portOf(container, facts);
  const connected = { ...facts, ...connectedVariables(container, facts) };
  const given = variablesOf(container, connected, knownValue(port ?? facts.port)?.variable);
  const mounts = mountsOf(app, container, facts);
  const carried = carriedEvidence(container.service);
  const leftOut: LeftOut[] = [
    ...(facts.leftOut ?? []),
    ...packages.leftOut,
    ...broughtEvidence(container),
    ...mounts.leftOut,
    ...keyEvidence(container.service),
    ...backing.leftOut,
    ...given.leftOut,
    ...userEvidence(container, mounts.mounted),
    ...unusedCommand(app, container, facts),
  ];
  const system = packages.system.map(({ value, from }) => detected(value, from));
  return {
    ...facts,
    ...(port ? { port } : {}),
    details: { ...facts.details, ...completedByBuild(app) },
    system: [...facts.system, ...system.filter(({ value }) => !facts.system.some((known) => known.value === value))],
    reads: [...facts.reads, ...copied(app, container, facts)],
    writes: [...facts.writes, ...written(container, facts)],
    services: facts.site ? facts.services : withServices(connected.services, backing.services),
    ...volumeEvidence(container),
    ...(mounts.mounted.length > 0 ? { mounted: mounts.mounted } : {}),
    variables: facts.site ? facts.variables : given.variables,
    ...(carried.length > 0 ? { carried: [...carried] } : {}),
    ...limitsOf(container),
    ...(leftOut.length > 0 ? { leftOut } : {}),
    notes: [...facts.notes, ...notes],
  };
}

const isWritten = ({ writes }: Facts, path: string): boolean =>
  writes.some(({ value }) => value === path || value.startsWith(`${path}/`));

/** What the author mounts of the project into the application, besides its sources. */
const mountsOf = (app: App, container: ContainerEvidence, facts: Facts): ReturnType<typeof mountEvidence> =>
  mountEvidence(container, {
    root: app.root,
    sources: [...facts.sources, ...facts.reads.map(({ value }) => value).filter((path) => !isWritten(facts, path))],
    manifests: [
      ...['package.json', ...facts.installs].map((name) => app.path(name)),
      ...(facts.lockfile ? [facts.lockfile.value.path] : []),
    ],
    files: app.project.files(),
    isCode: (path) => /\.[cm]?[jt]sx?$/.test(path),
    notData: (path) => {
      if (/(^|\/)node_modules(\/|$)/.test(path)) return 'packages are part of the image';
      if (/(^|\/)\.env[^/]*$/.test(path)) return 'the app gets its settings as variables';
      return undefined;
    },
  });

/** Variables that the image and the compose file set by themselves, whoever made them. */
const usual = new Set(['NODE_ENV', 'PORT', 'HOST', 'HOSTNAME', 'CI', 'YARN_VERSION', 'NODE_VERSION']);

/**
 * The variables with what the author's files give them: those that the source reads get their values as defaults, others are passed on. What points to
 * another service is computed again, what loads code is not set, and build arguments have no place in an image that is built from stages of its own.
 */
function variablesOf(
  container: ContainerEvidence,
  facts: Facts,
  port: string | undefined,
): Pick<Facts, 'variables'> & { readonly leftOut: readonly LeftOut[] } {
  const known = new Map(facts.variables.map((variable) => [variable.name, variable]));
  const leftOut: LeftOut[] = [];
  for (const name of variableNames(container)) {
    const before = known.get(name);
    const given = variableEvidence(container, name);
    if (given && before?.service !== undefined) leftOut.push(...lostOfAddress(name, given));
    if (
      name === port ||
      usual.has(name) ||
      before?.service !== undefined ||
      before?.fileOf !== undefined ||
      before?.secret
    )
      continue;
    const from = [...(given?.from ?? [])];
    if (!isSettable(name)) {
      leftOut.push({
        what: `variable ${name}`,
        why: 'it belongs to the machine, or loads code: set it in the deployment if the app needs it',
        from,
      });
    } else if (given && namesService(container, given.value)) {
      if (!before)
        leftOut.push({
          what: `variable ${name}`,
          why: 'it points to a service of the old files, and no code that uses it was found',
          from,
        });
    } else if (before) {
      if (given)
        known.set(name, {
          ...before,
          required: false,
          default: given.value,
          given: true,
          from: [...before.from, ...from],
        });
    } else if (isSecretName(name)) {
      known.set(name, { name, required: false, secret: true, from });
    } else
      known.set(name, {
        name,
        required: false,
        secret: false,
        ...(given ? { default: given.value, given: true } : {}),
        from,
      });
  }
  const lost = lostArguments(container, (name) => known.has(name) || name === port);
  return { variables: [...known.values()], leftOut: [...leftOut, ...lost] };
}

/** The build arguments of the author that no variable of the application stands for. */
const lostArguments = (container: ContainerEvidence, isKnown: (name: string) => boolean): readonly LeftOut[] =>
  [...argumentEvidence(container)].flatMap(([name, { from }]) =>
    isKnown(name) || usual.has(name)
      ? []
      : [{ what: `build argument ${name}`, why: 'the generated image has no such argument', from: [...from] }],
  );

/** What an address says besides where the service is: the generated one has its own. */
function lostOfAddress(
  name: string,
  { value, from }: NonNullable<ReturnType<typeof variableEvidence>>,
): readonly LeftOut[] {
  if (!URL.canParse(value)) return [];
  const { pathname, search, protocol } = new URL(value);
  const isNumber = /^\/[1-9]\d*$/.test(pathname) && /^(redis|rediss|valkey):$/.test(protocol);
  if (search === '' && !isNumber) return [];
  const why = 'the generated URL does not contain it: set the full URL if the app needs it';
  return [{ what: `${isNumber ? pathname : search} of ${name}`, why, from: [...from] }];
}

/** The command of the image, where another one starts the app. */
function unusedCommand(app: App, container: ContainerEvidence, facts: Facts): readonly LeftOut[] {
  const command = container.stage?.command ?? container.stage?.entrypoint;
  const used = imageCommand(app);
  const start = knownValue(facts.commands.start);
  if (
    !command ||
    facts.site ||
    facts.commands.start.from.some(({ file, line }) =>
      command.from.some((one) => one.file === file && one.line === line),
    )
  )
    return [];
  if (start?.script !== undefined && used?.argv.includes(start.script)) return [];
  if (used && start && isSameCommand(used.argv, start.argv)) return [];
  if (app.config.start) return [];
  const why = `the generated image starts \`${start?.argv.join(' ') ?? 'the app'}\`, because this command is not a single known program. Set the key "start" if you need it`;
  return [{ what: `command ${(used?.argv ?? command.argv).join(' ')}`, why, from: [...command.from] }];
}

/** Whether two commands start the same file: `node dist/main` finds `dist/main.js`. */
function isSameCommand(argv: readonly string[], other: readonly string[]): boolean {
  const plain = (word: string) => posix.normalize(word).replace(/\.[cm]?js$/, '');
  return argv.length === other.length && argv.every((word, at) => plain(word) === plain(other[at] ?? ''));
}

/** The services that the source asks for, each as the compose files run it, and those that only the compose files name. */
function withServices(own: Facts['services'], named: Facts['services']): Facts['services'] {
  const known = own.map((use) => {
    const found = named.find(({ service }) => service === use.service);
    return found?.existing ? { ...use, existing: found.existing } : use;
  });
  return [...known, ...named.filter(({ service }) => !own.some((use) => use.service === service))];
}

/** The port, where the container gives it to the application; a port that only the image names is a contradiction where the source has another. */
function portOf(
  container: ContainerEvidence,
  { port }: Facts,
): { readonly port?: NonNullable<Facts['port']>; readonly notes: Facts['notes'] } {
  if (!port || ('value' in port && port.by === 'config')) return { notes: [] };
  const variable = 'value' in port ? port.value.variable : undefined;
  const given = variable === undefined ? undefined : variableEvidence(container, variable);
  const number = Number(given?.value);
  if (given && variable !== undefined && Number.isInteger(number) && number > 0 && number < 65_536)
    return { port: detected({ number, variable }, given.from), notes: [] };
  const exposed = portEvidence(container);
  if (!exposed) return { notes: [] };
  if (!('value' in port) || port.by === 'default') {
    const value = { number: exposed.number, ...(variable === undefined ? {} : { variable }) };
    return { port: detected(value, exposed.from), notes: [] };
  }
  if (exposed.number === port.value.number) return { notes: [] };
  // a default in the source holds until the variable is set, and the author's container is reached at another port
  if (variable !== undefined && port.by === 'detected') {
    const value = { number: exposed.number, variable };
    return { port: detected(value, exposed.from), notes: [] };
  }
  const message = `The container exposes port ${exposed.number}, and the app listens on ${port.value.number}, which is used. Make them agree, or set the key "port".`;
  return { notes: [{ code: 'port-conflict', message, from: [...exposed.from, ...port.from] }] };
}

/** Files and folders that production copies and no source names: what the author put there, the application may read. */
function copied(app: App, container: ContainerEvidence, facts: Facts): Facts['reads'] {
  const known = [...facts.sources, ...facts.reads.map(({ value }) => value)];
  const apart = new Set(['package.json', ...facts.installs, ...(facts.lockfile ? [facts.lockfile.value.path] : [])]);
  const found = new Map<string, Facts['reads'][number]>();
  for (const { value, from } of copiedPaths(container, app.root)) {
    const path = value.replace(/\/$/, '');
    const isKnown = known.some(
      (other) => path === other || path.startsWith(`${other}/`) || other.startsWith(`${path}/`),
    );
    const isPlain = !/[*?[$]/.test(path) && !/(^|\/)(node_modules|\.env[^/]*)(\/|$)/.test(path) && !apart.has(path);
    if (isPlain && !isKnown && isThere(app, path)) found.set(path, found.get(path) ?? detected(path, from));
  }
  return [...found.values()];
}

const isThere = ({ project, path }: App, own: string): boolean =>
  project.has(path(own)) || project.files().some((file) => file.startsWith(`${path(own)}/`));

/** Folders of data, as the author mounts them. Those of packages are there so that a mount of the sources does not hide them. */
function written(container: ContainerEvidence, facts: Facts): Facts['writes'] {
  return dataFolders(container)
    .filter(
      ({ value }) => !/(^|\/)node_modules(\/|$)/.test(value) && !facts.writes.some((known) => known.value === value),
    )
    .map(({ value, from }) => detected(value, from));
}
