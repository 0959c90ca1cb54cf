import { type Node, nodesOf, walk } from '../../../formats/source/index.ts';

/** `process.exit(1)` ends the program as surely as an error does. */
export const exits = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  node.callee.property.type === 'Identifier' &&
  node.callee.property.name === 'exit';

/** Whether running a node throws or exits, at its own level. */
export function ends(node: Node): boolean {
  let found = false;
  walk(node, (item) => {
    if (item.type === 'ThrowStatement' || exits(item)) found = true;
    return !(item !== node && /^(FunctionDeclaration)$/.test(item.type));
  });
  return found;
}

type Test = Extract<Node, { type: 'IfStatement' }>;

/** Whether what follows a test ends the program: at once, or behind it, on the list that it puts something into (`errors.push(…); … if (errors.length > 0) throw …`). */
export const endsProgram = (test: Test, ancestors: readonly Node[]): boolean =>
  ends(test.consequent) || endsLater(test, ancestors) || refuses(test, ancestors);

/** What a function is called that says whether the variables are all there. */
const validates = /^(is|has|are)?_?(valid|check|verif|ensure|assert|require)\w*(env|config|setting|variable|secret)/i;

/** Whether such a function says no behind a test: `validateEnv` gives back `false`, or `{ valid: false, message }`. */
function refuses(test: Test, ancestors: readonly Node[]): boolean {
  const at = ancestors.findLastIndex((ancestor) => /Function/.test(ancestor.type));
  const [own, outer] = [ancestors[at], ancestors[at - 1]];
  const id = own?.type === 'FunctionDeclaration' ? own.id : outer?.type === 'VariableDeclarator' ? outer.id : undefined;
  if (id?.type !== 'Identifier' || !validates.test(id.name)) return false;
  return nodesOf(test.consequent, 'ReturnStatement').some(({ argument }) =>
    argument?.type === 'ObjectExpression'
      ? argument.properties.some((property) => property.type === 'Property' && isFalse(property.value))
      : isFalse(argument),
  );
}

const isFalse = (node: Node | null | undefined): boolean => node?.type === 'Literal' && node.value === false;

function endsLater(test: Test, ancestors: readonly Node[]): boolean {
  const lists = new Set(nodesOf(test.consequent, 'CallExpression').flatMap((call) => listOfPush(call) ?? []));
  if (lists.size === 0) return false;
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const around = ancestors[at];
    if (around?.type === 'Program' || around?.type === 'BlockStatement') {
      const body: readonly Node[] = around.body;
      const behind = body.filter((node): node is Test => node.type === 'IfStatement' && node.start > test.end);
      if (behind.some((ifStatement) => ends(ifStatement.consequent) && mentions(ifStatement.test, lists))) return true;
    }
    if (around && /Function/.test(around.type)) return false;
  }
  return false;
}

/** The list that a call puts something into: `errors` of `errors.push('TOKEN is missing')`. */
function listOfPush({ callee }: Extract<Node, { type: 'CallExpression' }>): string | undefined {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
  return callee.property.type === 'Identifier' && callee.property.name === 'push' ? callee.object.name : undefined;
}

const mentions = (node: Node, names: ReadonlySet<string>): boolean =>
  nodesOf(node, 'Identifier').some(({ name }) => names.has(name));
