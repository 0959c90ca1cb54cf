import type { Variable } from '../model/facts.ts';
import type { EnvVar, Setting } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import type { Decide } from './decide.ts';

/** Variables that the build writes into the code: whoever opens the page can read them. */
export function buildArguments(
  { build }: Recipe,
  settings: Record<string, Setting>,
  decide: Decide,
): Record<string, EnvVar> {
  const args: Record<string, EnvVar> = {};
  for (const variable of build.flatMap((stage) => stage.args?.variables ?? [])) {
    const fallback = variable.default ?? variable.example;
    const purpose = `${variable.purpose ?? `read in ${variable.from[0]?.file ?? 'the source'}`}; written into the page when it is built, for everybody to read`;
    const decision = decide(`images.app.args.${variable.name}`, {
      choice: 'a build argument',
      why: 'the build writes its value into the code: another value is another build, and a secret must never be one',
      from: variable.from,
    });
    const required = variable.required && fallback === undefined;
    const value = { required, ...(fallback === undefined ? {} : { default: fallback }) };
    settings[variable.name] = { purpose, secret: false, ...value, ...hintOf(variable), decision };
    args[variable.name] = {
      value: { from: 'user', variable: variable.name, ...value },
      secret: false,
      purpose,
      decision,
    };
  }
  return args;
}

const hintOf = ({ values, external }: Variable): { hint?: string } => {
  if (values) return { hint: `one of ${values.join(', ')}` };
  return external === undefined ? {} : { hint: 'an address, such as https://api.example.com' };
};
