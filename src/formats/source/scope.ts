import type { BindingPattern } from 'oxc-parser';
import type { Expression, Node, Source } from './types.ts';
import { visitTypes } from './walk.ts';

/** What a name stands for where it is used. */
export type Binding = {
  readonly name: string;
  readonly kind: 'const' | 'variable' | 'parameter' | 'function' | 'class' | 'import' | 'enum';
  /** the declaring node: VariableDeclarator, function, class, import specifier … */
  readonly node: Node;
  /** the value it starts with, where the name is bound to it whole (no destructuring) */
  readonly init?: Expression;
  /** where it holds */
  readonly start: number;
  readonly end: number;
};

const tables = new WeakMap<Source, ReadonlyMap<string, readonly Binding[]>>();

/** The innermost declaration of `name` that holds at `offset`; undefined: a global, or not to be known. */
export function lookup(source: Source, name: string, offset: number): Binding | undefined {
  let best: Binding | undefined;
  for (const one of table(source).get(name) ?? []) {
    if (offset < one.start || offset > one.end) continue;
    if (!best || one.end - one.start < best.end - best.start) best = one;
  }
  return best;
}

/** Whether `name` at `offset` is the global of that name and not something the file declares. */
export const isGlobal = (source: Source, name: string, offset: number): boolean =>
  lookup(source, name, offset) === undefined;

function table(source: Source): ReadonlyMap<string, readonly Binding[]> {
  const known = tables.get(source);
  if (known) return known;
  const made = new Map<string, Binding[]>();
  const add = (binding: Binding): void => {
    const list = made.get(binding.name);
    if (list) list.push(binding);
    else made.set(binding.name, [binding]);
  };
  visitTypes(source.program, declaring, (node, ancestors) => declare(node, ancestors, add));
  tables.set(source, made);
  return made;
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const blocks = new Set([
  ...functions,
  'Program',
  'BlockStatement',
  'ForStatement',
  'ForOfStatement',
  'ForInStatement',
  'StaticBlock',
  'SwitchStatement',
  'TSModuleBlock',
]);

/** The types of nodes that declare names. */
const declaring = [
  'VariableDeclaration',
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassDeclaration',
  'TSEnumDeclaration',
  'CatchClause',
  'ImportSpecifier',
  'ImportDefaultSpecifier',
  'ImportNamespaceSpecifier',
] as const;

function declare(node: Node, ancestors: readonly Node[], add: (binding: Binding) => void): void {
  switch (node.type) {
    case 'VariableDeclaration': {
      const scope = innermost(
        ancestors,
        node.kind === 'var' ? (one) => functions.has(one.type) || one.type === 'Program' : undefined,
      );
      const kind = node.kind === 'const' ? 'const' : 'variable';
      for (const declarator of node.declarations) {
        for (const name of names(declarator.id)) {
          const whole = declarator.id.type === 'Identifier' && declarator.init !== null;
          add({ name, kind, node: declarator, ...(whole ? { init: declarator.init as Expression } : {}), ...scope });
        }
      }
      return;
    }
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const own = { start: node.start, end: node.end };
      if (node.id)
        add({
          name: node.id.name,
          kind: 'function',
          node,
          ...(node.type === 'FunctionDeclaration' ? innermost(ancestors) : own),
        });
      for (const parameter of node.params) {
        const pattern = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
        // `(source = defaults) => …`: what it is where a caller gives nothing
        const given =
          pattern.type === 'AssignmentPattern' && pattern.left.type === 'Identifier' ? { init: pattern.right } : {};
        for (const name of pattern.type === 'RestElement' ? names(pattern.argument) : names(pattern)) {
          add({ name, kind: 'parameter', node, ...given, ...own });
        }
      }
      return;
    }
    case 'ClassDeclaration':
      if (node.id) add({ name: node.id.name, kind: 'class', node, ...innermost(ancestors) });
      return;
    case 'TSEnumDeclaration':
      add({ name: node.id.name, kind: 'enum', node, ...innermost(ancestors) });
      return;
    case 'CatchClause':
      if (node.param)
        for (const name of names(node.param)) add({ name, kind: 'parameter', node, start: node.start, end: node.end });
      return;
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      add({ name: node.local.name, kind: 'import', node, ...innermost(ancestors) });
      return;
    default:
  }
}

function innermost(ancestors: readonly Node[], wanted?: (node: Node) => boolean): { start: number; end: number } {
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const one = ancestors[at];
    if (one && (wanted ? wanted(one) : blocks.has(one.type)))
      return { start: one.type === 'Program' ? 0 : one.start, end: one.end };
  }
  return { start: 0, end: Number.MAX_SAFE_INTEGER };
}

/** The names that a pattern binds. */
function names(pattern: BindingPattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return names(pattern.left);
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) =>
        one === null ? [] : one.type === 'RestElement' ? names(one.argument) : names(one),
      );
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => (one.type === 'RestElement' ? names(one.argument) : names(one.value)));
    default:
      return [];
  }
}
