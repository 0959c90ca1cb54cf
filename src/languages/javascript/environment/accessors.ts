import {
  memberPath,
  type Node,
  nodesOf,
  propertyName,
  type Source,
  stringValue,
  unwrap,
} from '../../../formats/source/index.ts';
import { ofService } from '../evaluate/config-service.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { functionOf, textOf, trace } from '../evaluate/trace.ts';
import type { AccessorCall, FunctionNode, Shape } from '../evaluate/types.ts';
import { isDemanding, missingOf, readShape } from './accessor-shapes.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/**
 * Adds to a context the knowledge of functions such as `const env = (name, fallback) => process.env[name] ?? fallback`: found by what
 * their bodies do, whatever they are called.
 */
export function withAccessors(context: AnalysisContext): AnalysisContext {
  const shapes = new WeakMap<FunctionNode, Shape | false>();
  const shapeOfCall = (source: Source, call: Call): Shape | undefined => {
    const target = functionOf(context, source, call);
    if (!target) return undefined;
    const known = shapes.get(target.node);
    if (known !== undefined) return known || undefined;
    // a function that calls itself is asked for while it is read
    shapes.set(target.node, false);
    const made = readShape(context, target.source, target.node, shapeOfCall);
    shapes.set(target.node, made ?? false);
    return made;
  };
  return {
    ...context,
    accessorShape: shapeOfCall,
    accessorCall: (source, call) => {
      const shape = shapeOfCall(source, call);
      const text = (node: Node) => textOf(context, source, node);
      return (
        (shape && toCall(context, source, call, shape, text)) ??
        ofChain(source, call) ??
        ofRead(context, source, call) ??
        ofPackage(context, source, call) ??
        (isOwnTable(context, source, call) ? undefined : ofService(source, call, text))
      );
    },
  };
}

/** Whether a call runs a function of the project that hands nothing on: what `config.get('LOG')` gives there is a part of its own settings. */
function isOwnTable(context: AnalysisContext, source: Source, call: Call): boolean {
  const target = functionOf(context, source, call);
  return (
    target !== undefined &&
    !nodesOf(target.node, 'CallExpression').some(({ callee }) =>
      memberPath(callee)?.split('.').at(-1)?.startsWith('get'),
    )
  );
}

/** The library env-var: `env.get('PORT').default('3000').asPortNumber()`, `env.get('TOKEN').required().asString()`. */
function ofChain(source: Source, call: Call): AccessorCall | undefined {
  let required = false;
  let fallback: Node | undefined;
  for (let at: Node = call; at.type === 'CallExpression'; ) {
    const callee = unwrap(at.callee);
    if (callee.type !== 'MemberExpression') return undefined;
    const method = propertyName(source, callee);
    const [first] = at.arguments;
    const object = unwrap(callee.object);
    if (method === 'get' && object.type === 'Identifier') {
      const { name: local } = object;
      const fromLibrary = source.imports.some(
        (imported) => imported.specifier === 'env-var' && imported.names.some((name) => name.local === local),
      );
      const name = fromLibrary && first ? stringValue(source, first) : undefined;
      return name === undefined
        ? undefined
        : { name, required: required && !fallback, ...(fallback ? { fallback } : {}) };
    }
    if (method === 'required') required = true;
    if (method === 'default') fallback = first;
    at = object;
  }
  return undefined;
}

/** What functions of packages are called that read one variable: `getIntValueFromEnv('PORT', 3000)`, `requireEnv('TOKEN')`, `env('HOST')`. */
const readers = /^(get|read|require|must)\w*env(ironment)?(var(iable)?)?$|fromenv(ironment)?$|^env(var(iable)?)?$/i;
/** Packages that are such a function, or an object of them. */
const readingPackages = new Set(['getenv']);

/** A variable that a function of a package reads by its name, which is written in capitals; whether it is demanded only the package knows. */
function ofPackage(context: AnalysisContext, source: Source, call: Call): AccessorCall | undefined {
  const [first, fallback] = call.arguments;
  const name = first && stringValue(source, first);
  if (name === undefined || !/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name) || name.length < 2) return undefined;
  const [local = '', ...members] = (memberPath(call.callee) ?? '').split('.');
  const imported = source.imports.find((imported) => imported.names.some((each) => each.local === local));
  if (!imported || context.modules.resolve(source.file, imported.specifier) !== undefined) return undefined;
  const isReader = readingPackages.has(imported.specifier) || readers.test(members.at(-1) ?? local);
  if (!isReader || imported.specifier.startsWith('.')) return undefined;
  const given = fallback && !/Object|Function/.test(unwrap(fallback).type) ? { fallback } : {};
  return { name, required: readingPackages.has(imported.specifier) && !fallback, ...given };
}

/** What a package has read through a schema, asked by name: `env.get('DB_HOST')`, `env.get('PORT', 3333)`. */
function ofRead(context: AnalysisContext, source: Source, call: Call): AccessorCall | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression' || propertyName(source, callee) !== 'get') return undefined;
  const [first, fallback] = call.arguments;
  const name = first && stringValue(source, first);
  if (name === undefined || unwrap(callee.object).type !== 'Identifier') return undefined;
  const read = trace(context, source, callee.object);
  if (read.kind !== 'schema') return undefined;
  // where the schema has names of its own, another one is none of a variable
  const field = read.fields.find((field) => (field.key ?? field.name) === name);
  if (field?.fields) return undefined;
  if (!field && read.fields.some(({ key }) => key !== undefined)) return undefined;
  return { name: field?.name ?? name, required: false, ...(fallback ? { fallback } : {}) };
}

function toCall(
  context: AnalysisContext,
  source: Source,
  call: Call,
  shape: Shape,
  text: (node: Node) => string | undefined,
): AccessorCall | undefined {
  const first = shape.many ? undefined : call.arguments[shape.name];
  const name = first && text(first);
  if (name === undefined) return undefined;
  const missing = missingOf(context, source, call, shape);
  const given = shape.fallback === undefined ? undefined : call.arguments[shape.fallback];
  // an object of options is no value: what stands in is inside of it, or nothing is
  const plain = given?.type === 'ObjectExpression' && missing ? undefined : given;
  const fallback = missing && missing.kind !== 'value' ? undefined : (missing?.value ?? plain);
  return { name, required: isDemanding(context, source, call, shape), ...(fallback ? { fallback } : {}) };
}
