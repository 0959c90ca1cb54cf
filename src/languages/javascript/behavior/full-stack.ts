import { posix } from 'node:path';
import { loadHtml } from '../../../formats/html/index.ts';
import { memberPath, nodesOf } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Dependency, Facts, Variable } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { isSecretName } from '../../../model/secret-names.ts';
import { filesBelow } from '../../../project/paths.ts';
import { services } from '../../../services/registry.gen.ts';
import type {
  BuildKey,
  Detection,
  FullStack,
  FullStackBuild,
  OwnVariable,
  SiteSource,
} from '../../../stacks/contract.ts';
import { fullStacks, loadFullStack } from '../../../stacks/fullstack/registry.gen.ts';
import type { JavaScriptDetails } from '../../../stacks/javascript.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { type App, byConfig, inSource } from '../app.ts';
import { isSettable } from '../environment/variables.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { existing, filesWithoutTests, type Modules, readModules } from '../modules/graph.ts';
import { placesIn } from '../workspace/installed.ts';
import { componentVariables } from './site.ts';

/** What a full-stack framework builds of an app. */
export type FoundFullStack = {
  readonly stack: Detection;
  readonly loaded: FullStack;
  readonly source: SiteSource;
  readonly fact: NonNullable<JavaScriptDetails['fullStack']>;
  /** files that its server begins with, relative to the app */
  readonly entries: readonly string[];
  /** files that answer a path as programs do */
  readonly answers: ReturnType<NonNullable<FullStack['answers']>>;
};

/** A framework that was recognised, and why this version has no deployment for what it builds. */
export type RefusedFullStack = { readonly stack: Detection; readonly unsupported: string };

/**
 * Recognises a full-stack framework by its build script. `start` is what the start script runs of the project: a server of its own hands on to what is
 * built, or decides by itself what it renders.
 */
export async function readFullStack(
  app: App,
  toolchain: Toolchain,
  dependencies: readonly Dependency[],
  start: StartedServer | undefined,
): Promise<FoundFullStack | RefusedFullStack | undefined> {
  if ((app.config.archetype ?? 'web-app') !== 'web-app') return undefined;
  for (const stack of fullStacks) {
    if (!dependencies.some(({ name }) => stack.dependencies?.includes(name))) continue;
    const followed = toolchain.buildScripts
      .map((name) => toolchain.followed(name))
      .find((followedScript) => followedScript !== undefined);
    const command = followed?.commands.find(({ argv }) => stack.programs?.includes(programOf(app, argv)));
    const loaded = command && (await loadFullStack(stack.name));
    if (!followed || !command || !loaded) continue;
    const source: SiteSource = {
      project: app.project,
      root: app.root,
      argv: command.argv,
      env: command.env,
      depends: (name, of) =>
        dependencies.some((dependency) => dependency.name === name && (of === undefined || !dependency.dev)),
      ...placesIn(app, toolchain),
    };
    if (loaded.other?.(source)) continue;
    const alone = loaded.build(source);
    const isOwn = start !== undefined && ('unsupported' in alone || !isStart(start.file, loaded, alone.output));
    const build = isOwn ? builtBehind(app, source, loaded, start) : alone;
    if (build === undefined) return undefined;
    if ('unsupported' in build) return { stack, unsupported: build.unsupported };
    await loadHtml();
    const files = filesWithoutTests(app);
    const fact = detected({ name: stack.name, ...build }, followed.from);
    const answers = loaded.answers?.(files) ?? [];
    const found = [
      ...(isOwn ? [start.source ?? posix.normalize(start.file)] : []),
      ...[...loaded.entries(files)].sort(),
    ];
    const entries = found.length > 0 ? found : firstPage(app);
    return { stack, loaded, source, fact, entries, answers };
  }
  return undefined;
}

/** The page that an app without any code beside its pages begins with: the one nearest to its folder. */
function firstPage({ project, root }: App): readonly string[] {
  const pages = filesBelow(project.files(), root).filter(
    (file) => /\.(vue|svelte|astro|mdx?|[jt]sx)$/.test(file) && !file.startsWith('.'),
  );
  const depth = (file: string) => file.split('/').length;
  const isText = (file: string) => Number(/\.mdx?$/.test(file));
  return pages.sort((a, b) => isText(a) - isText(b) || depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, 1);
}

/** The file of the project that the start script runs, and the command by which. */
export type StartedServer = {
  readonly file: string;
  readonly argv: readonly string[];
  /** the source of the file, which is itself where no build makes it; undefined: none was found */
  readonly source: string | undefined;
};

/** What is built, behind a server of the author that starts; undefined: that server says nothing of it, or nothing that ships starts it. */
function builtBehind(
  app: App,
  source: SiteSource,
  { build: made, handler }: FullStack,
  { file, argv, source: server }: StartedServer,
): FullStackBuild | undefined {
  const build = made({ ...source, ownServer: true });
  const isPlain = runtimes.some(({ name }) => name === argv[0]);
  if ('unsupported' in build || build.nested || !isPlain || server === undefined) return undefined;
  const below = (text: string) => isMade(posix.normalize(text).replace(/^(?:\.\.\/)+/, ''), build.output);
  const handsOn = readModules(app, [app.path(server)]).sources.some(
    ({ imports, program }) =>
      imports.some(({ specifier }) => specifier === handler || below(specifier)) ||
      nodesOf(program, 'Literal').some(({ value }) => typeof value === 'string' && below(value)),
  );
  if (!handsOn) return undefined;
  // the file of a route has no say in what the server answers before it
  const { health: _health, signals: _signals, ...rest } = build;
  const started = posix.normalize(file);
  const isMadeToo = existing(app.project, app.path(started)) === undefined;
  const ships = isMadeToo ? started : server;
  const folder = isMadeToo || ships.includes('/') ? [ships.split('/')[0] ?? ships] : [];
  return {
    ...rest,
    start: argv,
    beside: [...new Set([...build.beside, ...folder])],
    settings: [...build.settings, ...(isMadeToo ? [] : [server])],
    selfContained: false,
    server,
    why: `the framework output, run by ${server}, with its production dependencies`,
  };
}

/** The program of a command: of `node ace build` it is the file of the app that the framework puts there. */
function programOf({ project, path }: App, [first = '', second = '']: readonly string[]): string {
  const name = second.replace(/\.js$/, '');
  return /^[\w-]+$/.test(name) && project.has(path(`${name}.js`)) ? name : first;
}

/** Whether the file that the start script names is the server of the framework: the build makes it, or the start of the framework that it makes it of. */
const isStart = (started: string, { starts }: FullStack, output: string): boolean =>
  isMade(started, output) || (starts?.(posix.normalize(started)) ?? false);

/** Whether a file that is started lies in what the build makes. */
const isMade = (file: string, output: string): boolean => {
  const plain = posix.normalize(file).replace(/\/$/, '');
  return plain === output || plain.startsWith(`${output}/`);
};

/** The port that its server takes: what the start command names, else its own; the variable carries it in both. */
export function portOf(
  app: App,
  { loaded, stack }: FoundFullStack,
  toolchain: Toolchain,
  script: string | undefined,
): Pick<Facts, 'port'> {
  const { port, variable } = loaded.listens;
  const followed = script === undefined ? undefined : toolchain.followed(script);
  const start = followed?.commands.find(({ argv }) => stack.programs?.includes(argv[0] ?? ''))?.argv ?? [];
  if (app.config.port !== undefined) return { port: byConfig({ number: app.config.port, variable }, 'port') };
  const at = start.findIndex((word) => loaded.portFlags.includes(word));
  const named = Number(start[at + 1]);
  const isNamed = at !== -1 && Number.isInteger(named) && named > 0 && named < 65_536;
  const why = isNamed ? `the start script says ${named}` : `${loaded.listens.port} is the port of its server`;
  return {
    port: isNamed
      ? detected({ number: named, variable }, followed?.from ?? [])
      : { value: { number: port, variable }, by: 'default', from: [{ why }] },
  };
}

/**
 * The variables of an app: those that its sources read, those that the build writes into the code, and those that the server reads by itself. The ones by
 * which it is told port and address are set in the image.
 */
export function fullStackVariables(
  app: App,
  { loaded, source, fact }: FoundFullStack,
  modules: Modules,
  read: readonly Variable[],
  used: Facts['services'],
): Variable[] {
  const { listens, prefixes, builtModules = [], variables, sets = [] } = loaded;
  const members = memberVariables(app, loaded, modules).filter(({ secret }) => !secret);
  const { key } = fact.value;
  const own = [...(variables?.(source) ?? []).map(ownVariable), ...(key ? [keyVariable(key)] : [])];
  // a server of the author is told where it listens in its own way
  const isTold = fact.value.server === undefined;
  const specifiers = builtModules.map(({ module }) => module);
  const written = builtVariables(app, modules, specifiers).map((one) => ({ ...one, ...addressOf(one, used) }));
  const pages = componentVariables(app, { prefixes, output: fact.value.output });
  const inPages = pages.map((page) => (loaded.builtObject ? { ...page, built: true as const } : page));
  const all = new Map([...inPages, ...members, ...read, ...written].map((item) => [item.name, item]));
  for (const item of own) all.set(item.name, { ...all.get(item.name), ...item });
  const { reads = [], defines = [] } = loaded.ofSettings?.(source) ?? {};
  for (const item of reads) {
    const known = all.get(item.name);
    // a secret or an address of a service is given to no build
    if (!isSettable(item.name) || isSecretName(item.name) || known?.secret || known?.service !== undefined) continue;
    all.set(item.name, known ? { ...known, built: true } : readBySettings(item));
  }
  return [...all.values()]
    .filter(
      ({ name }) =>
        !defines.includes(name) &&
        !sets.includes(name) &&
        !(isTold && [listens.variable, listens.address].includes(name)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Members of the object whose values the build writes into the code. */
function memberVariables(app: App, { builtObject, prefixes }: FullStack, modules: Modules): Variable[] {
  if (!builtObject) return [];
  const start = `${builtObject.path}.`;
  return modules.sources.flatMap((source) =>
    nodesOf(source.program, 'MemberExpression').flatMap((node) => {
      const path = memberPath(node);
      const name = path?.startsWith(start) ? path.slice(start.length) : '';
      const isRead = builtObject.all ? !ofBundler.has(name) : prefixes.some((prefix) => name.startsWith(prefix));
      if (!isRead || !/^[A-Za-z_]\w*$/.test(name) || !isSettable(name)) return [];
      return [{ ...builtVariable(app, name, inSource(source, node.start, `${name} is read`)), required: false }];
    }),
  );
}

/** Values that Vite itself puts there (https://vite.dev/guide/env-and-mode), and Astro (https://docs.astro.build/en/guides/environment-variables). */
const ofBundler = new Set(['MODE', 'BASE_URL', 'PROD', 'DEV', 'SSR', 'SITE', 'ASSETS_PREFIX']);

/** Secrets that the build would write into the code of the server, and what a user should know of each: they are given to no build. */
export function secretNotes(app: App, { loaded, stack }: FoundFullStack, modules: Modules): Facts['notes'] {
  const code = 'secret-in-code';
  const start = (name: string) =>
    `${stack.title} writes the value of ${name} into the server code at build time, so the image would contain it`;
  const members = memberVariables(app, loaded, modules).filter(({ secret }) => secret);
  const imported = (loaded.builtModules ?? []).flatMap(({ module, instead }) =>
    builtVariables(app, modules, [module]).flatMap((item) => (item.secret ? [{ ...item, module, instead }] : [])),
  );
  const once = new Map(imported.map((item) => [item.name, item]));
  return [
    ...members.map(({ name, from }) => ({
      code,
      message: `${start(name)}: it is not passed to the build. Use \`process.env.${name}\`, which is read when the server starts`,
      from: [...from],
    })),
    ...[...once.values()].map(({ name, from, module, instead }) => ({
      code,
      message: `${start(name)}: the build gets a placeholder, which the server would use. Import \`env\` from \`${instead}\` instead of \`${module}\`: \`env.${name}\` is read when the server starts`,
      from: [...from],
    })),
  ];
}

/** The key that the build and the server have in common. */
const keyVariable = ({ name, purpose, form, file }: BuildKey): Variable => ({
  name,
  required: true,
  secret: true,
  purpose,
  form,
  from: [{ file, why: `${name} must be the same in every build and at every start` }],
});

/** The secrets that the build script needs: those of its programs, and the key that what is built and what runs have in common. */
export function withBuildKey(
  secrets: NonNullable<Facts['buildSecrets']>,
  found: FoundFullStack | undefined,
): NonNullable<Facts['buildSecrets']> {
  const key = found?.fact.value.key;
  if (!key) return secrets;
  return [
    ...secrets.filter(({ variable }) => variable !== key.name),
    { variable: key.name, from: keyVariable(key).from },
  ];
}

/** A variable that only the settings read, when the app is built. */
const readBySettings = ({
  name,
  file,
  line,
}: {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}): Variable => ({
  name,
  required: false,
  secret: false,
  built: true,
  from: [{ file, line, why: `${name} is read` }],
});

const ownVariable = ({ name, purpose, required, default: value, built, from }: OwnVariable): Variable => ({
  name,
  required: required ?? false,
  secret: isSecretName(name),
  purpose,
  ...(value === undefined ? {} : { default: value }),
  ...(built ? { built } : {}),
  from: [{ ...from, why: from ? `${name} is a setting of the app` : `the server reads ${name}` }],
});

/** Names that are imported from modules which the build fills with the values of that moment. */
function builtVariables(app: App, modules: Modules, specifiers: readonly string[]): Variable[] {
  return modules.sources.flatMap((source) =>
    source.imports
      .filter(({ specifier }) => specifiers.includes(specifier))
      .flatMap(({ names, span }) =>
        names
          .filter(({ imported }) => imported !== '*' && imported !== 'default' && isSettable(imported))
          .map(({ imported: name }) => builtVariable(app, name, inSource(source, span.start, `${name} is imported`))),
      ),
  );
}

/** The service of the app that an imported variable holds the address of, by its name. */
function addressOf({ name, secret }: Variable, used: Facts['services']): Pick<Variable, 'service' | 'part'> {
  const names = new Set(used.map(({ service }) => service));
  const found = secret ? services.find((one) => names.has(one.name) && isUrlOf(one, name)) : undefined;
  return found ? { service: found.name, part: 'url' } : {};
}

const isUrlOf = ({ variables }: (typeof services)[number], name: string): boolean =>
  variables.some(({ match, part }) => part === 'url' && match === name);

/** Whether a variable usually holds the address of a backing service that has an account. */
const isServiceAddress = (name: string): boolean =>
  services.some((one) => one.login !== undefined && isUrlOf(one, name));

/** Whether an example is the file of a database, which has no account: `file:./local.db`. */
const isFile = (example: string): boolean => /^(file|sqlite):|\.(db|sqlite3?)$/.test(example);

function builtVariable(app: App, name: string, from: Evidence): Variable {
  const example = app.examples.get(name);
  // the address of a database holds its password
  const secret = isSecretName(name) || (isServiceAddress(name) && !isFile(example?.value ?? ''));
  return {
    name,
    required: true,
    secret,
    // a secret is given to what runs, and stood in for while it is built
    ...(secret ? {} : { built: true as const }),
    ...(example?.purpose === undefined ? {} : { purpose: example.purpose }),
    ...(example && example.value !== '' && !secret ? { example: example.value } : {}),
    from: [from],
  };
}
