/** SvelteKit with adapter-static (https://svelte.dev/docs/kit/adapter-static): a file for each page, or one page for all paths if it has a fallback. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, inside } from '../support/site.ts';
import { type Adapter, adaptersOf, folderOf, kitEntries, kitSetting, kitVaries } from '../support/sveltekit.ts';

export const detection: Detection = {
  name: 'sveltekit-static',
  title: 'SvelteKit, static',
  role: 'site',
  dependencies: ['@sveltejs/kit'],
  programs: ['vite', 'svelte-kit'],
};

const adapterIn = (source: SiteSource): Adapter | undefined => {
  const found = adaptersOf(source);
  return found.length === 1 ? found[0] : undefined;
};

const base = (source: SiteSource): string | undefined => basePath(kitSetting(source, ['paths', 'base'])?.text);

export const site: Site = {
  other: (source) => adapterIn(source)?.name !== 'static',
  home: () => 'src',
  entries: kitEntries,
  output: (source) => {
    const adapter = adapterIn(source);
    return (adapter && folderOf(adapter, 'pages', 'build')) ?? 'build';
  },
  // the folder beside it, `_app/version.json`, is asked for again and again
  assets: (source) => `${inside(kitSetting(source, ['appDir'])?.text) ?? '_app'}/immutable`,
  base,
  prefixes: () => ['PUBLIC_', 'VITE_'],
  port: () => 5173,
  dev: (port) => ['vite', 'dev', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  writes: ['.svelte-kit', 'node_modules/.vite', 'node_modules/.vite-temp'],
  varies: kitVaries,
  pages: (source) => (fallback(source) === undefined ? 'many' : 'one'),
  page: fallback,
};

/** The page that shows every path for which there is no file. */
function fallback(source: SiteSource): string | undefined {
  const adapter = adapterIn(source);
  const named = adapter?.option('fallback');
  return named === undefined || !/^[\w.-]+$/.test(named) ? undefined : named;
}
