import { posix } from 'node:path';
import { keyName, memberPath, nodesOf } from '../../formats/source/index.ts';
import { readSource } from '../../project/source.ts';
import type { SettingOffer, SiteSource } from '../contract.ts';
import { nextConfig } from './next.ts';
import { renewedPages, showsImages } from './next-sources.ts';
import type { Settings } from './site.ts';

/** Whether a file of settings sets something under a name anywhere: in an object that is spread into another one, or as a member. */
function isSetIn({ project, root }: SiteSource, file: string, name: string): boolean {
  const source = readSource(project, posix.join(root, file));
  if (!source) return false;
  return (
    nodesOf(source.program, 'Property').some(({ key, computed }) => keyName(key, computed) === name) ||
    nodesOf(source.program, 'AssignmentExpression').some(({ left }) => memberPath(left)?.endsWith(`.${name}`))
  );
}

/**
 * Standalone output (https://nextjs.org/docs/app/api-reference/config/next-config-js/output): the folder whose files are traced needs no setting of its own
 * in a workspace, as Next.js takes that of the lockfile. A server of the author is none of the files that are traced.
 */
function standalone(source: SiteSource, settings: Settings, file: string): readonly SettingOffer[] {
  const isOn = settings.text(['output']) === 'standalone';
  if (source.ownServer || (!isOn && isSetIn(source, file, 'output'))) return [];
  return [
    {
      name: 'standalone',
      file,
      what: "`output: 'standalone'`",
      why: 'the image then contains only the package files that the server loads instead of all production dependencies, for example not the compiler that comes with Next.js',
      setting: { path: ['output'], value: 'standalone' },
    },
  ];
}

/**
 * Where pages are made anew, the server writes them beside its code (https://nextjs.org/docs/app/guides/self-hosting#caching-and-isr). The setting has this
 * name in releases 14 to 16: with it they are kept in memory alone. A handler of the author's decides by itself where they go.
 */
function inMemory(source: SiteSource, settings: Settings, file: string): readonly SettingOffer[] {
  const path = ['experimental', 'isrFlushToDisk'];
  const now = settings.at(path);
  const isOpen = now === undefined && !['cacheHandler', 'isrFlushToDisk'].some((name) => isSetIn(source, file, name));
  const pages = isOpen || settings.text(path) === 'false' ? renewedPages(source) : undefined;
  if (pages === undefined) return [];
  const images = showsImages(source) ? ', and newer releases no longer cache optimized images' : '';
  return [
    {
      name: 'pages-in-memory',
      file,
      what: '`experimental.isrFlushToDisk: false`',
      why: `${posix.relative(source.root, pages)} makes the server render pages again at run time and write them beside its code, which is read-only: they stay in memory, and the log says "Failed to update prerender cache" each time. With this setting nothing is written${images}`,
      setting: { path, value: false },
    },
  ];
}

/** Settings of Next.js that the owner of an app may want. */
export function nextOffers(source: SiteSource, settings: Settings): readonly SettingOffer[] {
  const file = nextConfig(source) ?? 'next.config.mjs';
  return [...standalone(source, settings, file), ...inMemory(source, settings, file)];
}
