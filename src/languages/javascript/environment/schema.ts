/**
 * Schemas that the variables are read through: zod, valibot, TypeBox, Joi, yup, envalid, envsafe and t3-env look alike enough to be read by
 * shape: an object of fields, each a chain or nest of calls.
 */
import {
  commentAt,
  keyName,
  memberPath,
  type Node,
  nodesOf,
  property,
  propertyName,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import { bare } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { functionNamed, trace } from '../evaluate/trace.ts';
import type { SchemaField } from '../evaluate/types.ts';
import { classMakers, fieldsOfClass } from './class-schema.ts';
import { ofTable } from './convict.ts';
import { calledName, describe, isOfPackage, options } from './schema-field.ts';
import { asGiven, givesEnvironment, variableIn } from './schema-given.ts';
import { forked, isOptionalAtFirst, withPresence } from './schema-presence.ts';
import { demandedBy } from './schema-refinements.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

const parsers = new Set([
  'parse',
  'safeParse',
  'parseAsync',
  'safeParseAsync',
  'assert',
  'Parse',
  'Decode',
  'Check',
  'cleanEnv',
  'makeValidator',
]);

/** The fields where a call reads the variables through a schema; undefined: it is no such call. */
export const schemaOf = (
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth: number,
): readonly SchemaField[] | undefined => readThrough(context, source, call, depth)?.flatMap(ofVariable);

/** No variable holds a table, but for one whose name is that of a variable, which is parsed; a table that the call is given by itself stays. */
function ofVariable(field: SchemaField): readonly SchemaField[] {
  const { fields, ...alone } = field;
  if (!fields || field.key !== undefined) return [field];
  return /^[A-Z][A-Z0-9_]*$/.test(field.name) ? [alone] : [];
}

function readThrough(
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth: number,
): readonly SchemaField[] | undefined {
  const callee = unwrap(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : propertyName(source, callee);
  if (name === undefined) return undefined;
  if (name === 'createEnv') return t3(context, source, call, depth);
  if (name === 'convict') return ofTable(context, source, call, depth);
  const byPackage = ofPackages(context, source, call, name, depth);
  if (byPackage) return byPackage;
  if (checkers.has(name)) return ofChecker(context, source, call, depth);
  if (name === 'forRoot') return ofModule(context, source, call, depth);
  const [first] = call.arguments;
  if (classMakers.has(name) && first)
    return givenTo(context, source, call, depth) && fieldsOfClass(context, source, first, depth);
  if (name === 'envsafe') return call.arguments[0] && fieldsOf(context, source, call.arguments[0], depth);
  if (name === 'create') return ofReader(context, source, call, depth);
  if (!parsers.has(name)) return ofWrapper(context, source, call, depth);
  const given = givenTo(context, source, call, depth);
  if (!given) return undefined;
  const schema = call.arguments.find((argument) => argument !== given);
  const object = schema ?? (callee.type === 'MemberExpression' ? callee.object : undefined);
  const fields = object && fieldsOf(context, source, object, depth);
  return fields && asGiven(context, source, fields, given, depth);
}

/** Methods of packages whose fields are optional unless they are required. */
const checkers = new Set(['validate', 'validateSync', 'validateAsync', 'attempt', 'cast']);

/** `schema.validate(process.env, options)` and `Joi.validate(process.env, schema)` of Joi and of yup. */
function ofChecker(
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth: number,
): readonly SchemaField[] | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const given = givenTo(context, source, call, depth);
  if (!given) return undefined;
  const others = call.arguments.filter((argument) => argument !== given);
  const [found] = [callee.object, ...others].flatMap((other) => {
    const fields = fieldsOf(context, source, other, depth) ?? [];
    return fields.length > 0 &&
      fields.every(({ node }) => node.type === 'Property' && node.value.type === 'CallExpression')
      ? [fields]
      : [];
  });
  const options = others.map((node) => ({ source, node }));
  return found && asGiven(context, source, withPresence(context, found, options, depth), given, depth);
}

/** `ConfigModule.forRoot({ validationSchema: Joi.object({ … }) })` of Nest, which reads the variables through it, or through a function `validate`. */
function ofModule(
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth: number,
): readonly SchemaField[] | undefined {
  const options = call.arguments[0] && trace(context, source, call.arguments[0], depth + 1);
  if (options?.kind !== 'syntax') return undefined;
  const schema = property(options.node, 'validationSchema');
  if (schema) {
    const fields = fieldsOf(context, options.source, schema, depth + 1);
    const settings = property(options.node, 'validationOptions');
    const given = settings ? [{ source: options.source, node: settings }] : [];
    return fields && withPresence(context, fields, given, depth);
  }
  const validate = property(options.node, 'validate');
  return validate && ofFunction(context, options.source, validate, depth + 1);
}

/** What a function reads the variables through that it is handed: `(config) => schema.parse(config)`, `plainToInstance(Environment, config)`. */
function ofFunction(
  context: AnalysisContext,
  source: Source,
  named: Node,
  depth: number,
): readonly SchemaField[] | undefined {
  const own = functionNamed(context, source, named, depth + 1);
  const given = own?.node.params[0] && bare(own.node.params[0]).name;
  if (!own?.node.body || given === undefined) return undefined;
  const isGiven = (node: Node) => unwrap(node).type === 'Identifier' && memberPath(node) === given;
  for (const call of nodesOf(own.node.body, 'CallExpression')) {
    const name = calledName(own.source, call) ?? '';
    if (!call.arguments.some(isGiven)) continue;
    const [first] = call.arguments;
    if (classMakers.has(name)) return first && fieldsOfClass(context, own.source, first, depth + 1);
    if (!parsers.has(name) && !checkers.has(name)) continue;
    const callee = unwrap(call.callee);
    const others = call.arguments.filter((argument) => !isGiven(argument));
    const places = [...(callee.type === 'MemberExpression' ? [callee.object] : []), ...others];
    const found = places.map((place) => fieldsOf(context, own.source, place, depth + 1) ?? []);
    const fields = found.find(({ length }) => length > 0);
    if (fields) return fields;
  }
  return undefined;
}

/**
 * How far from where the question came up a call of a package is still held for such a reader: calls whose arguments are made of calls
 * (`router({ a: x.a, b: x.b })`, link after link) would be followed more often with each link.
 */
const wrapped = 8;

/**
 * A package's own reader of the variables, which takes the schema: `zennv({ schema })` and `parseEnv(process.env, { PORT: z.number() })`.
 * Names in capitals show that the schema is of variables.
 */
function ofWrapper(
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth: number,
): readonly SchemaField[] | undefined {
  const callee = unwrap(call.callee);
  if (depth > wrapped || callee.type !== 'Identifier' || !isOfPackage(context, source, callee.name)) return undefined;
  const given = call.arguments.length > 1 ? givenTo(context, source, call, depth) : undefined;
  const named = call.arguments.flatMap((argument) => property(argument, 'schema') ?? []);
  for (const argument of [...named, ...(given ? call.arguments.filter((other) => other !== given) : [])]) {
    const fields = fieldsOf(context, source, argument, depth) ?? [];
    if (fields.length > 0 && fields.every((field) => /^[A-Z][A-Z0-9_]*$/.test(field.name))) return fields;
  }
  return undefined;
}

/** A package's object that reads the variables through a schema: `Env.create(new URL('../', import.meta.url), { PORT: Env.schema.number() })`. */
function ofReader(
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth: number,
): readonly SchemaField[] | undefined {
  const callee = unwrap(call.callee);
  const object = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
  if (object?.type !== 'Identifier' || !isOfPackage(context, source, object.name)) return undefined;
  const schema = call.arguments.map(unwrap).find((node) => node.type === 'ObjectExpression');
  const fields = schema ? (fieldsOf(context, source, schema, depth) ?? []) : [];
  const isOfVariables = ({ name, node }: SchemaField) =>
    /^[A-Z][A-Z0-9_]*$/.test(name) && node.type === 'Property' && unwrap(node.value).type === 'CallExpression';
  return fields.length > 0 && fields.every(isOfVariables) ? fields : undefined;
}

/** The argument that brings the variables. Follows every argument: to be asked of no call but one that may read a schema. */
const givenTo = (context: AnalysisContext, source: Source, call: Call, depth: number): Node | undefined =>
  call.arguments.find((argument) => givesEnvironment(context, source, argument, depth));

/** What the calls are named that a schema of one value begins with; `type('string')` is arktype's. */
const valueTypes = new Set(
  'string number int integer coerce url uri httpUrl email uuid boolean bool stringbool enum picklist literal union array json preprocess type String Number Integer Boolean Enum Literal Union Array'.split(
    ' ',
  ),
);
/** Of the calls that check a value, those that end with an error where it is missing. */
const lasting = new Set('parse parseAsync Parse Decode assert create attempt validateSync cast'.split(' '));

/** The variable that a call reads through a schema of its own: `z.string().parse(process.env.TOKEN)`, `v.parse(v.string(), process.env.TOKEN)`. */
export function schemaOfValue(context: AnalysisContext, source: Source, call: Call): SchemaField | undefined {
  const callee = unwrap(call.callee);
  if (!lasting.has(calledName(source, call) ?? '') || call.arguments.length > 3) return undefined;
  for (const [at, given] of call.arguments.entries()) {
    const schemas = [
      ...(callee.type === 'MemberExpression' && at === 0 ? [callee.object] : []),
      ...call.arguments.slice(0, 2).filter((argument) => argument !== given),
    ];
    const schema = schemas.find((schema) => isOfValue(context, source, schema));
    const found = schema && variableIn(context, source, given, 0);
    if (!schema || !found) continue;
    const { optional, needed, ...said } = describe(context, source, schema, 0);
    const demanded = isOptionalAtFirst(context, source, schema) ? needed === true : !optional;
    const required = demanded && found.required && said.default === undefined;
    return { ...said, name: found.name, source, node: call, required };
  }
  return undefined;
}

/** Whether an expression is a schema of one value: a chain that begins with a package, and names a type. */
function isOfValue(context: AnalysisContext, source: Source, start: Node): boolean {
  const target = trace(context, source, start, 1);
  if (target.kind !== 'syntax' || target.node.type !== 'CallExpression') return false;
  const names: string[] = [];
  let at: Node = target.node;
  while (at.type === 'CallExpression' || at.type === 'MemberExpression') {
    if (at.type === 'MemberExpression') names.push(keyName(at.property, at.computed) ?? '');
    at = unwrap(at.type === 'CallExpression' ? at.callee : at.object);
  }
  if (at.type !== 'Identifier' || !isOfPackage(context, target.source, at.name)) return false;
  return [...names, at.name].some((name) => valueTypes.has(name));
}

/** `envSchema({ schema })` of env-schema, and `app.register(fastifyEnv, { schema })` of @fastify/env: a JSON schema, or one of TypeBox. */
function ofPackages(
  context: AnalysisContext,
  source: Source,
  call: Call,
  name: string,
  depth: number,
): readonly SchemaField[] | undefined {
  const of = (local: string, modules: ReadonlySet<string>) =>
    source.imports.some(
      (imported) => modules.has(imported.specifier) && imported.names.some((each) => each.local === local),
    );
  const [first, second] = call.arguments;
  const plugin = first?.type === 'Identifier' && of(first.name, plugins);
  const given = of(name, readers) ? first : name === 'register' && plugin ? second : undefined;
  return given && ofPluginOptions(context, source, given, depth);
}

/** Packages that check the variables by a JSON schema, as a function and as a plugin; the latter's name until 2021, too. */
const readers: ReadonlySet<string> = new Set(['env-schema']);
const plugins: ReadonlySet<string> = new Set(['@fastify/env', 'fastify-env']);

function ofPluginOptions(
  context: AnalysisContext,
  source: Source,
  given: Node,
  depth: number,
): readonly SchemaField[] | undefined {
  const options = trace(context, source, given, depth + 1);
  if (options.kind !== 'syntax') return undefined;
  const object = options.node.type === 'ArrowFunctionExpression' ? unwrap(options.node.body) : options.node;
  const schema = property(object, 'schema');
  return schema && fieldsOf(context, options.source, schema, depth + 1);
}

/** The fields of such a plugin that is a file of a folder of plugins, and has its options beside it: `export const autoConfig = { schema }`, `export default env`. */
export function fieldsBesidePlugin(context: AnalysisContext, source: Source): readonly SchemaField[] {
  if (!source.imports.some((imported) => plugins.has(imported.specifier))) return [];
  const declared = nodesOf(source.program, 'VariableDeclarator').flatMap(({ id, init }) =>
    id.type === 'Identifier' && id.name === 'autoConfig' && init ? [init] : [],
  );
  const assigned = nodesOf(source.program, 'AssignmentExpression').flatMap(({ left, right }) =>
    /^(module\.)?exports\.autoConfig$/.test(memberPath(left) ?? '') ? [right] : [],
  );
  const [options] = [...declared, ...assigned];
  return (options && ofPluginOptions(context, source, options, 0)) ?? [];
}

/** The fields of a JSON schema: `{ type: 'object', required: ['TOKEN'], properties: { TOKEN: { type: 'string' } } }`. */
function ofJsonSchema(source: Source, properties: Node, object: Node): readonly SchemaField[] {
  const table = unwrap(properties);
  if (table.type !== 'ObjectExpression') return [];
  const list = property(object, 'required');
  const needed = new Set(
    list?.type === 'ArrayExpression'
      ? list.elements.flatMap((element) => (element?.type === 'Literal' ? [String(element.value)] : []))
      : [],
  );
  return table.properties.flatMap((item) => {
    const name = item.type === 'Property' ? keyName(item.key, item.computed) : undefined;
    if (item.type !== 'Property' || name === undefined) return [];
    const declaredOptions = options(source, item.value);
    const { optional: _optional, needed: _needed, ...rest } = declaredOptions;
    return [{ ...rest, name, source, node: item, required: needed.has(name) && declaredOptions.default === undefined }];
  });
}

/** t3-env: `createEnv({ server: {…}, client: {…}, shared: {…} })`. */
function t3(context: AnalysisContext, source: Source, call: Call, depth: number): readonly SchemaField[] | undefined {
  const options = call.arguments[0] && trace(context, source, call.arguments[0], depth + 1);
  if (options?.kind !== 'syntax') return undefined;
  const groups = ['server', 'client', 'shared'].flatMap((name) => property(options.node, name) ?? []);
  return groups.length === 0
    ? undefined
    : groups.flatMap((group) => fieldsOf(context, options.source, group, depth) ?? []);
}

/** The fields of an object schema, through `.extend()`, `.merge()`, `.partial()` and what only refines. */
function fieldsOf(
  context: AnalysisContext,
  source: Source,
  start: Node,
  depth: number,
): readonly SchemaField[] | undefined {
  if (depth > 30) return undefined;
  const target = trace(context, source, start, depth + 1);
  if (target.kind !== 'syntax') return undefined;
  const { node } = target;
  if (node.type === 'ObjectExpression') {
    const properties = property(node, 'properties');
    return properties && property(node, 'type')
      ? ofJsonSchema(target.source, properties, node)
      : listed(context, target.source, node, depth);
  }
  // `...base.shape`
  if (node.type === 'MemberExpression' && ownFields.has(keyName(node.property, node.computed) ?? ''))
    return fieldsOf(context, target.source, node.object, depth + 1);
  if (node.type !== 'CallExpression') return undefined;
  return ofCall(context, target.source, node, depth);
}

/** The members of a schema that are its table of fields: of zod and, by the other name, of valibot. */
const ownFields = new Set(['shape', 'entries']);

/** What is called that makes a schema of a table of fields. */
const tables = new Set(['object', 'strictObject', 'looseObject', 'Object']);
/** What is called that adds the fields of a table or of another schema. */
const additions = new Set(['extend', 'safeExtend', 'merge', 'and', 'keys', 'shape', 'append', 'concat']);

function ofCall(
  context: AnalysisContext,
  source: Source,
  node: Call,
  depth: number,
): readonly SchemaField[] | undefined {
  const name = calledName(source, node) ?? '';
  const [first, second] = node.arguments;
  const callee = unwrap(node.callee);
  const of = (item: Node | undefined) => item && fieldsOf(context, source, item, depth + 1);
  const base = () => (callee.type === 'MemberExpression' ? of(callee.object) : undefined);
  if (tables.has(name)) return of(first);
  if (additions.has(name)) return together(base() ?? [], of(first) ?? []);
  switch (name) {
    case 'intersection':
    case 'Intersect':
      return [first, second].flatMap((argument) => of(argument) ?? []);
    case 'partial':
    case 'pick':
    case 'omit':
    case 'required':
      return base()?.flatMap((field) => masked(name, field, first && namesOfTable(first)));
    case 'pipe':
      return base() ?? of(first);
    case 'superRefine':
    case 'check': {
      const demanded = first ? demandedBy(source, first) : [];
      return base()?.map((field) => (demanded.includes(field.name) ? { ...field, required: true } : field));
    }
    case 'fork':
    case 'requiredKeys':
    case 'optionalKeys': {
      const fork = forked(context, source, node, name, depth);
      return base()?.map((field) => ({ ...field, required: fork.get(field.name) ?? field.required }));
    }
    case 'options':
    case 'prefs':
    case 'preferences': {
      const fields = base();
      return fields && withPresence(context, fields, first ? [{ source, node: first }] : [], depth);
    }
    case 'preprocess':
      return of(second);
    default:
      return base();
  }
}

/** The names of a table that chooses fields: `{ HOST: true }`; undefined: it is no table. */
function namesOfTable(node: Node): readonly string[] | undefined {
  const table = unwrap(node);
  if (table.type !== 'ObjectExpression') return undefined;
  return table.properties.flatMap((item) => (item.type === 'Property' ? (keyName(item.key, item.computed) ?? []) : []));
}

/** What is left of a field by `.partial()`, `.partial({ HOST: true })`, `.pick({ … })`, `.omit({ … })`, `.required({ … })`. */
function masked(name: string, field: SchemaField, chosen: readonly string[] | undefined): readonly SchemaField[] {
  const isChosen = chosen?.includes(field.name) ?? false;
  if (name === 'partial') return isChosen || !chosen ? [{ ...field, required: false }] : [field];
  if (name === 'required') return isChosen ? [{ ...field, required: field.default === undefined }] : [field];
  return chosen && isChosen !== (name === 'pick') ? [] : [field];
}

/** The fields of two schemas: what the later one says of a name counts. */
const together = (before: readonly SchemaField[], after: readonly SchemaField[]): readonly SchemaField[] => [
  ...before.filter(({ name }) => after.every((schemaField) => schemaField.name !== name)),
  ...after,
];

/** The fields of a field that is a table of its own: `database: Joi.object({ host: … }).required()`; undefined: it is a value. */
function tableIn(
  context: AnalysisContext,
  source: Source,
  start: Node,
  depth: number,
): readonly SchemaField[] | undefined {
  const target = trace(context, source, start, depth + 1);
  if (target.kind !== 'syntax') return undefined;
  let at: Node = target.node;
  while (at.type === 'CallExpression') {
    const callee = unwrap(at.callee);
    const inner = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
    if (inner?.type !== 'CallExpression') break;
    at = inner;
  }
  const isTable = at.type === 'CallExpression' && tables.has(calledName(target.source, at) ?? '');
  if (!isTable && !isPlainTable(context, target.source, at)) return undefined;
  const fields = fieldsOf(context, target.source, target.node, depth + 1) ?? [];
  return fields.length > 0 ? fields : undefined;
}

/** Joi takes a table as it is for one of its own: `auth: { user: Joi.string().required() }`. */
const isPlainTable = (context: AnalysisContext, source: Source, node: Node): boolean =>
  node.type === 'ObjectExpression' &&
  node.properties.some((item) => item.type === 'Property' && isOptionalAtFirst(context, source, item.value));

function listed(
  context: AnalysisContext,
  source: Source,
  object: Extract<Node, { type: 'ObjectExpression' }>,
  depth: number,
): readonly SchemaField[] {
  return object.properties.flatMap((item) => {
    if (item.type === 'SpreadElement') return fieldsOf(context, source, item.argument, depth + 1) ?? [];
    const name = keyName(item.key, item.computed);
    if (name === undefined) return [];
    const description = describe(context, source, item.value, depth);
    const purpose = description.purpose ?? commentAt(source, item.start);
    const { optional, needed, ...rest } = description;
    const demanded = isOptionalAtFirst(context, source, item.value) ? needed === true : !optional;
    const fields = tableIn(context, source, item.value, depth);
    return [
      {
        ...rest,
        ...(fields ? { fields } : {}),
        name,
        source,
        node: item,
        required: demanded && rest.default === undefined,
        ...(purpose === undefined ? {} : { purpose }),
      },
    ];
  });
}
