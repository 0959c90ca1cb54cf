/**
 * SvelteKit (https://svelte.dev/docs/kit/adapter-node): its adapter writes a server that bundles development dependencies and needs the production
 * dependencies beside it. It only knows its own address from `ORIGIN`, and rejects forms from other origins. `$env/static` and `import.meta.env` are
 * written into the code, `$env/dynamic` is read at run time.
 */
import { posix } from 'node:path';
import type { Detection, FullStack, FullStackBuild, HealthRoute, SiteSource } from '../contract.ts';
import { healthPaths } from '../support/health-route.ts';
import { withoutGroups } from '../support/route-files.ts';
import { type Adapter, adaptersOf, folderOf, kitEntries, kitSetting, kitVaries } from '../support/sveltekit.ts';

export const detection: Detection = {
  name: 'sveltekit',
  title: 'SvelteKit',
  role: 'full-stack',
  dependencies: ['@sveltejs/kit'],
  programs: ['vite', 'svelte-kit'],
};

/**
 * The first release with which the automatic adapter installs the one for Node.js is of major version 5
 * (https://github.com/sveltejs/kit/blob/main/packages/adapter-auto/adapters.js): it does so where it sees this variable, whatever its value.
 */
const choosesNode = { GCP_BUILDPACKS: '1' };

const routes = 'src/routes';

/** A file beside the routes may answer every request first: a login then stands before a check, too. */
function healthOf(source: SiteSource): HealthRoute | undefined {
  const base = kitSetting(source, ['paths', 'base']);
  const own = posix.join(source.root, 'src/hooks.server');
  if (source.project.files().some((file) => file.startsWith(`${own}.`) || file.startsWith(`${own}/`))) return undefined;
  if (
    kitSetting(source, ['files', 'routes']) ||
    kitSetting(source, ['files', 'hooks', 'server']) ||
    (base && base.text === undefined)
  )
    return undefined;
  return {
    path: `${routes}/health/[[probe]]/+server.ts`,
    imports: [],
    code: `export const prerender = false;

export const GET = ({ params }: { params: { probe?: string } }) => answer(params.probe);`,
    paths: healthPaths(base?.text ?? ''),
  };
}

/** The adapter that makes a server for Node.js; a text: why there is none. */
function chosen(source: SiteSource): Adapter | string {
  const [adapter, ...others] = adaptersOf(source);
  if (!adapter) return 'the SvelteKit settings (@sveltejs/kit) use no adapter that this version supports';
  if (others.length > 0) return 'the SvelteKit settings choose between several adapters at build time';
  if (adapter.name !== 'node' && adapter.name !== 'auto')
    return `the adapter \`${adapter.name}\` of SvelteKit builds for another platform: use \`@sveltejs/adapter-node\` for a server, or \`@sveltejs/adapter-static\` for static files`;
  return adapter.has('envPrefix')
    ? 'the setting `envPrefix` of adapter-node renames the variables for port and address, which this version does not support'
    : adapter;
}

function buildOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  const adapter = chosen(source);
  if (typeof adapter === 'string') return { unsupported: adapter };
  const output = folderOf(adapter, 'out', 'build');
  if (output === undefined)
    return { unsupported: 'the setting `out` of adapter-node is computed, or points outside the app' };
  const health = healthOf(source);
  const varies = kitVaries(source);
  return {
    output,
    inPlace: true,
    beside: [],
    taken: ['static'],
    start: ['node', `${output}/index.js`],
    selfContained: false,
    settings: [],
    writes: [],
    ...(health ? { health } : {}),
    ...(varies ? { varies } : {}),
    ...(adapter.name === 'auto'
      ? {
          buildEnv: choosesNode,
          remark:
            'adapter-auto of SvelteKit chooses an adapter by build platform and does not detect containers, so each build installs adapter-node, which is not in the lockfile; add @sveltejs/adapter-node to package.json and to the settings to pin it',
        }
      : {}),
    why: 'the server built by SvelteKit, with the production dependencies that it does not bundle',
  };
}

/** The path of a folder of routes: groups in round brackets are no part of it. */
const pathOf = (folder: string): string => posix.join('/', ...withoutGroups(folder));

export const fullStack: FullStack = {
  build: buildOf,
  entries: kitEntries,
  answers: (files) =>
    files
      .filter((file) => /^src\/routes\/(.+\/)?\+server\.[jt]s$/.test(file))
      .map((file) => ({ file, path: pathOf(posix.dirname(file).slice(routes.length)) })),
  loadsServer: true,
  prefixes: ['VITE_'],
  environment: {
    globals: [],
    imports: ['private', 'public'].map((kind) => ({ module: `$env/dynamic/${kind}`, name: 'env' })),
  },
  builtObject: { path: 'import.meta.env' },
  // https://svelte.dev/docs/kit/$lib
  aliases: { $lib: ['src/lib'], '$lib/*': ['src/lib/*'] },
  builtModules: ['private', 'public'].map((kind) => ({
    module: `$env/static/${kind}`,
    instead: `$env/dynamic/${kind}`,
  })),
  variables: () => [
    {
      name: 'ORIGIN',
      required: true,
      purpose: 'the URL that browsers use, such as https://shop.example; forms from other origins are rejected',
    },
    { name: 'BODY_SIZE_LIMIT', purpose: 'the maximum size of a request body, such as 10M', default: '512K' },
  ],
  listens: { port: 3000, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: ['SIGINT', 'SIGTERM'],
  env: {},
  caches: [],
  dev: (port) => ['vite', 'dev', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  made: ['.svelte-kit', 'node_modules/.vite', 'node_modules/.vite-temp'],
};
