import { type AuthPackage, type AuthVariable, authClients, authPackages } from '../../../catalog/auth-packages.ts';
import { keyName, nodesOf, propertyName, type Source } from '../../../formats/source/index.ts';
import type { Dependency, Variable } from '../../../model/facts.ts';
import { leastOf } from '../../../model/range.ts';
import type { AnalysisContext } from '../evaluate/context.ts';

/** Bytes of a secret that sessions are signed with, as the tools of these packages make it. */
const form = { bytes: 32, encoding: 'base64' } as const;

/**
 * The variables of an app, with those that a package for signing in reads by itself: it needs them in production, whatever stands in for them elsewhere. An
 * option of the package that takes its value from elsewhere makes the variable needless.
 */
export function withAuthVariables(
  { modules }: AnalysisContext,
  dependencies: readonly Dependency[],
  variables: readonly Variable[],
): Variable[] {
  const all = new Map(variables.map((variable) => [variable.name, variable]));
  for (const entry of authPackages) {
    const dependency = dependencies.find((dependency) => isOf(entry, dependency));
    if (!dependency) continue;
    const sources = modules.sources.filter(({ imports }) =>
      imports.some(({ specifier }) => isOfPackage(specifier, dependency.name)),
    );
    if (sources.length === 0) continue;
    for (const variable of entry.variables) {
      if (sources.some((source) => isSaidElsewhere(source, variable))) continue;
      all.set(variable.name, needed(variable, all.get(variable.name), dependency));
    }
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const isOf = ({ packages, before, from }: AuthPackage, { name, range }: Dependency): boolean => {
  if (!packages.includes(name)) return false;
  // a name of the registry, such as `beta`, is of the newest
  const major = leastOf(range)?.major ?? Number.POSITIVE_INFINITY;
  return (before === undefined || major < before) && (from === undefined || major >= from);
};

/** Whether a module imports a package for a server: what asks one from a browser signs nothing. */
function isOfPackage(specifier: string, name: string): boolean {
  const part = specifier.slice(name.length + 1).split('/')[0] ?? '';
  return specifier === name || (specifier.startsWith(`${name}/`) && !authClients.includes(part));
}

/** Whether a module gives the package an option that has its value from elsewhere than the variable. */
const isSaidElsewhere = (source: Source, { name, option }: AuthVariable): boolean =>
  option !== undefined &&
  nodesOf(source.program, 'Property').some(
    ({ key, computed, value }) =>
      keyName(key, computed) === option &&
      !nodesOf(value, 'MemberExpression').some((member) => propertyName(source, member) === name),
  );

function needed(variable: AuthVariable, known: Variable | undefined, dependency: Dependency): Variable {
  const { default: _default, ...rest } = known ?? { name: variable.name, from: [] };
  return {
    ...rest,
    name: variable.name,
    required: true,
    secret: variable.secret,
    purpose: known?.purpose ?? variable.purpose,
    ...(variable.secret ? { form: known?.form ?? form } : { kind: 'url' as const }),
    from: [...rest.from, { ...dependency.from, why: `${dependency.name} reads ${variable.name}` }],
  };
}
