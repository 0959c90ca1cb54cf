import { type KeyedClient, keyedClients } from '../../../catalog/keyed-clients.ts';
import { keyName, type Node, nodesOf, propertyName, type Source } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Variable } from '../../../model/facts.ts';
import type { AnalysisContext } from '../evaluate/context.ts';

/**
 * The variables of an app, with the keys of clients that are not made without: those that a client reads by itself, and those that the source gives it.
 * Only what a module makes as soon as it is imported counts: a client of a function or a branch may never be made.
 */
export function withClientKeys({ modules }: AnalysisContext, variables: readonly Variable[]): Variable[] {
  const all = new Map(variables.map((variable) => [variable.name, variable]));
  for (const source of modules.sources)
    for (const { client, name: party, args, from } of madeAtOnce(source))
      for (const key of client.keys) {
        const name = variableOf(source, key, args, [...all.keys()]);
        const known = name === undefined ? undefined : all.get(name);
        if (name === undefined || known?.default !== undefined) continue;
        all.set(name, {
          ...(known ?? { name }),
          // another party hands it out: a value that is made up would look set
          external: known?.external ?? party,
          secret: true,
          required: true,
          from: [...(known?.from ?? []), from],
        });
      }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

type CreatedClient = {
  readonly client: KeyedClient;
  /** of the package */
  readonly name: string;
  readonly args: readonly Node[];
  readonly from: Evidence;
};

/** The clients that a module makes when it is imported. */
function madeAtOnce(source: Source): readonly CreatedClient[] {
  const locals = new Map<string, { readonly client: KeyedClient; readonly name: string }>();
  for (const { specifier, names } of source.imports) {
    const client = Object.hasOwn(keyedClients, specifier) ? keyedClients[specifier] : undefined;
    for (const { imported, local } of client ? names : [])
      if (client && (client.exported.includes(imported) || imported === '*'))
        locals.set(local, { client, name: specifier });
  }
  if (locals.size === 0) return [];
  return source.program.body.flatMap(valuesOf).flatMap((node): CreatedClient[] => {
    if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return [];
    const found = node.callee.type === 'Identifier' ? locals.get(node.callee.name) : undefined;
    if (!found || node.arguments.some(({ type }) => type === 'SpreadElement')) return [];
    const why = `${found.name} throws without a key`;
    return [{ ...found, args: node.arguments, from: { file: source.file, line: source.line(node.start), why } }];
  });
}

/** The values that a statement of a module gives at once. */
function valuesOf(statement: Node): readonly Node[] {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      return statement.declaration ? valuesOf(statement.declaration) : [];
    case 'ExportDefaultDeclaration':
      return [statement.declaration];
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ init }) => init ?? []);
    case 'ExpressionStatement':
      return statement.expression.type === 'AssignmentExpression'
        ? [statement.expression.right]
        : [statement.expression];
    default:
      return [];
  }
}

/** The variable that a client gets its key from; undefined: something else, or something that stands in for it. */
function variableOf(
  source: Source,
  { option, argument = 0, variable }: KeyedClient['keys'][number],
  args: readonly Node[],
  names: readonly string[],
): string | undefined {
  const given = args[argument];
  if (!given) return variable;
  let value: Node = given;
  if (option !== undefined) {
    if (given.type !== 'ObjectExpression' || given.properties.some(({ type }) => type !== 'Property')) return undefined;
    const found = given.properties.find(
      (property) => property.type === 'Property' && keyName(property.key, property.computed) === option,
    );
    if (found?.type !== 'Property') return variable;
    value = found.value;
  }
  if (nodesOf(value, 'LogicalExpression', 'ConditionalExpression').length > 0) return undefined;
  const read = new Set(
    nodesOf(value, 'MemberExpression')
      .flatMap((member) => propertyName(source, member) ?? [])
      .filter((name) => names.includes(name)),
  );
  const [only] = read;
  return read.size === 1 ? only : undefined;
}
