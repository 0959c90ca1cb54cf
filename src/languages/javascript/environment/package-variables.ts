import { nodesOf, propertyName, unwrap } from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isEnvironment } from './reads.ts';

const prefix = 'npm_package_';

/**
 * The variables that a package manager sets for a script from package.json (https://docs.npmjs.com/cli/using-npm/scripts#packagejson-vars), as far
 * as the app reads them and package.json has a text for them: `npm_package_version`, `npm_package_config_banner`. undefined: none.
 */
export function readPackageVariables(context: AnalysisContext): Readonly<Record<string, string>> | undefined {
  const { manifest } = context.app;
  if (!manifest) return undefined;
  const names = context.modules.sources.flatMap((source) =>
    nodesOf(source.program, 'MemberExpression').flatMap((node) => {
      const name = propertyName(source, node);
      return name?.startsWith(prefix) && isEnvironment(context, source, unwrap(node.object)) ? [name] : [];
    }),
  );
  const found = [...new Set(names)].sort().flatMap((name) => {
    const value = textAt(manifest.at([]), name.slice(prefix.length));
    return value === undefined || /[$\n]/.test(value) ? [] : [[name, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The text that a name with underscores leads to: keys are joined by them, and may have some of their own. */
function textAt(table: unknown, rest: string): string | undefined {
  if (typeof table !== 'object' || table === null) return undefined;
  for (const [key, value] of Object.entries(table)) {
    const word = key.replaceAll(/\W/g, '_');
    if (word === rest && ['string', 'number', 'boolean'].includes(typeof value)) return String(value);
    const inner = rest.startsWith(`${word}_`) ? textAt(value, rest.slice(word.length + 1)) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
