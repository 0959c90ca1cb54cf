/**
 * Astro with @astrojs/node (https://docs.astro.build/en/guides/integrations-guide/node): standalone, the build makes a server beside which the
 * dependencies have to lie. It listens where `HOST` and `PORT` say, and has no handler for signals. `import.meta.env` is written into the code of the
 * server, too; secrets of `astro:env` are read at run time.
 */
import { posix } from 'node:path';
import { keyName, literalValue, type Node, nodesOf, property, stringValue } from '../../formats/source/index.ts';
import type { Detection, FullStack, FullStackBuild, HealthRoute, OwnVariable, SiteSource } from '../contract.ts';
import { astroAdapters, astroConfig, astroConfigs, makesFiles } from '../support/astro.ts';
import { healthPaths } from '../support/health-route.ts';
import { flagOf, inside, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'astro-node',
  title: 'Astro with a server',
  role: 'full-stack',
  dependencies: astroAdapters,
  programs: ['astro'],
};

/** The mode that the adapter is given; undefined: the settings call no adapter for Node.js. */
function modeOf(source: SiteSource): string | undefined {
  const config = astroConfig(source);
  const local = config?.read.imports.find(({ specifier }) => specifier === '@astrojs/node')?.names[0]?.local;
  const call =
    config &&
    nodesOf(config.read.program, 'CallExpression').find(
      ({ callee }) => callee.type === 'Identifier' && callee.name === local,
    );
  const options = call?.arguments[0];
  const mode = options && property(options, 'mode');
  return mode && config ? (stringValue(config.read, mode) ?? 'worked out') : undefined;
}

/** What a middleware does with a request comes before any route. */
function healthOf(source: SiteSource, settings: Settings): HealthRoute | undefined {
  const own = posix.join(source.root, 'src/middleware');
  const hasMiddleware = source.project.files().some((file) => file.startsWith(`${own}.`) || file.startsWith(`${own}/`));
  const base = settings.at(['base']) ? settings.text(['base']) : '/';
  if (hasMiddleware || base === undefined || settings.at(['srcDir']) || settings.text(['trailingSlash']) === 'always')
    return undefined;
  return {
    path: 'src/pages/health/[...probe].ts',
    imports: [],
    code: `export const prerender = false;

export const GET = ({ params }: { params: { probe?: string } }) => answer(params.probe);`,
    paths: healthPaths(base),
  };
}

function buildOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  const settings = settingsOf(source, astroConfigs);
  const mode = modeOf(source);
  if (mode === undefined)
    return {
      unsupported:
        'the settings of Astro call no adapter for Node.js: with `@astrojs/node` in mode `standalone` a server is made, without any adapter files alone',
    };
  if (mode !== 'standalone' && !source.ownServer)
    return {
      unsupported: `the mode of @astrojs/node is \`${mode}\`, which needs a server of your own that calls it: \`standalone\` makes one`,
    };
  const output =
    flagOf(source.argv, '--outDir') ?? (settings.at(['outDir']) ? inside(settings.path(['outDir'])?.path) : 'dist');
  if (output === undefined)
    return { unsupported: 'the setting `outDir` of Astro is worked out, or leads out of the app' };
  const health = healthOf(source, settings);
  return {
    output,
    inPlace: true,
    beside: [],
    taken: ['public'],
    start: ['node', `${output}/server/entry.mjs`],
    selfContained: false,
    settings: [],
    // sessions, where nothing else is said (https://docs.astro.build/en/guides/sessions)
    writes: ['node_modules/.astro/sessions'],
    ...(health ? { health } : {}),
    // https://docs.astro.build/en/reference/configuration-reference/#securityalloweddomains
    ...(settings.at(['security', 'allowedDomains']) || settings.text(['security', 'checkOrigin']) === 'false'
      ? {}
      : {
          remark:
            'behind a proxy that ends TLS Astro takes its own address for http and refuses forms: `security.allowedDomains` in its settings names the addresses whose forwarded protocol it believes',
        }),
    // https://docs.astro.build/en/guides/server-islands/#reusing-the-encryption-key
    varies: {
      what: 'Astro makes a new key in each build and writes it into its server: pages that an older image gave out ask the new one for islands that it cannot read',
      edit: 'A key of your own in the variable ASTRO_KEY of the build fixes it: `astro create-key` makes one.',
    },
    why: 'the server that Astro makes, with the production dependencies beside it',
  };
}

/** The variables of the schema (https://docs.astro.build/en/guides/environment-variables): secrets of the server are read at run time, all others are fixed. */
function variablesOf(source: SiteSource): readonly OwnVariable[] {
  const config = astroConfig(source);
  const schema = settingsOf(source, astroConfigs).at(['env', 'schema']);
  if (!config || schema?.type !== 'ObjectExpression') return [];
  return schema.properties.flatMap((one) => {
    const name = one.type === 'Property' ? keyName(one.key, one.computed) : undefined;
    if (one.type !== 'Property' || name === undefined || one.value.type !== 'CallExpression') return [];
    const options = one.value.arguments[0];
    const said = (key: string) => {
      const node: Node | undefined = options && property(options, key);
      const value = node && literalValue(config.read, node);
      return value === undefined ? undefined : String(value);
    };
    const isSecret = said('access') === 'secret';
    const value = said('default');
    return [
      {
        name,
        purpose: isSecret ? 'read when the server starts' : 'written into the code when it is built',
        ...(said('optional') === 'true' || value !== undefined ? {} : { required: true as const }),
        ...(value === undefined ? {} : { default: value }),
        ...(isSecret ? {} : { built: true as const }),
        from: { file: config.file, line: config.read.line(one.start) },
      },
    ];
  });
}

export const fullStack: FullStack = {
  other: makesFiles,
  build: buildOf,
  entries: (files) => files.filter((file) => /^src\/.+\.[jt]sx?$/.test(file) && !file.endsWith('.d.ts')),
  answers: (files) =>
    files.flatMap((file) => {
      const path = /^src\/pages\/(.+?)(\/index)?\.[jt]s$/.exec(file)?.[1];
      return path === undefined ? [] : [{ file, path: posix.join('/', path) }];
    }),
  prefixes: ['PUBLIC_'],
  builtObject: { path: 'import.meta.env', all: true },
  variables: variablesOf,
  listens: { port: 4321, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: [],
  env: { ASTRO_TELEMETRY_DISABLED: '1' },
  caches: ['node_modules/.astro'],
  dev: (port) => ['astro', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  made: ['.astro', 'node_modules/.astro', 'node_modules/.vite', 'node_modules/.vite-temp'],
};
