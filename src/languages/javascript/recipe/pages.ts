/** Pages that a server gives out: what builds them, in stages of their own, and their files in the image of the server. */
import { posix } from 'node:path';
import type { Facts } from '../../../model/facts.ts';
import type { BuildStage, Layer, RecipeStage } from '../../../model/recipe.ts';
import type { BuiltPages } from '../../../stacks/javascript.ts';
import { linked } from '../../support/steps.ts';
import { contextOf, type RecipeContext } from './context.ts';
import { isOfBuild, isOwn, pagesOf } from './served-pages.ts';
import { siteRecipe } from './site.ts';

/** The stages that build pages, before the server is built; `prepared` are those that building the server begins with. */
export function pagesStages(context: RecipeContext, prepared: readonly RecipeStage[]): readonly BuildStage[] {
  return pagesOf(context).flatMap((page) => (isOfBuild(context, page) ? [] : stagesOf(context, page, prepared)));
}

function stagesOf(context: RecipeContext, page: BuiltPages, prepared: readonly RecipeStage[]): readonly BuildStage[] {
  const name = nameOf(context.facts, page);
  const last = prepared.at(-1)?.name ?? 'base';
  const site = page.facts?.site && recipeOf(context, page.facts);
  if (!site) return [ownStage(context, name, last)];
  const [build] = site.build;
  if (!build) return [];
  const note = `the pages that the server serves, in ${page.output}`;
  if (isOwn(context.facts, page)) return [{ ...build, name, from: { stage: last }, note }];
  // the same image is not written twice
  const [base, ...rest] = site.prepare;
  const shared = base !== undefined && isSame(base, prepared[0]) ? prepared[0]?.name : undefined;
  const named = (stage: string) => (stage === base?.name && shared ? shared : `${name}-${stage}`);
  const moved = <T extends RecipeStage>(stage: T): T => ({
    ...stage,
    name: named(stage.name),
    from: 'stage' in stage.from ? { stage: named(stage.from.stage) } : stage.from,
  });
  const before = (shared === undefined ? site.prepare : rest).map(moved);
  return [...before, { ...moved(build), name, note }];
}

/** Whether two stages come to one image. */
const isSame = (recipeStage: RecipeStage, other: RecipeStage | undefined): boolean =>
  JSON.stringify([recipeStage.from, recipeStage.layers]) === JSON.stringify([other?.from, other?.layers]);

const recipeOf = ({ stacks }: RecipeContext, facts: Facts) => {
  const own = stacks.pages?.find((page) => page.facts === facts)?.stacks;
  return own && facts.site && siteRecipe(contextOf(facts, own, { shape: 'site', runtimeBase: undefined }), facts.site);
};

/** The build script of the app makes the pages alone: the server runs from its sources. */
function ownStage({ facts, stacks }: RecipeContext, name: string, from: string): BuildStage {
  const argv = facts.commands.build?.value.argv ?? stacks.manager?.script('build', []) ?? [];
  return {
    name,
    from: { stage: from },
    note: 'the pages that the server serves',
    reason: {
      choice: argv.join(' '),
      why: 'the server serves the output of the build script',
      from: facts.commands.build?.from ?? [],
    },
    layers: [
      {
        steps: [
          { do: 'copy', sources: ['.'], to: '.' },
          { do: 'run', argv: [...argv] },
        ],
      },
    ],
  };
}

/** What the image takes of the pages. */
export function pagesLayers(context: RecipeContext): readonly Layer[] {
  const { facts, folders, output } = context;
  const inside = output.kind === 'built' ? [output.folder, ...output.beside] : [];
  const pages = pagesOf(context).filter(
    (page) => !(isOfBuild(context, page) && inside.some((value) => isBelow(page.output, value))),
  );
  if (pages.length === 0) return [];
  const steps = pages.map((page) => {
    const from = isOfBuild(context, page) ? 'build' : nameOf(facts, page);
    const place = posix.join(folders.image, page.output);
    return linked(from, place, page.output.startsWith('../') ? place : `./${page.output}`);
  });
  const reason = {
    choice: pages.map((page) => page.output).join(', '),
    why: 'the server serves them, and they are not committed, so they are built with it',
    from: pages.flatMap((page) => [...page.from]),
  };
  return [{ at: 'pages', reason, steps }];
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Folders of the app that building pages reads. */
export const pagesNeeds = (context: RecipeContext): readonly string[] =>
  pagesOf(context).map((page) =>
    isOwn(context.facts, page) ? '.' : posix.relative(context.facts.root, page.facts?.root ?? '.'),
  );

/** The name of the stage that builds pages, after the folder of their package. */
const nameOf = (facts: Facts, page: BuiltPages): string => {
  const folder = isOwn(facts, page) ? '' : posix.relative(facts.context ?? facts.root, page.facts?.root ?? '.');
  const plain = [...folder.toLowerCase()].map((letter) => (/[a-z0-9]/.test(letter) ? letter : '-')).join('');
  return plain === '' ? 'pages' : `pages-${plain}`;
};
