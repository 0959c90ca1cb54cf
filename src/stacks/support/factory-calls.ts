import { type Node, type Source, unwrap, walk } from '../../formats/source/index.ts';

/** How a framework's server objects are made: `new Name()` or `name()`, with names imported from its packages. */
export type Factory = {
  readonly packages: readonly string[];
  /** imported names; `default` also stands for what `require` gives */
  readonly names: readonly string[];
  readonly form: 'new' | 'call';
};

/** One place where a server object is made. */
export type FactoryCall = {
  /** the `new X()` or `x()` itself */
  readonly node: Node;
  /** the variable that holds it, and the statement that declares it */
  readonly variable?: { readonly name: string; readonly statement: Node };
};

/** The local names that stand for a factory in a file. */
const localNames = (source: Source, factory: Factory): ReadonlySet<string> =>
  new Set(
    source.imports
      .filter((imported) => !imported.typeOnly && factory.packages.includes(imported.specifier))
      .flatMap((imported) => imported.names)
      .filter(
        (name) => factory.names.includes(name.imported) || (name.imported === '*' && factory.names.includes('default')),
      )
      .map((name) => name.local),
  );

/** Every server object that a file makes, in the order of the text. */
export function factoryCallsIn(source: Source, factory: Factory): readonly FactoryCall[] {
  const names = localNames(source, factory);
  const found: FactoryCall[] = [];
  if (names.size === 0) return found;
  const type = factory.form === 'new' ? 'NewExpression' : 'CallExpression';
  walk(source.program, (node, ancestors) => {
    if (node.type !== type) return;
    const callee = unwrap(node.callee);
    if (callee.type !== 'Identifier' || !names.has(callee.name)) return;
    const variable = variableOf(node, ancestors);
    found.push({ node, ...(variable ? { variable } : {}) });
  });
  return found;
}

/** The declaration whose value starts with a node: `const app = new App().use(x)`. */
function variableOf(node: Node, ancestors: readonly Node[]): FactoryCall['variable'] {
  let inside: Node = node;
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const parent = ancestors[at];
    if (!parent) return undefined;
    if (parent.type === 'VariableDeclarator') {
      const declaration = ancestors[at - 1];
      const above = ancestors[at - 2];
      if (parent.id.type !== 'Identifier' || !declaration) return undefined;
      return { name: parent.id.name, statement: above?.type === 'ExportNamedDeclaration' ? above : declaration };
    }
    const chain =
      (parent.type === 'MemberExpression' && parent.object === inside) ||
      (parent.type === 'CallExpression' && parent.callee === inside) ||
      [
        'AwaitExpression',
        'TSAsExpression',
        'TSSatisfiesExpression',
        'TSNonNullExpression',
        'ParenthesizedExpression',
      ].includes(parent.type);
    if (!chain) return undefined;
    inside = parent;
  }
  return undefined;
}

/** The expression that a chain of calls starts from: `app` in `app.get('/').post('/')`. */
export function rootOf(node: Node): Node {
  let at = unwrap(node);
  for (;;) {
    if (at.type === 'CallExpression') at = unwrap(at.callee);
    else if (at.type === 'MemberExpression') at = unwrap(at.object);
    else if (at.type === 'AwaitExpression') at = unwrap(at.argument);
    else return at;
  }
}
