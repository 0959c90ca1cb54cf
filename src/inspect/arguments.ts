import { lookup, type Node, type Source, walk } from '../formats/source/index.ts';
import type { Reader } from './reader.ts';
import { functionOf } from './trace.ts';

/** A place in a source. */
export type Given = { readonly source: Source; readonly node: Node };

/** What the callers of a function of the project give for one of its parameters; empty where the name is no such parameter. */
export function givenFor(reader: Reader, source: Source, node: Node): readonly Given[] {
  if (node.type !== 'Identifier') return [];
  const binding = lookup(source, node.name, node.start);
  if (binding?.kind !== 'parameter' || !('params' in binding.node) || !Array.isArray(binding.node.params)) return [];
  const own = binding.node;
  const index = own.params.findIndex((one) => parameterName(one) === node.name);
  const name = index === -1 ? undefined : nameOfFunction(source, own);
  if (name === undefined) return [];
  const found: Given[] = [];
  for (const module of reader.modules.sources) {
    if (!module.text.includes(`${name}(`)) continue;
    walk(module.program, (one) => {
      if (one.type !== 'CallExpression' || one.callee.type !== 'Identifier' || one.callee.name !== name) return;
      const given = one.arguments[index];
      if (given && functionOf(reader, module, one)?.node === own) found.push({ source: module, node: given });
    });
  }
  return found;
}

function parameterName(node: Node): string | undefined {
  const target = node.type === 'AssignmentPattern' ? node.left : node;
  return target.type === 'Identifier' ? target.name : undefined;
}

/** The name that a function is declared with, or of the constant that holds it. */
function nameOfFunction(source: Source, node: Node): string | undefined {
  if (node.type === 'FunctionDeclaration') return node.id?.name;
  let name: string | undefined;
  walk(source.program, (one) => {
    if (one.type === 'VariableDeclarator' && one.init === node && one.id.type === 'Identifier') name = one.id.name;
    return name === undefined;
  });
  return name;
}
