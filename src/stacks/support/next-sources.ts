import { posix } from 'node:path';
import {
  keyName,
  literalValue,
  memberPath,
  type Node,
  nodesOf,
  type Source,
  unwrap,
} from '../../formats/source/index.ts';
import { filesBelow } from '../../project/paths.ts';
import { readSource, readSourcesWith } from '../../project/source.ts';
import type { SiteSource } from '../contract.ts';
import { settingsOf } from './site.ts';

/** The sources of an app, without its tests, in which one of some words stands. */
function sourcesWith({ project, root }: SiteSource, words: readonly string[]): readonly Source[] {
  const files = filesBelow(project.files(), root).filter(
    (file) => /(?<!\.d)\.[cm]?[jt]sx?$/.test(file) && !/(^|\/)__tests__\/|\.(test|spec)\.\w+$/.test(file),
  );
  return readSourcesWith(
    project,
    files.map((file) => posix.join(root, file)),
    words,
  );
}

const nameOf = ({ key, computed }: { readonly key: Node; readonly computed: boolean }): string | undefined =>
  keyName(key, computed);

/**
 * The first source with server actions (https://nextjs.org/docs/app/api-reference/directives/use-server): a module of them, or a function; undefined: there
 * are none.
 */
export const serverActions = (source: SiteSource): string | undefined =>
  sourcesWith(source, ['use server']).find(({ program }) =>
    nodesOf(program, 'ExpressionStatement').some((node) => 'directive' in node && node.directive === 'use server'),
  )?.file;

/** A time after which something is made anew: neither "never" nor "at each request". */
const isTime = (source: Source, value: Node): boolean => {
  const literal = literalValue(source, value);
  return literal !== 0 && literal !== false;
};

/** Functions of `next/cache` that make pages anew. */
const renews = ['revalidatePath', 'revalidateTag', 'updateTag', 'unstable_cache', 'cacheLife', 'unstable_cacheLife'];

/** Whether a source has pages made anew, or made at the first request: by a time, by a call, by paths that the build does not know. */
function makesAnew(source: Source): boolean {
  const { program } = source;
  const isCalled = source.imports.some(
    ({ specifier, names }) => specifier === 'next/cache' && names.some(({ imported }) => renews.includes(imported)),
  );
  const isCached = nodesOf(program, 'ExpressionStatement').some(
    (node) => 'directive' in node && typeof node.directive === 'string' && node.directive.startsWith('use cache'),
  );
  const isTimed = nodesOf(program, 'Property').some(
    (node) => nameOf(node) === 'revalidate' && isTime(source, node.value),
  );
  const declared = new Map(
    nodesOf(program, 'ExportNamedDeclaration').flatMap(({ declaration }): [string, Node | undefined][] => {
      if (declaration?.type === 'FunctionDeclaration') return [[declaration.id?.name ?? '', undefined]];
      if (declaration?.type !== 'VariableDeclaration') return [];
      return declaration.declarations.map(({ id, init }) => [
        id.type === 'Identifier' ? id.name : '',
        init ?? undefined,
      ]);
    }),
  );
  const time = declared.get('revalidate');
  const others = declared.get('dynamicParams');
  const isOpen = declared.has('generateStaticParams') && !(others && literalOf(others) === false);
  return isCalled || isCached || isTimed || (time !== undefined && isTime(source, time)) || isOpen || fallsBack(source);
}

const literalOf = (node: Node): unknown => {
  const at = unwrap(node);
  return at.type === 'Literal' ? at.value : undefined;
};

/** `getStaticPaths` with pages that are made at their first request. */
function fallsBack({ program }: Source): boolean {
  const properties = nodesOf(program, 'Property');
  const isOpen = (value: unknown) => value === true || value === 'blocking';
  return (
    properties.some((property) => nameOf(property) === 'paths') &&
    properties.some((property) => nameOf(property) === 'fallback' && isOpen(literalOf(property.value)))
  );
}

const wordsOfPages = ['revalidate', 'next/cache', 'use cache', 'generateStaticParams', 'getStaticPaths'];

/**
 * The first source by which pages are rendered again while the server runs (https://nextjs.org/docs/app/guides/incremental-static-regeneration); undefined: none
 * says so.
 */
export const renewedPages = (source: SiteSource): string | undefined =>
  sourcesWith(source, wordsOfPages).find(makesAnew)?.file;

/** Whether pages show images that its server makes smaller. */
export const showsImages = (source: SiteSource): boolean =>
  sourcesWith(source, ['next/image']).some(({ imports }) =>
    imports.some(({ specifier }) => specifier === 'next/image'),
  );

/**
 * What the settings read of variables when the app is built, as for addresses that requests are handed on to, and the names to which their key `env`
 * gives a value in the code (https://nextjs.org/docs/app/api-reference/config/next-config-js/env).
 */
export function nextOfSettings(
  source: SiteSource,
  configs: readonly string[],
): { readonly reads: readonly { name: string; file: string; line: number }[]; readonly defines: readonly string[] } {
  const { project, root } = source;
  const file = configs.map((config) => posix.join(root, config)).find((value) => project.has(value));
  const settings = file === undefined ? undefined : readSource(project, file);
  if (!settings) return { reads: [], defines: [] };
  const found = new Map<string, { name: string; file: string; line: number }>();
  for (const node of nodesOf(settings.program, 'MemberExpression')) {
    const name = /^process\.env\.(\w+)$/.exec(memberPath(node) ?? '')?.[1];
    if (name !== undefined && !found.has(name) && !ofBuilding.has(name))
      found.set(name, { name, file: settings.file, line: settings.line(node.start) });
  }
  const env = settingsOf(source, configs).at(['env']);
  const keys = env?.type === 'ObjectExpression' ? env.properties : [];
  const defines = keys.flatMap((key) => (key.type === 'Property' ? (nameOf(key) ?? []) : []));
  return { reads: [...found.values()], defines: defines.filter((name) => !found.has(name)) };
}

/** Variables by which a build is told how it runs, and not what it makes. */
const ofBuilding: ReadonlySet<string> = new Set(['NODE_ENV', 'CI', 'ANALYZE', 'PORT', 'HOSTNAME']);
