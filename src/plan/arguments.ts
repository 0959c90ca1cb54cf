import { isLocalAddress } from '../catalog/own-addresses.ts';
import { isOnlyExample } from '../catalog/placeholders.ts';
import type { Variable } from '../model/facts.ts';
import type { EnvVar } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import type { Decide } from './decide.ts';
import { joined, type WithSettings } from './settings.ts';

/** Variables that the build writes into the code: whoever opens the page can read them. */
export const buildArguments = (recipe: Recipe, decide: Decide): PageValues => pageValues(recipe, decide, false);

/** Variables whose values are put into the files when the container starts: whoever opens the page can read them. */
export const startValues = (recipe: Recipe, decide: Decide): PageValues => pageValues(recipe, decide, true);

type PageValues = WithSettings<Readonly<Record<string, EnvVar>>>;

function pageValues({ build }: Recipe, decide: Decide, atStart: boolean): PageValues {
  const rows = build
    .flatMap(({ args }) => (args && (args.atStart ?? false) === atStart ? args.variables : []))
    .map((variable) => ({ name: variable.name, ...argumentOf(variable, decide, atStart) }));
  return {
    value: Object.fromEntries(rows.map(({ name, value }) => [name, value])),
    settings: joined(...rows.map(({ settings }) => settings)),
  };
}

function argumentOf(variable: Variable, decide: Decide, atStart: boolean): WithSettings<EnvVar> {
  const { name } = variable;
  // what only shows the form of a value would be in every page
  const isShown = variable.default === undefined && isOnlyExample(variable.example ?? '');
  const fallback = isShown ? undefined : (variable.default ?? variable.example);
  const purpose = `${variable.purpose ?? `read in ${variable.from[0]?.file ?? 'the source'}`}; ${atStart ? 'put into the page each time the container starts' : 'written into the page at build time'}, where everybody can read it`;
  const decision = atStart
    ? decide(`workloads.app.env.${name}`, {
        choice: 'set when the container starts',
        why: 'set in the configuration: the build gets a placeholder instead; never use it for a secret',
        by: 'config',
        from: variable.from,
      })
    : decide(`images.app.args.${name}`, {
        choice: 'a build argument',
        why: 'the build writes its value into the code: changing it needs a new build; never use it for a secret',
        from: variable.from,
      });
  const required = (variable.required || isShown) && fallback === undefined;
  const value = { required, ...(fallback === undefined ? {} : { default: fallback }) };
  // what stands in the source is its default in the build, too; a mark in its place has none
  const isOfSource = !atStart && variable.default !== undefined && !variable.given;
  const given = isOfSource ? { required } : value;
  return {
    value: { value: { from: 'user', variable: name, ...given }, secret: false, purpose, decision },
    settings: { [name]: { purpose, secret: false, ...value, ...hintOf(variable, fallback), decision } },
  };
}

function hintOf({ values, external }: Variable, fallback: string | undefined): { hint?: string } {
  if (values) return { hint: `one of ${values.join(', ')}` };
  if (isLocalAddress(fallback ?? ''))
    return { hint: 'its default is the machine that opens the page: set it before you build for others' };
  return external === undefined ? {} : { hint: 'an address, such as https://api.example.com' };
}
