import { scriptReader } from '../../../formats/shell/script.ts';
import type { Facts } from '../../../model/facts.ts';
import { evidenceOf } from '../../../model/known.ts';
import type { ApplicationRecipes, Recipe, RecipeOptions } from '../../../model/recipe.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { buildStage } from './build.ts';
import { completeStages } from './complete-stages.ts';
import { builtFrom, contextOf, installInputs, type RecipeContext, readsOf, unprovedOf } from './context.ts';
import { inContext } from './context-paths.ts';
import { developmentOf, preparedSteps } from './development.ts';
import { prepareForeign, runtimeIn } from './foreign.ts';
import { externalCheck, healthModule } from './health.ts';
import { offersOf } from './offers.ts';
import { builtSiblingsStage, modulesStage, preparingStages } from './packages.ts';
import { pagesNeeds, pagesStages } from './pages.ts';
import { productionOf } from './production.ts';
import { publicationOf } from './publication.ts';
import { schedulerText } from './scheduler.ts';
import { siteRecipe } from './site.ts';
import { loadStacks, type Stacks } from './stacks.ts';

/** What the stacks of an application give to plan with; undefined where its runtime is not known. */
export async function loadRecipes(facts: Facts): Promise<ApplicationRecipes | undefined> {
  const stacks = await loadStacks(facts);
  if (!stacks) return undefined;
  const { manager, framework } = stacks;
  await prepareForeign(facts);
  // the grammar of the shell is large, and only Dockerfiles of an author need it here
  const script = (facts.docker?.dockerfiles.length ?? 0) > 0 ? await scriptReader() : undefined;
  return {
    recipe: (changed, options) => recipeOf(changed, stacks, options),
    health: (changed, isTaken) => healthModule(changed, stacks, isTaken),
    externalCheck,
    ...(stacks.runtime.stubServer ? { stubServer: stacks.runtime.stubServer } : {}),
    inImage: (image) => runtimeIn(facts, stacks, image),
    ...(script ? { completeStages: (text, production) => completeStages(text, production, script) } : {}),
    ...(framework?.bindAllInterfaces ? { bindAllInterfaces: framework.bindAllInterfaces } : {}),
    offers: offersOf,
    publication: (changed, read) => publicationOf(changed, manager, read),
  };
}

/** Names that building makes again, whatever they are on this machine. */
const madeAnew = ['**/node_modules', 'dist', 'build'];

function recipeOf(facts: Facts, stacks: Stacks, options: RecipeOptions): Recipe {
  const context = contextOf(facts, stacks, options);
  const { manager, runtime } = stacks;
  const path = '/schedule.mjs';
  const common = {
    generate: preparedSteps(context),
    ...contextOnly(context),
    ignore: [
      ...madeAnew,
      // what is made beside the app is no part of its folder
      ...(facts.site && !facts.site.value.output.startsWith('../') ? [facts.site.value.output] : []),
      ...(stacks.site?.writes ?? []).filter((folder) => folder !== '.' && !folder.startsWith('node_modules/')),
      ...(stacks.fullStack?.made ?? []),
      ...(detailsOf(facts).pages ?? []).map(({ output }) => output),
      'coverage',
      // the compiler believes what an earlier build on this machine says of itself
      ...(detailsOf(facts).buildInfo ? ['**/*.tsbuildinfo'] : []),
    ],
    ...(manager?.stopsWithoutTokens && facts.tokens.length + (facts.credentialFiles ?? []).length > 0
      ? {
          requiredVariables: {
            program: manager.exec([])[0] ?? '',
            variables: facts.tokens.map((token) => token.variable),
          },
        }
      : {}),
    scheduler: { file: 'schedule.mjs', path, argv: runtime.run(path), print: schedulerText },
  };
  if (facts.site && options.shape === 'site')
    return {
      ...common,
      ...siteRecipe(context, facts.site),
      generate: context.workspace ? common.generate : [],
      platforms: [],
    };
  return { ...common, ...applicationRecipe(context) };
}

/**
 * What of the repository an application of a workspace is built from: an edit anywhere else builds nothing again, and no image gets it. Names that
 * building makes again are those of each folder.
 */
function contextOnly(context: RecipeContext): Pick<Recipe, 'only'> {
  const { workspace, folders } = context;
  if (!workspace || folders.own === '.') return {};
  const kept = [folders.own, ...workspace.siblings.map(({ folder }) => folder)].sort();
  return {
    only: {
      folders: kept,
      files: [...new Set([...installInputs(context), ...workspace.outside])]
        .filter((path) => !kept.some((folder) => path.startsWith(`${folder}/`)))
        .sort(),
    },
  };
}

/** A program of the application, on its runtime or with the runtime inside. */
function applicationRecipe(
  context: RecipeContext,
): Pick<Recipe, 'reason' | 'prepare' | 'build' | 'pack' | 'production' | 'development' | 'needs' | 'platforms'> {
  const { facts, base, output } = context;
  const prepare = preparingStages(context);
  const build = buildStage(context, prepare.at(-1)?.name ?? 'base');
  const pages = pagesStages(context, prepare);
  const modules = modulesStage(context);
  const siblings = builtSiblingsStage(context);
  const unproved = unprovedOf(context).map(({ value }) => value);
  const own = [...builtFrom(context), ...readsOf(context), ...unproved, ...pagesNeeds(context)].map((path) =>
    inContext(context, path),
  );
  const needs = [...new Set([...installInputs(context), ...own])].sort();
  return {
    reason: {
      choice: `${base.kind} base, ${output.kind === 'built' ? 'built' : 'run from source'}`,
      why: output.why,
      ...(facts.builder ? evidenceOf(facts.builder) : {}),
    },
    prepare,
    build: [...pages, ...(build ? [build] : [])],
    pack: [...(modules ? [modules] : []), ...(modules && siblings ? [siblings] : [])],
    production: productionOf(context),
    development: developmentOf(context),
    needs,
    platforms: output.kind === 'built' && output.compiled ? ['linux/amd64', 'linux/arm64'] : [],
  };
}
