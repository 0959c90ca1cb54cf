import { posix } from 'node:path';
import { globMatcher } from '../../../formats/glob/index.ts';
import { shellCommands } from '../../../formats/shell/commands.ts';
import { readData } from '../../../project/data.ts';
import { filesIn } from '../../../project/folders.ts';
import { pathIn } from '../../../project/paths.ts';
import type { App } from '../app.ts';
import { readModules } from '../modules/graph.ts';
import { extendsOf, memberAt } from './member-closure.ts';
import type { Members } from './members.ts';

/** Files of the root that no build reads: documents, what installs, what deploys, and settings of tools that only look at sources. */
const unread =
  /^(package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|dockwright\.json|renovate\.json5?|vercel\.json|netlify\.toml|fly\.toml|railway\.(json|toml)|render\.yaml|codecov\.yml|biome\.jsonc?|lefthook\.ya?ml|(docker-)?compose.*\.ya?ml|docker-stack\.yml|cspell\.json|knip\.(json|ts)|commitlint\.config\.[cm]?[jt]s|lint-staged\.config\.[cm]?js|prettier\.config\.[cm]?js|release\.config\.[cm]?js|\.(prettier|git|editorconfig|husky|lintstaged|commitlint|release|docker|env|circleci|travis|vscode|npmignore|eslintignore|DS_Store|pre-commit|gitlab-ci|markdownlint|nycrc|mocharc|changeset).*)$/;

/** Endings of settings, and files that are settings by their name. */
const settings = /(\.(json5?|jsonc|[cm]?[jt]s|ya?ml|toml)|^\.[\w-]+)$/;

/** So many files that the settings of a runner name are taken over, at most. */
const MAX_GLOBAL = 50;

/**
 * Files that building the members in `folders` reads and that lie in no member: settings in the root of the workspace, what the compiler's settings
 * extend, what settings of bundlers import, what scripts of building name, and what the runner counts as input of everything.
 */
export function readOutside(app: App, members: Members, folders: readonly string[]): readonly string[] {
  const { project } = app;
  const inRoot = filesIn(project, members.root).filter((file) => isSetting(posix.basename(file)));
  const named = folders.flatMap((folder) => [
    ...extended(app, folder),
    ...imported(app, folder),
    ...ofScripts(app, members, folder),
  ]);
  const paths = [...inRoot, ...named, ...globalInputs(app, members)].filter(
    (path) => memberAt(members, path) === undefined && (members.root === '.' || path.startsWith(`${members.root}/`)),
  );
  return [...new Set(paths)].sort();
}

const isSetting = (name: string): boolean => settings.test(name) && !unread.test(name);

/** Settings of the compiler that those of a folder extend, over any number of steps. */
function extended({ project }: App, folder: string): readonly string[] {
  const found = new Set<string>();
  const queue = filesIn(project, folder).filter((file) => /^(ts|js)config[\w.-]*\.json$/.test(posix.basename(file)));
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const path of extendsOf(readData(project, file))) {
      if (!path.startsWith('.')) continue;
      const place = posix.join(posix.dirname(file), path);
      const target = [place, `${place}.json`, `${place}/tsconfig.json`].find((value) => project.has(value));
      if (target === undefined || found.has(target)) continue;
      found.add(target);
      queue.push(target);
    }
  }
  return [...found];
}

/** What the settings of bundlers and other tools in a folder import. */
function imported(app: App, folder: string): readonly string[] {
  const entries = filesIn(app.project, folder).filter((file) => /\.config\.[cm]?[jt]s$/.test(posix.basename(file)));
  if (entries.length === 0) return [];
  const { sources, files } = readModules(app, entries);
  return [...sources.map(({ file }) => file), ...files];
}

/** Files and folders that the scripts of a member name outside of it: `node ../../scripts/build.mjs`. */
function ofScripts({ project }: App, members: Members, folder: string): readonly string[] {
  const scripts = Object.entries(members.folders.get(folder)?.texts(['scripts']) ?? {});
  const words = scripts.flatMap(([name, text]) =>
    /build|generate|codegen/.test(name) ? shellCommands(text).commands.flatMap(({ argv }) => argv) : [],
  );
  return words.flatMap((word) => {
    if (!/^\.\.\//.test(word)) return [];
    const path = posix.join(folder, word).replace(/\/$/, '');
    if (path.startsWith('..') || path === '.' || path === members.root) return [];
    return project.has(path) || project.files().some((file) => file.startsWith(`${path}/`)) ? [path] : [];
  });
}

/** What the settings of Turborepo name as an input of every task. */
function globalInputs({ project }: App, members: Members): readonly string[] {
  const value = readData(project, pathIn(members.root, 'turbo.json'))?.at(['globalDependencies']);
  const globs: readonly unknown[] = Array.isArray(value) ? value : [];
  const matchers = globs.flatMap((glob) =>
    typeof glob === 'string' ? [globMatcher(pathIn(members.root, glob.replace(/^\.\//, '')), { braces: true })] : [],
  );
  if (matchers.length === 0) return [];
  return project
    .files()
    .filter((file) => matchers.some((matches) => matches(file)) && !/(^|\/)\.env(\.|$)/.test(file))
    .slice(0, MAX_GLOBAL);
}
