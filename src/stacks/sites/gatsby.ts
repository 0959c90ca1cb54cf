/** Gatsby (https://www.gatsbyjs.com/docs/how-to/previews-deploys-hosting): a file for each path in `public`; GATSBY_ variables are written into the code. */
import { posix } from 'node:path';
import { keyName, type Node, nodesOf } from '../../formats/source/index.ts';
import { filesBelow } from '../../project/paths.ts';
import { readSource } from '../../project/source.ts';
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'gatsby',
  title: 'Gatsby',
  role: 'site',
  dependencies: ['gatsby'],
  programs: ['gatsby'],
};

const settings = (source: SiteSource): Settings =>
  settingsOf(
    source,
    ['js', 'mjs', 'ts'].map((ending) => `gatsby-config.${ending}`),
  );

/**
 * What Gatsby answers with when it is asked, and puts into no file: pages with `getServerData`, pages that are put off, and functions
 * (https://www.gatsbyjs.com/docs/reference/rendering-options/server-side-rendering, https://www.gatsbyjs.com/docs/reference/functions).
 */
function serverParts({ project, root }: SiteSource): string | undefined {
  const own = filesBelow(project.files(), root);
  const api = own.find((file) => /^src\/api\/.+\.[jt]sx?$/.test(file));
  if (api !== undefined) return `the function ${api}`;
  const pages = own.filter((file) => /^src\/(pages|templates)\/.+\.[jt]sx?$/.test(file));
  for (const file of pages) {
    const source = readSource(project, posix.join(root, file));
    const exported = source && nodesOf(source.program, 'ExportNamedDeclaration').flatMap(namesOf);
    if (exported?.includes('getServerData')) return `\`getServerData\` of ${file}`;
    if (exported?.includes('config')) return `\`config\` of ${file}`;
  }
  const made = own.filter((file) => /^gatsby-node\.[cm]?[jt]s$/.test(file));
  const putsOff = made.find((file) => {
    const source = readSource(project, posix.join(root, file));
    return (
      source && nodesOf(source.program, 'Property').some(({ key, computed }) => keyName(key, computed) === 'defer')
    );
  });
  return putsOff && `\`defer\` of ${putsOff}`;
}

/** The names that a statement exports. */
function namesOf({ declaration, specifiers }: Extract<Node, { type: 'ExportNamedDeclaration' }>): readonly string[] {
  const named = specifiers.flatMap(({ exported }) => ('name' in exported ? [exported.name] : []));
  if (declaration?.type === 'FunctionDeclaration') return [...named, ...(declaration.id ? [declaration.id.name] : [])];
  if (declaration?.type !== 'VariableDeclaration') return named;
  return [...named, ...declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))];
}

export const site: Site = {
  unsupported: (source) => {
    const part = serverParts(source);
    return part === undefined
      ? undefined
      : `${part} of Gatsby needs a server at run time, but this version only serves the static files of Gatsby: query the data at build time, and move functions to a separate application`;
  },
  home: () => '.',
  output: () => 'public',
  assets: () => 'static',
  // what is bundled lies in the top
  hashes: true,
  // the setting counts where the command says so
  base: (source) =>
    source.argv.includes('--prefix-paths') ? basePath(settings(source).text(['pathPrefix'])) : undefined,
  prefixes: () => ['GATSBY_'],
  port: () => 8000,
  dev: (port) => ['gatsby', 'develop', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['.cache', 'public', 'node_modules/.cache'],
  env: { GATSBY_TELEMETRY_DISABLED: '1' },
  documents: () => ['docs'],
  pages: () => 'many',
};
