import { posix } from 'node:path';
import { managerSettings } from '../../../catalog/credential-files.ts';
import { isComposeBase } from '../../../catalog/docker-files.ts';
import { packageFolders } from '../../../catalog/folders.ts';
import type { Known } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { filesBelow } from '../../../project/paths.ts';
import type { App } from '../app.ts';
import { isTest } from './graph.ts';

/** Folders in the root of a project that no running application needs: tests, documents, machines and their set-up. */
const leftFolders = new Set(
  `test tests __tests__ __mocks__ spec specs e2e cypress playwright coverage bench benchmarks load-tests docs doc documentation screenshots
  infra terraform k8s kubernetes helm charts deploy deployment docker dockerfiles compose nginx traefik ansible sonar postman insomnia dist build out lib-cov tmp temp logs proofs`.split(
    /\s+/,
  ),
);

/** Files in the root by their names: manifests, settings of tools that build, check and deploy, and what people read. */
const leftFiles = [
  /^(package|package-lock|npm-shrinkwrap|composer|deno|bun)\.json$/,
  /\.lock(b|file)?$|^pnpm-(lock|workspace)\.yaml$|^\.|\.lock\.yaml$/,
  /^(ts|js)config\b.*\.json$|\.tsbuildinfo$/,
  /^(nodemon|nest-cli|renovate|biome|tslint|typedoc|turbo|nx|lerna|vercel|netlify|firebase|railway|nixpacks|fly|app-update|cypress|jsdoc|rush|dockwright)\.(json|jsonc|toml|ya?ml)$/,
  /^(eslint|jest|vitest|vite|prettier|babel|webpack|rollup|rolldown|esbuild|tsup|tsdown|commitlint|lint-staged|playwright|cypress|stryker|release|karma|gulpfile|gruntfile|postcss|tailwind|stylelint|wrangler|knip|typedoc|svelte|astro|vue)(\.config|\.setup|\.jest|\.conf)?\.[cm]?[jt]sx?$/i,
  /^(jest|vitest|test|setup-?tests?)[\w.-]*\.(config|setup)?\.?[cm]?[jt]s$/i,
  /^(Procfile|Makefile|Justfile|Jenkinsfile|Vagrantfile|CODEOWNERS|LICEN[CS]E|NOTICE|AUTHORS|CONTRIBUTORS|COPYING|README|CHANGELOG|TODO|yarn-error)\b/i,
  /^(Dockerfile|Containerfile)|\.(Dockerfile|dockerignore)$/i,
  /^(docker-)?compose\b.*\.ya?ml$|^(render|app|fly|wrangler|serverless|cloudbuild|buildspec|azure-pipelines|bitbucket-pipelines|appveyor|codecov|k8s|deployment)\.(ya?ml|toml|json)$/i,
  /\.(md|mdx|markdown|rst|adoc|txt\.orig|log|pem|key|crt|p12|pfx|postman_collection\.json|drawio|pdf|dfy|tla|sh\.bak|http|rest)$/i,
  /^ecosystem\.config\.[cm]?js(on)?$/,
  // machines for developing
  /\.nix$|^(flake|devenv)\.lock$|^devenv\.ya?ml$|^(devbox|flox)\.(json|toml|lock)$|^(Brewfile|garden\.ya?ml|Earthfile|bake\.(hcl|json))$/i,
  /^(sonar-project|qodana|lefthook|pre-commit|mkdocs|cspell|codegen|orval|crowdin|skaffold)\.(properties|ya?ml|toml|json)$|^Tiltfile$|\.code-workspace$|\.iml$/i,
];

/** Docker files, secrets, and settings of managers of packages but the one that is a runtime too: no running app reads them from its image. */
const isOfNoUse = (file: string): boolean =>
  /(^|\/)(Dockerfile|Containerfile)[^/]*$|\.(Dockerfile|dockerignore|pem|key|log)$|(^|\/)(\.env(\.|$)|\.DS_Store$)/i.test(
    file,
  ) ||
  (managerSettings.has(posix.basename(file)) && posix.basename(file) !== 'bunfig.toml') ||
  /(^|\/)(docker-)?compose\b[^/]*\.ya?ml$/.test(file);

/** What git keeps in the folder of a repository: where an application's folder is one too (a bare one), this is no part of the application. */
const gitFiles = new Set([
  'HEAD',
  'ORIG_HEAD',
  'FETCH_HEAD',
  'config',
  'description',
  'index',
  'packed-refs',
  'shallow',
]);
const gitFolders = new Set(['objects', 'refs', 'info', 'hooks', 'branches', 'logs', 'modules', 'worktrees']);

/** Whether the names in a folder are those by which git knows a repository: HEAD, objects and refs. */
const isRepository = (tops: ReadonlyMap<string, readonly string[]>): boolean =>
  tops.has('HEAD') && ['objects', 'refs'].every((top) => isFolder(top, tops.get(top) ?? []));

/** Whether a name in the root is that of a folder, by the files that begin with it. */
const isFolder = (top: string, files: readonly string[]): boolean => files.some((file) => file !== top);

const isCode = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file);

/**
 * What git tracks and nothing shows to be of no use to the running application, by the names in the root: a package may read it by a path
 * that no source spells out. `made` is what building makes or takes into its output. `compiled`: what runs is made of the sources, so that a
 * folder of code alone is in it or in nothing.
 */
export function readUnproved(
  app: App,
  known: Pick<Facts, 'sources' | 'reads' | 'writes' | 'tests'>,
  made: readonly string[],
  compiled: boolean,
): readonly Known<string>[] {
  const tops = new Map<string, string[]>();
  for (const own of filesBelow(app.project.files(), app.root)) {
    const top = own.split('/')[0] ?? own;
    const before = tops.get(top);
    if (before) before.push(own);
    else tops.set(top, [own]);
  }
  const taken = new Set([...known.sources, ...known.reads.map(({ value }) => value)]);
  // members of the workspace ship where they are needed, and by themselves
  const folders = [...(app.members?.folders.keys() ?? [])].filter((folder) => folder !== app.root);
  const members = filesBelow(folders, app.root);
  const repository = isRepository(tops);
  const others = [...known.writes.map(({ value }) => value), ...made, ...members];
  return [...tops].flatMap(([top, files]) => {
    if (taken.has(top) || isExcluded(top, files) || others.some((path) => path === top || path.startsWith(`${top}/`)))
      return [];
    if (repository && (isFolder(top, files) ? gitFolders : gitFiles).has(top)) return [];
    const used = files.filter((file) => !isTest(file) && !isOfNoUse(file) && !(compiled && isCode(file)));
    const from = [
      {
        file: app.path(used[0] ?? top),
        why: 'it is part of the project, and the app might read it',
      },
    ];
    return used.length === 0 ? [] : [detected(top, from)];
  });
}

function isExcluded(top: string, files: readonly string[]): boolean {
  if (!isFolder(top, files)) return isComposeBase(top) || leftFiles.some((pattern) => pattern.test(top));
  const lower = top.toLowerCase();
  // a folder with a manifest of its own is another project, which this one would name if it needed it
  const project = files.some((file) => file === `${top}/package.json`);
  // a COPY of several would flatten it
  if (top.includes('.')) return true;
  return packageFolders.includes(top) || leftFolders.has(lower) || project;
}
