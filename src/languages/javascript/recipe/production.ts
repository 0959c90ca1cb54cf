import { knownValue } from '../../../model/evidence.ts';
import { APPLICATION_FOLDER, type Layer, type Recipe } from '../../../model/recipe.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { copies, linked } from '../../support/steps.ts';
import { isSettable } from '../environment/variables.ts';
import { needsPackages, type RecipeContext, readsOf, unprovedOf } from './context.ts';
import { packagesFolder } from './packages.ts';

/** The stage that ships: the runtime where the base lacks it, the packages, what was built or the sources, and the files that are read. */
export function productionOf(context: RecipeContext): Recipe['production'] {
  const { brings, ...base } = context.base;
  const { runtime } = context.stacks;
  const lacking = brings.map(({ source, to }) => linked('base', source, to));
  return {
    base,
    folder: APPLICATION_FOLDER,
    lacking: lacking.length > 0 ? [{ steps: lacking }] : [],
    contents: contentsOf(context),
    env: { ...runtime.production, ...startVariables(context), ...packageVariables(context) },
    start: context.output.start,
    probes: {
      http: runtime.probe,
      port: runtime.probePort,
      note: base.shell
        ? 'the runtime asks itself: the image has no curl'
        : 'the image has no shell and no curl: the runtime asks itself',
    },
  };
}

/** What the start script sets before its command, where it is a plain text; the port and the address are the image's own. */
function startVariables({ facts }: RecipeContext): Readonly<Record<string, string>> {
  const set = Object.entries(knownValue(facts.commands.start)?.env ?? {});
  return Object.fromEntries(set.filter(([name, value]) => isSettable(name) && !/[$\n]/.test(value)));
}

/** What npm tells a script of package.json, where the app reads it: the image starts the program without npm. */
const packageVariables = ({ facts }: RecipeContext): Readonly<Record<string, string>> =>
  detailsOf(facts).packageVariables ?? {};

/** What the process is made of: the build's output, or the source with its modules; and the files that it reads. */
function contentsOf(context: RecipeContext): readonly Layer[] {
  const { output, facts } = context;
  const reason = {
    choice: output.kind === 'built' ? `the contents of ${[output.folder, ...output.beside].join(', ')}` : 'the source',
    why: output.why,
  };
  const modules = needsPackages(context) ? [linked('modules', packagesFolder, './node_modules')] : [];
  const manifest = facts.manifest ? [facts.manifest] : [];
  if (output.kind === 'built') {
    const own = output.inPlace ? copies(manifest) : [];
    const built = linked(
      'build',
      `${APPLICATION_FOLDER}/${output.folder}`,
      output.inPlace ? `./${output.folder}` : './',
    );
    const beside = output.beside.map((path) => linked('build', `${APPLICATION_FOLDER}/${path}`, `./${path}`));
    return [
      { at: 'contents', reason, steps: [...modules, ...own, built, ...beside] },
      ...readsLayers(context),
      ...unprovedLayers(context),
    ];
  }
  const sources = [...new Set([...manifest, ...facts.sources])];
  // what the project's own scripts have made lies among the sources
  const made =
    context.generates.length > 0
      ? sources.map((path) => linked('build', `${APPLICATION_FOLDER}/${path}`, `./${path}`))
      : copies(sources);
  return [
    { at: 'contents', reason, steps: [...modules, ...made] },
    ...readsLayers(context),
    ...unprovedLayers(context),
  ];
}

function readsLayers(context: RecipeContext): readonly Layer[] {
  const reads = readsOf(context);
  if (reads.length === 0) return [];
  const from = context.facts.reads.flatMap((read) => read.from);
  return [
    {
      at: 'reads',
      reason: { choice: reads.join(', '), why: 'the running app reads them', from },
      steps: copies(reads),
    },
  ];
}

function unprovedLayers(context: RecipeContext): readonly Layer[] {
  const all = unprovedOf(context);
  const names = all.map(({ value }) => value);
  if (names.length === 0) return [];
  const why = 'parts of the project that no source names: nothing shows that the running app does without them';
  const reason = { choice: names.join(', '), why, from: all.flatMap(({ from }) => from) };
  return [{ at: 'unproved', reason, steps: copies(names) }];
}
