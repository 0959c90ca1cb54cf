/** What both kinds of Astro read of its settings (https://docs.astro.build/en/reference/configuration-reference/). */
import { posix } from 'node:path';
import { nodesOf, type Source } from '../../formats/source/index.ts';
import { readSource } from '../../project/source.ts';
import type { SiteSource } from '../contract.ts';
import { settingsOf } from './site.ts';

/** Packages by which Astro builds for a server, or for the functions of a platform. */
export const astroAdapters = ['@astrojs/node', '@astrojs/vercel', '@astrojs/netlify', '@astrojs/cloudflare'];

/** The files that the settings may stand in. */
export const astroConfigs = ['mjs', 'ts', 'js', 'mts'].map((ending) => `astro.config.${ending}`);

/** The settings, where there are some. */
export function astroConfig({
  project,
  root,
}: SiteSource): { readonly file: string; readonly read: Source } | undefined {
  const file = astroConfigs.map((value) => posix.join(root, value)).find((value) => project.has(value));
  const read = file === undefined ? undefined : readSource(project, file);
  return file === undefined || !read ? undefined : { file, read };
}

/** Without an adapter Astro makes files alone, and refuses to build where a page is for a server: a package that nothing calls changes nothing. */
export function makesFiles(source: SiteSource): boolean {
  const config = astroConfig(source);
  const settings = settingsOf(source, astroConfigs);
  const isPlain =
    config !== undefined &&
    nodesOf(config.read.program, 'ObjectExpression').every(({ properties }) =>
      properties.every(({ type }) => type === 'Property'),
    );
  const output = settings.at(['output']) ? settings.text(['output']) : 'static';
  return isPlain && settings.at(['adapter']) === undefined && output === 'static';
}
