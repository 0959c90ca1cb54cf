/**
 * Astro with @astrojs/node (https://docs.astro.build/en/guides/integrations-guide/node): in standalone mode the build writes a server that needs the
 * dependencies beside it. It listens on `HOST` and `PORT`, and does not handle signals. `import.meta.env` is written into the server code too; secrets
 * of `astro:env` are read at run time.
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
  return mode && config ? (stringValue(config.read, mode) ?? 'computed') : undefined;
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
        'the Astro settings use no adapter for Node.js: add `@astrojs/node` in mode `standalone` to build a server, or remove the adapter to build static files',
    };
  if (mode !== 'standalone' && !source.ownServer)
    return {
      unsupported: `the mode of @astrojs/node is \`${mode}\`, which needs your own server around it: use \`standalone\` to build a complete server`,
    };
  const output =
    flagOf(source.argv, '--outDir') ?? (settings.at(['outDir']) ? inside(settings.path(['outDir'])?.path) : 'dist');
  if (output === undefined) return { unsupported: 'the Astro setting `outDir` is computed, or points outside the app' };
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
            'behind a proxy that terminates TLS, Astro treats requests as http and rejects forms: list your domains under `security.allowedDomains` in its settings, so that it trusts their forwarded protocol',
        }),
    // https://docs.astro.build/en/guides/server-islands/#reusing-the-encryption-key
    varies: {
      what: 'Astro generates a new key in each build and writes it into its server, so a new image cannot read requests from pages that an older image served (server islands)',
      edit: 'Set ASTRO_KEY to a fixed key for the build: `astro create-key` generates one.',
    },
    why: 'the server built by Astro, with its production dependencies',
  };
}

/** The variables of the schema (https://docs.astro.build/en/guides/environment-variables): secrets of the server are read at run time, all others are fixed. */
function variablesOf(source: SiteSource): readonly OwnVariable[] {
  const config = astroConfig(source);
  const schema = settingsOf(source, astroConfigs).at(['env', 'schema']);
  if (!config || schema?.type !== 'ObjectExpression') return [];
  return schema.properties.flatMap((item) => {
    const name = item.type === 'Property' ? keyName(item.key, item.computed) : undefined;
    if (item.type !== 'Property' || name === undefined || item.value.type !== 'CallExpression') return [];
    const options = item.value.arguments[0];
    const declared = (key: string) => {
      const node: Node | undefined = options && property(options, key);
      const value = node && literalValue(config.read, node);
      return value === undefined ? undefined : String(value);
    };
    const isSecret = declared('access') === 'secret';
    const value = declared('default');
    return [
      {
        name,
        purpose: isSecret ? 'read when the server starts' : 'written into the code at build time',
        ...(declared('optional') === 'true' || value !== undefined ? {} : { required: true as const }),
        ...(value === undefined ? {} : { default: value }),
        ...(isSecret ? {} : { built: true as const }),
        from: { file: config.file, line: config.read.line(item.start) },
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
