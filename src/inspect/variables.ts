import {
  commentAt,
  keyName,
  literalValue,
  lookup,
  memberPath,
  type Node,
  propertyName,
  type Source,
  unwrap,
  walk,
} from '../formats/source/index.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Variable } from '../model/facts.ts';
import { inSource } from './app.ts';
import { isEnvironment } from './environment.ts';
import { exits } from './helpers.ts';
import type { Reader } from './reader.ts';
import { readingOf } from './reading.ts';
import { type SchemaField, schemaOf } from './schema.ts';

/** One place that reads a variable. */
export type Use = {
  readonly name: string;
  readonly source: Source;
  readonly offset: number;
  readonly required: boolean;
  /** it is used as if it were set, and nothing says that it must be: a test of it elsewhere takes that back */
  readonly assumed?: boolean;
  /** it is only looked at whether it is set: the app goes on without it */
  readonly optional: boolean;
  readonly default?: string;
  readonly values?: readonly string[];
  readonly purpose?: string;
  readonly example?: string;
};

/** Variables of the runtime, the shell and the machine: nobody sets them for this app. */
const ofTheMachine = new Set(
  'NODE_ENV BUN_ENV CI HOME PATH PWD USER SHELL TERM TMPDIR TMP TEMP LANG LC_ALL NODE_OPTIONS NO_COLOR FORCE_COLOR VITEST JEST_WORKER_ID GITHUB_ACTIONS'.split(
    ' ',
  ),
);
export const isOfTheMachine = (name: string): boolean => ofTheMachine.has(name) || name.startsWith('npm_');

/** Every place in the reached sources that reads a variable. */
export function readUses(reader: Reader): readonly Use[] {
  return reader.modules.sources
    .flatMap((source) => usesIn(reader, source))
    .filter((one) => /^[A-Za-z_]\w*$/.test(one.name) && !isOfTheMachine(one.name));
}

function usesIn(reader: Reader, source: Source): readonly Use[] {
  const found: Use[] = [];
  walk(source.program, (node, ancestors) => {
    if (/^TS(Type|Interface|Module)/.test(node.type) && node.type !== 'TSTypeAssertion') return false;
    switch (node.type) {
      case 'MemberExpression': {
        const name = isEnvironment(reader, source, unwrap(node.object)) ? propertyName(source, node) : undefined;
        if (name !== undefined && !isOfBundler(node, name) && !isWritten(node, ancestors.at(-1)))
          found.push(ofMember(reader, source, node, name, ancestors));
        return undefined;
      }
      case 'VariableDeclarator':
        if (node.id.type === 'ObjectPattern' && node.init && isEnvironment(reader, source, unwrap(node.init))) {
          found.push(...ofPattern(reader, source, node.id));
        }
        return undefined;
      case 'CallExpression':
        found.push(...ofCall(reader, source, node));
        return undefined;
      default:
        return undefined;
    }
  });
  return found;
}

function ofCall(reader: Reader, source: Source, call: Extract<Node, { type: 'CallExpression' }>): readonly Use[] {
  const helper = reader.helpers?.(source, call);
  if (helper) {
    const value = helper.fallback && readingOf(reader, source, helper.fallback).value;
    const purpose = commentAt(source, call.start);
    return [
      {
        name: helper.name,
        source,
        offset: call.start,
        required: helper.required,
        optional: !helper.required,
        ...(value === undefined ? {} : { default: value }),
        ...(purpose === undefined ? {} : { purpose }),
      },
    ];
  }
  return (schemaOf(reader, source, call, 0) ?? []).map(ofField);
}

const ofField = (field: SchemaField): Use => ({
  name: field.name,
  source: field.source,
  offset: field.node.start,
  required: field.required,
  optional: !field.required,
  ...(field.default === undefined ? {} : { default: field.default }),
  ...(field.values ? { values: field.values } : {}),
  ...(field.purpose === undefined ? {} : { purpose: field.purpose }),
  ...(field.example === undefined ? {} : { example: field.example }),
});

function ofPattern(reader: Reader, source: Source, pattern: Extract<Node, { type: 'ObjectPattern' }>): readonly Use[] {
  return pattern.properties.flatMap((one) => {
    const name = one.type === 'Property' ? keyName(one.key, one.computed) : undefined;
    if (one.type !== 'Property' || name === undefined) return [];
    const given = one.value.type === 'AssignmentPattern' ? one.value.right : undefined;
    const target = one.value.type === 'AssignmentPattern' ? one.value.left : one.value;
    const value = given && readingOf(reader, source, given).value;
    const local = target.type === 'Identifier' ? target.name : undefined;
    const purpose = commentAt(source, one.start);
    const use = {
      required: !given && local !== undefined && isDemanded(source, local, one.start),
      optional: given !== undefined,
    };
    return [
      {
        name,
        source,
        offset: one.start,
        ...use,
        ...(value === undefined ? {} : { default: value }),
        ...(purpose === undefined ? {} : { purpose }),
      },
    ];
  });
}

function ofMember(reader: Reader, source: Source, node: Node, name: string, ancestors: readonly Node[]): Use {
  const context = contextOf(reader, source, node, ancestors);
  const statement = ancestors.findLast((one) => /Statement$|Declaration$|^Property$/.test(one.type));
  const purpose = (statement && commentAt(source, statement.start)) ?? commentAt(source, node.start);
  return { name, source, offset: node.start, ...context, ...(purpose === undefined ? {} : { purpose }) };
}

/** Names that bundlers put into `import.meta.env` themselves. */
const isOfBundler = (node: Extract<Node, { type: 'MemberExpression' }>, name: string): boolean =>
  ['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'].includes(name) && memberPath(node.object) === 'import.meta.env';

/** `process.env.X = …` and `delete process.env.X` read nothing. */
const isWritten = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === 'AssignmentExpression' && parent.left === node && parent.operator === '=') ||
  (parent?.type === 'UnaryExpression' && parent.operator === 'delete');

type Context = { required: boolean; optional: boolean; assumed?: boolean; default?: string };

/** What is around `process.env.X`: a default, a test, an end of the program when it is missing, or nothing. */
function contextOf(reader: Reader, source: Source, node: Node, ancestors: readonly Node[]): Context {
  // `as string` says that it must be there, unless what stands around it says otherwise: `(x as string) ?? 'y'`
  let neutral: Context = { required: false, optional: false };
  let mayBeMissing = false;
  let inner = node;
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const outer = ancestors[at];
    if (!outer) break;
    if (
      outer.type === 'TSNonNullExpression' ||
      (outer.type === 'TSAsExpression' && outer.typeAnnotation.type === 'TSStringKeyword')
    ) {
      if (!mayBeMissing) neutral = { required: true, optional: false };
    } else if (outer.type === 'MemberExpression' && outer.object === inner) {
      // `process.env.X.split(',')` throws where it is missing, `process.env.X?.split(',').map(f)` does not
      if (outer.optional) mayBeMissing = true;
      else if (!mayBeMissing) return assumed;
    } else if (!isTransparent(outer, inner)) {
      return judge(reader, source, outer, inner, ancestors.slice(0, at + 1)) ?? neutral;
    }
    inner = outer;
  }
  return neutral;
}

/** What only passes a value on: types, optional chains, conversions, calls of its own methods. */
function isTransparent(outer: Node, inner: Node): boolean {
  switch (outer.type) {
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'AwaitExpression':
      return true;
    case 'UnaryExpression':
      return outer.operator === '+';
    case 'CallExpression':
      return outer.callee === inner || isConversion(outer);
    default:
      return false;
  }
}

/** What the first thing around a variable that is no mere passing on makes of it; undefined: nothing. */
function judge(reader: Reader, source: Source, outer: Node, inner: Node, around: readonly Node[]): Context | undefined {
  const required = { required: true, optional: false };
  const optional = { required: false, optional: true };
  switch (outer.type) {
    case 'LogicalExpression':
      if (outer.operator === '&&' || outer.right === inner) return optional;
      return ends(outer.right) ? required : defaulted(readingOf(reader, source, outer.right).value);
    case 'ConditionalExpression':
      return outer.test === inner ? ofChoice(reader, source, outer) : optional;
    case 'AssignmentPattern':
      return defaulted(readingOf(reader, source, outer.right).value);
    case 'AssignmentExpression':
      // `process.env.X ??= 'y'`
      return outer.left === inner ? defaulted(readingOf(reader, source, outer.right).value) : undefined;
    case 'UnaryExpression':
      return outer.operator === '!' ? { required: guards(around), optional: false } : optional;
    case 'BinaryExpression':
      if (isMissingTest(outer)) return { required: guards(around), optional: false };
      return /^[=!]==?$|^in$/.test(outer.operator) ? optional : undefined;
    case 'IfStatement':
      return outer.test === inner ? optional : undefined;
    case 'TemplateLiteral':
    case 'NewExpression':
      return assumed;
    case 'CallExpression':
      return isAssertion(source, outer) ? required : undefined;
    case 'VariableDeclarator':
      return outer.id.type === 'Identifier' && isDemanded(source, outer.id.name, outer.start) ? required : undefined;
    default:
      return undefined;
  }
}

/** `X ? Number(X) : 3000` has a default; `X ? 'on' : 'off'` only asks whether it is set. */
function ofChoice(reader: Reader, source: Source, choice: Extract<Node, { type: 'ConditionalExpression' }>): Context {
  const text = (node: Node) => source.text.slice(node.start, node.end);
  const used = text(choice.consequent).includes(text(choice.test)) && isPlain(source, choice.alternate);
  return defaulted(used ? readingOf(reader, source, choice.alternate).value : undefined);
}

const assumed: Context = { required: true, optional: false, assumed: true };
const defaulted = (value: string | undefined): Context => ({
  required: false,
  optional: true,
  ...(value === undefined ? {} : { default: value }),
});
const isPlain = (source: Source, node: Node): boolean => literalValue(source, node) !== undefined;

const isConversion = (node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>): boolean =>
  node.type === 'CallExpression' &&
  ((node.callee.type === 'Identifier' &&
    ['Number', 'parseInt', 'parseFloat', 'String', 'Boolean'].includes(node.callee.name)) ||
    node.callee.type === 'MemberExpression');

function isAssertion(source: Source, call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : (propertyName(source, callee) ?? '');
  return /^(assert|invariant|ok)$/i.test(name);
}

const isMissingTest = (node: Extract<Node, { type: 'BinaryExpression' }>): boolean =>
  /^===?$/.test(node.operator) &&
  [node.left, node.right].some(
    (one) =>
      (one.type === 'Identifier' && one.name === 'undefined') ||
      (one.type === 'Literal' && (one.value === null || one.value === '')),
  );

/** Whether what follows a test ends the program: the innermost `if` around it throws or exits. */
function guards(ancestors: readonly Node[]): boolean {
  const around = ancestors.findLast((one) => one.type === 'IfStatement' || /Function/.test(one.type));
  return around?.type === 'IfStatement' && ends(around.consequent);
}

/** Whether running a node throws or exits, at its own level. */
function ends(node: Node): boolean {
  let found = false;
  walk(node, (one) => {
    if (one.type === 'ThrowStatement' || exits(one)) found = true;
    return !(one !== node && /^(FunctionDeclaration)$/.test(one.type));
  });
  return found;
}

/** Whether the file ends the program when a local name is not set: `if (!x) throw …`, `assert(x)`, `x!`. */
function isDemanded(source: Source, local: string, offset: number): boolean {
  const own = lookup(source, local, offset)?.node;
  let found = false;
  walk(source.program, (node, ancestors) => {
    if (found || node.type !== 'Identifier' || node.name !== local || node.start === offset) return;
    if (lookup(source, local, node.start)?.node !== own) return;
    const parent = ancestors.at(-1);
    if (parent?.type === 'TSNonNullExpression') found = true;
    else if (parent?.type === 'UnaryExpression' && parent.operator === '!') found = guards(ancestors);
    else if (parent?.type === 'BinaryExpression' && isMissingTest(parent)) found = guards(ancestors);
    else if (parent?.type === 'CallExpression' && parent.callee !== node) found = isAssertion(source, parent);
  });
  return found;
}

/** What several places say of one variable, as one. */
export function mergeUses(uses: readonly Use[]): readonly (Omit<Variable, 'secret'> & { required: boolean })[] {
  const byName = new Map<string, Use[]>();
  for (const use of uses) byName.set(use.name, [...(byName.get(use.name) ?? []), use]);
  return [...byName.values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const pick = <K extends 'default' | 'purpose' | 'example' | 'values'>(key: K): Use[K] | undefined =>
      all.find((one) => one[key] !== undefined)?.[key];
    const value = pick('default');
    const values = pick('values');
    const purpose = pick('purpose');
    const example = pick('example');
    const tested = all.some((one) => one.optional);
    const required = value === undefined && all.some((one) => one.required && !(one.assumed && tested));
    return [
      {
        name: first.name,
        required,
        ...(value === undefined ? {} : { default: value }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(example === undefined ? {} : { example }),
        ...(values ? { values: [...values] } : {}),
        from: evidenceOf(all),
      },
    ];
  });
}

function evidenceOf(uses: readonly Use[]): Evidence[] {
  const seen = new Set<string>();
  return uses.flatMap((one) => {
    const evidence = inSource(
      one.source,
      one.offset,
      `${one.name} is read${one.default === undefined ? '' : `, ${JSON.stringify(one.default)} stands in`}`,
    );
    const key = `${evidence.file}:${evidence.line}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [evidence];
  });
}
