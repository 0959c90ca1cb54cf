import { posix } from 'node:path';
import { leastOf } from '../../model/range.ts';
import { readData } from '../../project/data.ts';
import { readSource } from '../../project/source.ts';
import type { BuildKey, DevelopmentMounts, FullStackBuild, SiteSource, Variation } from '../contract.ts';
import { serverActions } from './next-sources.ts';
import type { Settings } from './site.ts';

/** Files of its settings, of which Next.js reads the first that is there. */
export const nextConfigs = ['js', 'mjs', 'ts', 'mts', 'cjs'].map((ending) => `next.config.${ending}`);

/** The file of its settings, relative to the app; undefined: there is none. */
export const nextConfig = ({ project, root }: SiteSource): string | undefined =>
  nextConfigs.find((file) => project.has(posix.join(root, file)));

/** The least release that the manifest allows; undefined: it says nothing that could be compared. */
const nextRelease = ({ project, root }: SiteSource) =>
  leastOf(readData(project, posix.join(root, 'package.json'))?.text(['dependencies', 'next']) ?? '');

/**
 * What the server loads of its settings: the file, and where that is written in TypeScript the compiler, before release 16 always, since then where Node.js
 * does not read it as it is (https://nextjs.org/docs/app/api-reference/config/typescript#using-nodejs-native-typescript-resolver-for-nextconfigts).
 */
export function nextLoads(source: SiteSource): Required<Pick<FullStackBuild, 'loads' | 'settings'>> {
  const { project, root, depends, modules } = source;
  const file = nextConfig(source);
  if (file === undefined) return { loads: [], settings: [] };
  if (!/\.m?ts$/.test(file)) return { loads: [], settings: [file] };
  const isForDevelopment = depends?.('typescript') && !depends('typescript', 'production');
  // names of files without their endings, and those that the compiler's settings make up
  const isPlain = (readSource(project, posix.join(root, file))?.imports ?? []).every(
    ({ specifier, typeOnly }) => typeOnly || !/^(\.|[@~]\/|#)/.test(specifier),
  );
  const isRead = isPlain && (nextRelease(source)?.major ?? 0) >= 16;
  const unless = isRead ? { unless: { runtime: 'node', releases: '>=22.18.0' } } : {};
  const path = posix.join(modules?.('typescript') ?? 'node_modules', 'typescript');
  const why = `Next.js reads ${file} with it when it starts`;
  // the names that stand for folders of the app
  const names = !isPlain && project.has(posix.join(root, 'tsconfig.json')) ? ['tsconfig.json'] : [];
  return { loads: isForDevelopment ? [{ path, ...unless, why }] : [], settings: [file, ...names] };
}

/** The files that pages and routes begin with, out of those of the app (https://nextjs.org/docs/app/getting-started/project-structure). */
export const nextEntries = (files: readonly string[]): readonly string[] =>
  files.filter(
    (file) =>
      /^(src\/)?app\/(.+\/)?(page|layout|route|template|default|error|loading|not-found|global-error)\.[jt]sx?$/.test(
        file,
      ) ||
      /^(src\/)?pages\/.+\.[jt]sx?$/.test(file) ||
      /^(src\/)?(middleware|proxy|instrumentation)\.[jt]s$/.test(file),
  );

/**
 * With TypeScript the development server writes next-env.d.ts and adds to tsconfig.json in the folder of the app, which belongs to whoever has cloned it
 * (https://nextjs.org/docs/app/api-reference/config/typescript): the folders are mounted, and the files in which code and settings stand. Undefined: it
 * writes into its own folders alone.
 */
export function nextDevelops(all: readonly string[]): DevelopmentMounts | undefined {
  if (!all.includes('tsconfig.json')) return undefined;
  const folders = all.flatMap((file) => /^([^./][^/]*)\//.exec(file)?.[1] ?? []);
  const code = all.filter((file) => /^[^./][^/]*\.[cm]?[jt]sx?$/.test(file) && !file.endsWith('.d.ts'));
  const mounts = [...new Set([...folders, ...code])].filter((name) => name !== 'node_modules').sort();
  // the second is mostly one that git ignores: it may be in the image, or not
  return { mounts, writes: ['tsconfig.json', 'next-env.d.ts'] };
}

/** Its build and its server report nothing (https://nextjs.org/telemetry). */
export const nextEnv = { NEXT_TELEMETRY_DISABLED: '1' };

/** What a build keeps for the next one (https://nextjs.org/docs/app/guides/ci-build-caching). */
export const nextCaches = ['.next/cache'];

const keyName = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY';

/**
 * The key that an app with server actions has in common with its build (https://nextjs.org/docs/app/guides/self-hosting#server-functions-encryption-key): what
 * a page hands to an action is encrypted with it, in pages of the build too. The server takes the variable before what the manifests of the build hold, which
 * is why it is taken out of them. Code for the edge has it in an object of variables that lies over those of the server: there its name goes, too.
 */
export function nextKey(source: SiteSource, folder: string): BuildKey | undefined {
  const file = serverActions(source);
  if (file === undefined) return undefined;
  const key = `$${keyName}`;
  return {
    name: keyName,
    purpose:
      'encrypts the values that pages pass to server actions; must be the same in every build and at every start',
    form: { bytes: 32, encoding: 'base64' },
    file,
    // a build that is given none makes one of its own, which stays in it
    after: [
      `{ test -z "${key}" || grep -rlZF --exclude-dir=cache "${key}" ${folder} > /tmp/with-key || true; }`,
      `{ test ! -s /tmp/with-key || xargs -0r -a /tmp/with-key sed -i "s|\\"${keyName}\\": *\\"${key}\\"|\\"-\\": \\"\\"|g; s|${key}||g"; }`,
      `rm -f ${folder}/cache/.rscinfo`,
    ],
  };
}

/** What each build writes differently (https://nextjs.org/docs/app/guides/self-hosting#build-cache and #server-functions-encryption-key). */
export function nextVaries(source: SiteSource, settings: Settings, key: BuildKey | undefined): Variation {
  const id = settings.at(['generateBuildId']) === undefined;
  // before release 15 a build makes one more, which nothing uses where the variable is set
  if (key && (nextRelease(source)?.major ?? 0) >= 15)
    return {
      what: `Next.js generates ${id ? 'a new build id and ' : ''}new keys for previews in each build`,
      edit: `${id ? 'Set `generateBuildId` in the Next.js settings to fix the id; the' : 'The'} keys for previews have no setting.`,
    };
  return {
    what: `Next.js generates ${id ? 'a new build id and ' : ''}new keys for previews and for server actions in each build`,
    edit: `${id ? 'Set `generateBuildId` in the Next.js settings to fix the id, and the' : 'Set the'} build variable NEXT_SERVER_ACTIONS_ENCRYPTION_KEY to fix the key for server actions; the keys for previews have no setting.`,
  };
}

/** What each build of files alone writes differently: they have no keys. Undefined: the author sets the id of the build. */
export const nextExportVaries = (settings: Settings): Variation | undefined =>
  settings.at(['generateBuildId'])
    ? undefined
    : {
        what: 'Next.js generates a new build id in each build',
        edit: 'Set `generateBuildId` in the Next.js settings, for example to a hash of the lockfile and the sources.',
      };
