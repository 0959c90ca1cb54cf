import { posix } from 'node:path';
import { minVersion, satisfies } from 'semver';
import { knownValue } from '../../../model/known.ts';
import type { Layer, Recipe, RecipeStep } from '../../../model/recipe.ts';
import type { FullStackBuild } from '../../../stacks/contract.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { linked } from '../../support/steps.ts';
import { isSettable } from '../environment/variables.ts';
import { needsDevelopment, needsPackages, ofScripts, type RecipeContext, readsOf, unprovedOf } from './context.ts';
import { ownCopies, siblingContents } from './context-paths.ts';
import { healthBesideServer } from './health.ts';
import { pagesLayers } from './pages.ts';

/** The stage that ships: the runtime where the base lacks it, the packages, what was built or the sources, and the files that are read. */
export function productionOf(context: RecipeContext): Recipe['production'] {
  const { copiedFromBuild, ...base } = context.base;
  const { runtime } = context.stacks;
  const lacking = copiedFromBuild.map(({ source, to }) => linked('base', source, to));
  const started = startVariables(context);
  const isShared = (context.facts.processes ?? []).length > 0;
  return {
    base,
    folder: context.folders.image,
    lacking: lacking.length > 0 ? [{ steps: lacking }] : [],
    contents: contentsOf(context),
    env: {
      ...runtime.production,
      ...(context.output.kind === 'built' ? context.output.settings : {}),
      ...(isShared ? {} : started),
      ...packageVariables(context),
      ...(context.facts.home ? { HOME: context.facts.home.value } : {}),
    },
    start: context.output.start,
    ...(isShared ? { own: started } : {}),
    ...processesOf(context),
    ...variesOf(context),
    probes: {
      http: (port, variable, path, asking) => runtime.probe(port, variable, path, asking, context.version),
      port: (port, variable) => runtime.probePort(port, variable, context.version),
      note: base.shell
        ? 'the check uses the runtime: the image has no curl'
        : 'the check uses the runtime: the image has no shell and no curl',
    },
  };
}

/** What the framework writes differently in each build, with the folder of the image below which its files lie. */
function variesOf({ facts, folders, output }: RecipeContext): Pick<Recipe['production'], 'varies'> {
  const varies = detailsOf(facts).fullStack?.value.varies;
  if (!varies || output.kind !== 'built') return {};
  return { varies: { ...varies, folder: output.nested ? folders.top : folders.image } };
}

/** What the start script sets before its command, where it is a plain text; the port and the address are the image's own. */
function startVariables({ facts }: RecipeContext): Readonly<Record<string, string>> {
  const set = Object.entries(knownValue(facts.commands.start)?.env ?? {});
  return Object.fromEntries(set.filter(([name, value]) => isSettable(name) && !/[$\n]/.test(value)));
}

/** What npm tells a script of package.json, where the app reads it, as the image starts the program without npm; and where programs of the image are. */
const packageVariables = ({ facts }: RecipeContext): Readonly<Record<string, string>> => ({
  ...detailsOf(facts).packageVariables,
  ...detailsOf(facts).settings,
});

/** Further programs of the image, as the build makes them. */
function processesOf({ facts, output }: RecipeContext): Pick<Recipe['production'], 'processes'> {
  const processes = (facts.processes ?? []).map(({ name, command, entry, single, by = 'detected', from }) => ({
    name,
    argv: (entry !== undefined && output.kind === 'built' ? output.starts?.(entry) : undefined) ?? command.argv,
    ...(command.env ? { env: command.env } : {}),
    ...(single ? { single } : {}),
    reason: {
      choice: single ? 'a worker, one at a time' : 'a worker',
      why: single
        ? 'it works until it is stopped, and a second one would do everything twice'
        : 'it works until it is stopped, beside the app and from the same image',
      by,
      from,
    },
  }));
  return processes.length > 0 ? { processes } : {};
}

/** What the process is made of: the build's output, or the source with its modules; and the files that it reads. */
function contentsOf(context: RecipeContext): readonly Layer[] {
  const { output, facts } = context;
  const reason = {
    choice: output.kind === 'built' ? `the contents of ${[output.folder, ...output.beside].join(', ')}` : 'the source',
    why: output.why,
  };
  const modules = needsPackages(context) ? packagesOf(context) : [];
  const inImage = (path: string) => posix.join(context.folders.image, path);
  const manifest = facts.manifest ? [facts.manifest] : [];
  if (output.kind === 'built') {
    const own = output.inPlace ? ownCopies(context, [...manifest, ...healthBesideServer(facts)]) : [];
    const place = output.nested ? `${context.folders.top}/` : './';
    const built = linked('build', inImage(output.folder), output.inPlace ? `./${output.folder}` : place);
    const beside = output.beside.map((path) => linked('build', inImage(path), `./${path}`));
    return [
      { at: 'contents', reason, steps: [...modules, ...own, built, ...beside] },
      ...pagesLayers(context),
      ...loadedLayers(context),
      ...readsLayers(context),
      ...unprovedLayers(context),
    ];
  }
  const made = context.generates.length > 0 ? ofScripts(facts) : [];
  const sources = [...new Set([...manifest, ...facts.sources, ...made])];
  // what the project's own scripts have made lies among the sources
  const copies =
    context.generates.length > 0
      ? sources.map((path) => linked('build', inImage(path), `./${path}`))
      : ownCopies(context, sources);
  return [
    { at: 'contents', reason, steps: [...modules, ...copies] },
    ...pagesLayers(context),
    ...readsLayers(context),
    ...unprovedLayers(context),
  ];
}

/** The packages: beside the application, or of a workspace the whole tree, in which each package finds its own, and its siblings. */
function packagesOf(context: RecipeContext): RecipeStep[] {
  const { folders, workspace } = context;
  if (!workspace) return [linked('modules', posix.join(folders.image, 'node_modules'), './node_modules')];
  return [linked('modules', folders.top, folders.top), ...siblingContents(context)];
}

/** Packages for development that the server loads all the same, where an install for production has left them out. */
function loadedLayers(context: RecipeContext): readonly Layer[] {
  const { facts, folders, version } = context;
  const found = detailsOf(facts).fullStack;
  if (!found || !needsPackages(context) || needsDevelopment(context)) return [];
  const least = minVersion(version);
  const runtime = knownValue(facts.runtime)?.name;
  const isSpared = ({ unless }: NonNullable<FullStackBuild['loads']>[number]) =>
    unless !== undefined && unless.runtime === runtime && least !== null && satisfies(least, unless.releases);
  return (found.value.loads ?? [])
    .filter((load) => !isSpared(load))
    .map(({ path, why }) => ({
      at: 'loads',
      reason: { choice: posix.basename(path), why: `${why}, and it is a development dependency`, from: found.from },
      steps: [linked('deps', posix.join(folders.image, path), posix.join(folders.image, path))],
    }));
}

function readsLayers(context: RecipeContext): readonly Layer[] {
  const reads = readsOf(context);
  if (reads.length === 0) return [];
  const from = context.facts.reads.flatMap((read) => read.from);
  return [
    {
      at: 'reads',
      reason: { choice: reads.join(', '), why: 'the running app reads them', from },
      steps: asBuilt(context, reads),
    },
  ];
}

/** Paths of the project: from the build where the author's image takes them from there, as building adds to what git has of them. */
function asBuilt(context: RecipeContext, paths: readonly string[]): RecipeStep[] {
  const { facts, output, folders } = context;
  const completed = detailsOf(facts).completedByBuild ?? [];
  const isMade = (path: string) =>
    output.kind === 'built' && facts.commands.build !== undefined && completed.includes(path);
  return [
    ...paths.filter(isMade).map((path) => linked('build', posix.join(folders.image, path), `./${path}`)),
    ...ownCopies(
      context,
      paths.filter((path) => !isMade(path)),
    ),
  ];
}

function unprovedLayers(context: RecipeContext): readonly Layer[] {
  const all = unprovedOf(context);
  const names = all.map(({ value }) => value);
  if (names.length === 0) return [];
  const why = 'parts of the project that no source refers to: the running app might need them';
  const reason = { choice: names.join(', '), why, from: all.flatMap(({ from }) => from) };
  return [{ at: 'unproved', reason, steps: asBuilt(context, names) }];
}
