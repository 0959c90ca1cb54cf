/**
 * Plain HTML: pages without a build step, in the root of a repository or in one of its folders, without a manifest of any language. Other files of such
 * a repository are for people and for other platforms, and are not part of the site.
 */
import { posix } from 'node:path';
import { webServer } from '../../catalog/web.ts';
import { hasPolicy, loadHtml } from '../../formats/html/index.ts';
import { item } from '../../model/check-item.ts';
import type { Facts } from '../../model/facts.ts';
import { foldersOf } from '../../model/folders.ts';
import { evidenceOf } from '../../model/known.ts';
import { plainName } from '../../model/plain-name.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { Project } from '../../project/project.ts';
import { readPage, readSource } from '../../project/source.ts';
import type { ApplicationInput, Language, LanguageDetection } from '../contract.ts';
import { copies } from '../support/steps.ts';
import { webServerConfig, webServerProduction, webServerSettings } from '../support/web-server.ts';

export const detection: LanguageDetection = {
  name: 'html',
  title: 'plain HTML',
  manifests: [],
  endings: ['.html'],
};

const page = 'index.html';

/** Folders that hold the pages where the root does not. */
const folders = ['public', 'www', 'site', 'html', 'src', 'docs', 'dist'];

/** Files in the root that are for people, tools and other platforms; what begins with a dot is, too, but `.well-known`. */
const forOthers =
  /^\.(?!well-known$)|^(README|LICEN[CS]E|NOTICE|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|TODO|AUTHORS|CODEOWNERS)\b|^(Dockerfile|Containerfile|Makefile|Jenkinsfile|Procfile|CNAME|_config\.yml|_headers|_redirects)$|\.(md|markdown|dockerfile|conf|ya?ml|toml|sh|bat|ps1|zip)$|^(docker-)?compose\b|^(vercel|netlify|firebase|now|app|static|dockwright)\.json$/i;

/** Endings of sources that something has to build or run: then the pages are a part of something else. */
const program =
  /\.(tsx?|jsx|vue|svelte|astro|php\d?|py|rb|go|rs|java|kt|cs|cshtml|jsp|erb|ejs|pug|hbs|njk|liquid|lua|pl|ex|exs|scala|swift|c|cpp)$/i;

/** Whether a script takes packages or modules of a runtime, which no browser has: then it is a program of its own. */
const isServer = (project: Project, file: string): boolean =>
  readSource(project, file)?.imports.some(
    ({ specifier, typeOnly }) => !typeOnly && /^(node:|bun:|[a-z@])/i.test(specifier) && !specifier.includes('://'),
  ) ?? false;

/** The folder with the pages; undefined: the project is something else. */
function folderOf(project: Project): string | undefined {
  const files = project.files();
  const own = files.filter((file) => !file.split('/').some((part) => part.startsWith('.')));
  if (own.some((file) => program.test(file))) return undefined;
  const scripts = own.filter((file) => /\.[cm]?js$/.test(file) && !file.endsWith('.min.js'));
  if (scripts.some((file) => isServer(project, file))) return undefined;
  if (files.includes(page)) return '.';
  const found = folders.filter((folder) => files.includes(`${folder}/${page}`));
  return found.length === 1 ? found[0] : undefined;
}

/** The files and folders that are given out. */
const contentsOf = (project: Project, folder: string): readonly string[] =>
  folder === '.'
    ? [...new Set(project.files().map((file) => file.split('/')[0] ?? file))]
        .filter((top) => !forOthers.test(top))
        .sort()
    : [folder];

async function inspect({ project, root, config: settings, existing }: ApplicationInput): Promise<Facts> {
  await loadHtml();
  const folder = folderOf(project) ?? '.';
  const file = posix.join(folder, page);
  const why = 'pages without a build step: the files are the site';
  const fact = <T>(value: T, said: string) => ({ value, by: 'detected' as const, from: [{ file, why: said }] });
  const policy = hasPolicy(readPage(project, file)) ? { ownPolicy: true as const } : {};
  const title = settings.name ?? (posix.basename(project.label).replace(/^\.+$/, '') || 'site');
  return {
    name: fact(plainName(title) || 'site', 'the folder of the repository has that name'),
    title: fact(title, 'the folder of the repository has that name'),
    root,
    archetype: fact('web-app' as const, why),
    runtime: fact({ name: 'nginx', version: '1.29' }, 'a web server serves the files'),
    manager: fact({ name: 'none' }, 'nothing is installed'),
    frameworks: [],
    commands: { start: fact({ argv: [...start] }, 'a web server serves the files') },
    entry: fact(file, 'the page that visitors see first'),
    sources: [...contentsOf(project, folder)],
    port: fact({ number: webServer.port }, 'the web server listens there'),
    site: fact(
      { tool: detection.name, output: folder, fallback: false, port: webServer.port, dev: [...start], ...policy },
      why,
    ),
    variables: [],
    services: [],
    externals: [],
    routes: [],
    signals: fact(['SIGQUIT', 'SIGTERM'], 'the web server stops gracefully on its own'),
    reads: [],
    writes: [],
    tests: [],
    existing: [...existing],
    tokens: [],
    native: [],
    system: [],
    generators: [],
    compiled: [],
    installs: [],
    dependencies: [],
    details: { language: detection.name },
    notes: [],
  };
}

const start = ['nginx', '-g', 'daemon off;'];

function productionOf(
  facts: Facts,
  output: string,
  from: Partial<ReturnType<typeof evidenceOf>>,
): Recipe['production'] {
  const { image } = foldersOf(facts);
  const reason = { choice: facts.sources.join(', '), why: 'the files of the site', ...from };
  const steps = output === '.' ? copies(facts.sources) : copies([output]);
  return {
    ...webServerProduction({
      contents: [{ steps: [settingsOf(facts)] }, { at: 'contents', reason, steps }],
      why: 'a web server that runs as non-root',
      reason: { choice: 'a file for each path', why: 'nginx serves the files, and runs as non-root', ...from },
      files: {
        root: posix.join(image, output),
        fallback: false,
        ...(facts.site?.value.ownPolicy ? { ownPolicy: true as const } : {}),
      },
    }),
    folder: image,
  };
}

const settingsOf = (facts: Facts) => webServerSettings(posix.join(foldersOf(facts).own, webServerConfig));

function recipe(facts: Facts): Recipe {
  const { image, uid, gid } = webServer;
  const from = facts.site ? evidenceOf(facts.site) : {};
  const output = facts.site?.value.output ?? '.';
  const why = 'a web server that runs as non-root';
  return {
    reason: {
      choice: `${image} with the unmodified files`,
      why: 'a static site without a build step',
      ...from,
    },
    prepare: [{ name: 'base', from: { image }, reason: { choice: image, why }, layers: [] }],
    generate: [],
    build: [],
    pack: [],
    production: productionOf(facts, output, from),
    development: {
      reason: { choice: start.join(' '), why: 'the files are mounted: reload a page to see an edit' },
      note: 'docker-compose.dev.yml mounts the files over these',
      command: start,
      env: {},
      layers: [{ steps: [settingsOf(facts)] }],
      user: { uid, gid },
      mounts: ['.'],
      keep: [],
    },
    needs: [...facts.sources],
    ignore: [],
    readsDocuments: output === '.' ? [] : [output],
    platforms: [],
  };
}

export const language: Language = {
  applications: (project) => (folderOf(project) === undefined ? [] : ['.']),
  inspect,
  manifestItem: () => item('manifest', 'The pages need no manifest', { status: 'pass', detail: 'nothing builds them' }),
  lockfileItem: async () =>
    item('lockfile', 'The pages need no lockfile', { status: 'pass', detail: 'nothing is installed' }),
  recipes: async () => ({
    recipe,
    health: () => undefined,
    externalCheck: () => ({ imports: [], setup: '', body: '' }),
  }),
};
