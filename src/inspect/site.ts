import { posix } from 'node:path';
import type { Dependency, Facts } from '../model/facts.ts';
import type { Recognise, Site } from '../stacks/contract.ts';
import { loadSite, sites } from '../stacks/sites/registry.gen.ts';
import { type App, detected } from './app.ts';
import { existing } from './modules.ts';
import { followScript } from './scripts.ts';
import type { Ground } from './stacks.ts';

/** What builds the files of a site, where the app's build script runs one of those tools. */
export type FoundSite = { readonly stack: Recognise; readonly site: Site; readonly fact: NonNullable<Facts['site']> };

/** Dependencies with which these tools render on a server: what they build is no folder of files alone. */
const onServers =
  /^(next|nuxt|@sveltejs\/kit|@remix-run\/|@react-router\/(dev|node|serve)|@solidjs\/start|@tanstack\/(react-)?start|vike|vinxi|@astrojs\/(node|vercel|netlify|cloudflare)|electron|@tauri-apps\/cli)/;

/** Recognises a site by its build script: a tool that only tests or a library uses builds no site. */
export async function readSite(
  app: App,
  ground: Ground,
  dependencies: readonly Dependency[],
): Promise<FoundSite | undefined> {
  if (dependencies.some((one) => onServers.test(one.name))) return undefined;
  for (const stack of sites) {
    if (!dependencies.some((one) => stack.dependencies?.includes(one.name))) continue;
    const script = ['build:prod', 'build'].find((name) => followScript(app, name, ground.loadedManager));
    const followed = script === undefined ? undefined : followScript(app, script, ground.loadedManager);
    const command = followed?.commands.find((one) => stack.programs?.includes(one.argv[0] ?? ''));
    const site = command && (await loadSite(stack.name));
    if (!followed || !command || !site || command.argv.includes('--ssr')) continue;
    const assets = site.assets(app.project, app.root);
    const value = {
      tool: stack.name,
      output: site.output(app.project, app.root, command.argv),
      ...(assets === undefined ? {} : { assets }),
      fallback: site.pages === 'one',
      port: site.port(app.project, app.root),
    };
    return { stack, site, fact: detected(value, followed.from) };
  }
  return undefined;
}

/** The modules that the pages of a site load: what `index.html` names, else the usual files. */
export function siteEntries(app: App): readonly string[] {
  const html = app.project.read(app.path('index.html')) ?? '';
  const named = [...html.matchAll(/<script\b[^>]*\bsrc=["']([^"':]+)["']/g)].map(([, path = '']) =>
    path.replace(/^\//, ''),
  );
  const usual = ['src/main', 'src/index', 'src/pages/index'];
  return [...named, ...usual]
    .map((path) => existing(app.project, app.path(posix.normalize(path))))
    .filter((file) => file !== undefined)
    .slice(0, Math.max(1, named.length));
}
