import { posix } from 'node:path';
import { memberPath, type Node, nodesOf, property, type Source, stringValue } from '../../formats/source/index.ts';
import { readSources } from '../../project/source.ts';
import type { SiteSource, Variation } from '../contract.ts';
import { inside, type Settings, settingsOf } from './site.ts';

const endings = ['js', 'ts', 'mjs', 'mts'];

/** Where the settings of SvelteKit stand: in a file of their own, or among those of Vite (https://svelte.dev/docs/kit/configuration). */
const configs = [
  ...endings.map((ending) => `svelte.config.${ending}`),
  ...endings.map((ending) => `vite.config.${ending}`),
];

/** An adapter that the settings call, and the object that it is given. */
export type Adapter = {
  /** without its scope: `node`, `static`, `auto`; of another author the whole name */
  readonly name: string;
  /** a text among its options; undefined: it is not there, or worked out */
  readonly option: (key: string) => string | undefined;
  readonly has: (key: string) => boolean;
};

/** The modules of routes, hooks and what they share, out of the files of the app; components are in languages of their own. */
export const kitEntries = (files: readonly string[]): readonly string[] =>
  files.filter((file) => /^src\/.+\.[jt]s$/.test(file) && !file.endsWith('.d.ts'));

/** The adapters that the settings of an app import, each with its options: of several the one that a build takes where no variable is set. */
export function adaptersOf(source: SiteSource): readonly Adapter[] {
  const { project, root } = source;
  const files = configs.map((file) => posix.join(root, file)).filter((file) => project.has(file));
  const found = readSources(project, files).flatMap((settings) =>
    settings.imports.flatMap(({ specifier, names, typeOnly }) => {
      const name = typeOnly ? undefined : adapterName(specifier);
      const local = names[0]?.local;
      return name === undefined ? [] : [{ local, adapter: adapterIn(settings, name, local) }];
    }),
  );
  const taken = [
    settingsOf(source, configs.slice(0, 4)).at(['kit', 'adapter']),
    settingsOf(source, configs.slice(4)).at(['adapter']),
  ].flatMap((node) => (node?.type === 'CallExpression' ? (memberPath(node.callee) ?? []) : []));
  const called = found.filter(({ local }) => local !== undefined && taken.includes(local));
  return (called.length > 0 ? called : found).map(({ adapter }) => adapter);
}

const adapterName = (specifier: string): string | undefined =>
  /^@sveltejs\/adapter-(.+)$/.exec(specifier)?.[1] ?? (/svelte(kit)?-adapter/.test(specifier) ? specifier : undefined);

function adapterIn(source: Source, name: string, local: string | undefined): Adapter {
  const call = nodesOf(source.program, 'CallExpression').find(
    ({ callee }) => callee.type === 'Identifier' && callee.name === local,
  );
  const options = call?.arguments[0];
  const at = (key: string): Node | undefined => options && property(options, key);
  return {
    name,
    has: (key) => at(key) !== undefined,
    option: (key) => {
      const node = at(key);
      return node && stringValue(source, node);
    },
  };
}

/** A setting of SvelteKit, in either of its places. */
export function kitSetting(
  source: SiteSource,
  path: readonly string[],
): { readonly text: string | undefined } | undefined {
  const [own, vite]: Settings[] = [settingsOf(source, configs.slice(0, 4)), settingsOf(source, configs.slice(4))];
  const found = [own?.at(['kit', ...path]) && own.text(['kit', ...path]), vite?.at(path) && vite.text(path)];
  const isThere = own?.at(['kit', ...path]) !== undefined || vite?.at(path) !== undefined;
  return isThere ? { text: found.find((value) => value !== undefined) } : undefined;
}

/** The folder of an adapter's option; undefined: it is worked out, or leads out of the app. */
export const folderOf = (adapter: Adapter, key: string, usual: string): string | undefined =>
  adapter.has(key) ? inside(adapter.option(key)) : usual;

/** Its version is the time of the build, where the settings name none (https://svelte.dev/docs/kit/configuration#version). */
export const kitVaries = (source: SiteSource): Variation | undefined =>
  kitSetting(source, ['version', 'name'])
    ? undefined
    : {
        what: 'SvelteKit uses the build time as its version',
        edit: 'Set `kit.version.name` in the SvelteKit settings, for example to the version in package.json.',
      };
