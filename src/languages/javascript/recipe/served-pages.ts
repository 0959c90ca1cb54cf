import type { Facts } from '../../../model/facts.ts';
import { type BuiltPages, detailsOf } from '../../../stacks/javascript.ts';
import type { RecipeContext } from './context.ts';

type BuildOutput = Pick<RecipeContext, 'facts' | 'output'>;

/** The pages that a server gives out and that are in no commit. */
export const pagesOf = ({ facts }: Pick<BuildOutput, 'facts'>): readonly BuiltPages[] => detailsOf(facts).pages ?? [];

/** Whether the package of the server builds the pages. */
export const isOwn = (facts: Facts, { facts: built }: BuiltPages): boolean =>
  built === undefined || built.root === facts.root;

/** Whether the build of the server makes the pages too: one script makes both. */
export const isOfBuild = ({ output, facts }: BuildOutput, page: BuiltPages): boolean =>
  isOwn(facts, page) &&
  output.kind === 'built' &&
  output.argv.join(' ') === (facts.commands.build?.value.argv ?? []).join(' ');

/** Variables that the build of the server writes into pages that it makes as well. */
export const pageVariables = (context: BuildOutput): Facts['variables'] =>
  pagesOf(context).flatMap((page) => (isOfBuild(context, page) ? (page.facts?.variables ?? []) : []));
