import type { Known } from '../../model/evidence.ts';
import type { Facts } from '../../model/facts.ts';
import type { JavaScriptDetails } from '../../stacks/javascript.ts';
import { inSourceNotes } from './behavior/connections.ts';
import { secretNotes } from './behavior/full-stack.ts';
import type { readMigrations } from './behavior/migrations.ts';
import { proxyNotes } from './behavior/site.ts';
import type { inputsOf } from './inputs.ts';
import { installScripts } from './manifest/dependencies.ts';
import { readUnparsedSettings } from './manifest/unparsed-settings.ts';
import { readBlockers } from './modules/bundle-blockers.ts';
import { brokenNotes, downloadMessage, downloadNotes, missingNotes } from './modules/sources.ts';
import { unresolvedAliases } from './modules/unresolved-aliases.ts';
import type { Analysis, Outline } from './outline.ts';
import { processBlocker } from './scripts/processes.ts';

/** What its owner should know of it, from every part of the reading. */
export function allNotes(
  outline: Outline,
  analysis: Analysis,
  { connections, tokens, files, needed, unlisted, localFiles = [] }: ReturnType<typeof inputsOf>,
  ofKind: Facts['notes'],
  migrations: Awaited<ReturnType<typeof readMigrations>>,
  { madeModules = [], importsMade }: JavaScriptDetails,
): Facts['notes'] {
  const all = notesOf(outline, analysis, [...ofKind, ...tokens.notes, ...files.notes, ...unlisted.notes], needed, [
    ...connections.notes,
    ...migrations.notes,
    ...inSourceNotes(connections.variables),
  ]);
  const built = importsMade === undefined ? [] : [importsMade.replace(/(\/index)?\.[cm]?js$/, '')];
  const mounted = new Set([...localFiles.map(({ value }) => value), ...madeModules, ...built].map(outline.app.path));
  const isMounted = (target: string) =>
    ['', '.json', '.js', '.mjs', '.cjs'].some((ending) => mounted.has(target + ending));
  // what a generator or a script makes is missing in nothing, nor what is mounted
  return all.filter(
    ({ target = '' }) => !migrations.made.some((folder) => `${target}/`.startsWith(`${folder}/`)) && !isMounted(target),
  );
}

/** What an owner should know, in the order in which it is found. */
const notesOf = (
  outline: Outline,
  { whole, system }: Analysis,
  ofFiles: Facts['notes'],
  needed: readonly Known<string>[],
  ofConnections: Facts['notes'],
): Facts['notes'] => [
  ...readUnparsedSettings(outline.app),
  ...outline.toolchain.notes,
  ...outline.commands.notes,
  ...ofFiles,
  ...readBlockers(whole),
  ...processBlocker(outline.beside),
  ...installScripts(outline.app),
  ...needed.map((item) => neededNote(item, outline.dependencies)),
  ...ofConnections,
  ...system.notes,
  ...frameworkNotes(outline),
  ...proxyNotes(outline.site),
  ...downloadNotes(outline.modules, outline.dependencies),
  ...toolDownloads(outline),
  ...missingNotes(outline.app, outline.modules, madeByFramework(outline)),
  ...unresolvedAliases(outline),
  ...outline.modules.sources.flatMap(brokenNotes),
];

/** What the tool that builds takes from elsewhere by itself. */
function toolDownloads({ site, fullStack }: Outline): Facts['notes'] {
  const built = fullStack && 'fact' in fullStack ? fullStack.fact : undefined;
  const found = site ? site.site.downloads?.(site.source) : built?.value.downloads;
  const from = site?.fact.from ?? built?.from ?? [];
  return found ? [{ code: 'build-downloads', message: downloadMessage(found), from: [...from].slice(0, 1) }] : [];
}

/** What an owner should know of what a full-stack framework makes. */
function frameworkNotes({ app, modules, fullStack }: Outline): Facts['notes'] {
  if (!fullStack || !('fact' in fullStack)) return [];
  const { value, from } = fullStack.fact;
  // an image of the author is given what its author gives it
  const written = app.container ? [] : secretNotes(app, fullStack, modules);
  const remark =
    value.remark === undefined ? [] : [{ code: 'framework-output', message: value.remark, from: [...from] }];
  return [...remark, ...written];
}

const neededNote = ({ value, from }: Known<string>, dependencies: Outline['dependencies']): Facts['notes'][number] => ({
  code: 'needed-when-running',
  message: dependencies.some(({ name }) => name === value)
    ? `${value} is a development dependency that the app needs at run time: move it to dependencies, so that the image can leave out the other ones`
    : `${value} is needed at run time but not listed in package.json: only development dependencies install it. Add it to dependencies, so that the image can leave out the development ones`,
  from: [...from],
});

/** The folder that a full-stack framework builds; undefined: none builds the app. */
const madeByFramework = ({ app, fullStack }: Outline): string | undefined =>
  fullStack && 'fact' in fullStack ? app.path(fullStack.fact.value.output) : undefined;
