import { isLoaderVariable } from '../../../catalog/loader-variables.ts';
import {
  commentAt,
  keyName,
  memberPath,
  type Node,
  propertyName,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Facts, Variable } from '../../../model/facts.ts';
import { inSource } from '../app.ts';
import { isUnnamed } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { ends } from '../evaluate/exits.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import type { SchemaField } from '../evaluate/types.ts';
import { chosenOnly } from './conditional-reads.ts';
import { demandedUses } from './demanded.ts';
import { listedUses } from './listed-names.ts';
import { usesOfConfig } from './node-config.ts';
import { isEnvironment } from './reads.ts';
import { contextOf, isDemanded } from './requiredness.ts';
import { fieldsBesidePlugin, schemaOf, schemaOfValue } from './schema.ts';
import { signInUses } from './sign-in.ts';
import type { VariableRead } from './variable-read.ts';

/** Variables of the runtime, the shell and the machine: nobody sets them for this app. */
const ofTheMachine = new Set(
  'NODE_ENV BUN_ENV CI HOME PATH PWD USER SHELL TERM TMPDIR TMP TEMP LANG LC_ALL NO_COLOR FORCE_COLOR VITEST JEST_WORKER_ID GITHUB_ACTIONS VITEST_WORKER_ID VITEST_POOL_ID pm_id'.split(
    ' ',
  ),
);
const isOfTheMachine = (name: string): boolean => ofTheMachine.has(name) || name.startsWith('npm_');

/** Whether a deployment may give a variable of this name a value of its user: every shell takes the name, it is none of the machine, and it loads no code. */
export const isSettable = (name: string): boolean =>
  isVariableName(name) && !isOfTheMachine(name) && !isLoaderVariable(name);

/** Every place in the reached sources that reads a variable; `loaders` are those that read one by which programs load code. */
export function readUses(context: AnalysisContext): {
  readonly uses: readonly VariableRead[];
  readonly loaders: readonly VariableRead[];
} {
  const all = context.modules.sources
    .flatMap((source) => usesIn(context, source))
    .filter((use) => /^[A-Za-z_]\w*$/.test(use.name) && !isOfTheMachine(use.name));
  return {
    uses: all.filter((use) => !isLoaderVariable(use.name)),
    loaders: all.filter((use) => isLoaderVariable(use.name)),
  };
}

/** What is said of a variable that the source reads and no deployment sets: once for each name, at the first place. */
export const loaderNotes = (loaders: readonly VariableRead[]): Facts['notes'] =>
  [...new Map([...loaders].reverse().map((use) => [use.name, use])).values()].reverse().map((use) => {
    const from = inSource(use.source, use.offset, `${use.name} is read`);
    const place = from.line === undefined ? use.source.file : `${use.source.file}:${from.line}`;
    return {
      code: 'loader-variable',
      message: `${place} reads ${use.name}. Programs find or load code through that variable, so it is never taken from a shell or written to a generated file: if the app needs a value, set it in the start command, or in your own Dockerfile or compose file`,
      from: [from],
    };
  });

function usesIn(context: AnalysisContext, source: Source): readonly VariableRead[] {
  const found: VariableRead[] = [...fieldsBesidePlugin(context, source).map(ofField), ...usesOfConfig(context, source)];
  const add = (uses: readonly VariableRead[], node: Node, ancestors: readonly Node[]): void => {
    const isNeeded = uses.some((use) => use.required && !use.demanded);
    const choice = isNeeded ? chosenOnly(context, source, [...ancestors, node]) : undefined;
    const chosen = (variableRead: VariableRead): VariableRead =>
      choice && variableRead.required
        ? { ...variableRead, required: false, ...(choice.flag === variableRead.name ? { optional: true } : { choice }) }
        : variableRead;
    found.push(...uses.map(chosen));
  };
  walk(source.program, (node, ancestors) => {
    if (/^TS(Type|Interface|Module)/.test(node.type) && node.type !== 'TSTypeAssertion') return false;
    switch (node.type) {
      case 'MemberExpression': {
        const name = isEnvironment(context, source, unwrap(node.object)) ? propertyName(source, node) : undefined;
        if (name !== undefined && !isOfBundler(node, name) && !isWritten(node, ancestors.at(-1)))
          add([ofMember(context, source, node, name, ancestors)], node, ancestors);
        if (name === undefined) found.push(...listedUses(context, source, node, ancestors));
        return undefined;
      }
      case 'IfStatement':
        found.push(...demandedUses(context, source, node, ancestors));
        return undefined;
      case 'SwitchStatement':
        found.push(...ofSwitch(context, source, node));
        return undefined;
      case 'BinaryExpression':
        found.push(...listedUses(context, source, node, ancestors));
        return undefined;
      case 'VariableDeclarator':
        if (node.id.type === 'ObjectPattern' && node.init && isEnvironment(context, source, unwrap(node.init))) {
          found.push(...ofPattern(context, source, node.id));
        }
        return undefined;
      case 'CallExpression':
        add(
          [...ofCall(context, source, node, ancestors), ...signInUses(context, source, node, ancestors)],
          node,
          ancestors,
        );
        return undefined;
      case 'NewExpression':
        found.push(...signInUses(context, source, node, ancestors));
        return undefined;
      default:
        return undefined;
    }
  });
  return found;
}

/** The values of a variable where any other ends the program: `switch (kind) { case 's3': …; default: throw … }`. */
function ofSwitch(
  context: AnalysisContext,
  source: Source,
  { discriminant, cases }: Extract<Node, { type: 'SwitchStatement' }>,
): readonly VariableRead[] {
  const rest = cases.find((caseNode) => caseNode.test === null);
  const texts = cases.flatMap((caseNode) => (caseNode.test ? [stringValue(source, caseNode.test)] : []));
  const values = texts.flatMap((text) => text ?? []);
  if (!rest?.consequent.some(ends) || values.length === 0 || values.length < texts.length) return [];
  const { variable } = resolveValue(context, source, discriminant);
  if (!variable) return [];
  return [{ name: variable.name, source, offset: discriminant.start, required: false, optional: false, values }];
}

function ofCall(
  context: AnalysisContext,
  source: Source,
  call: Extract<Node, { type: 'CallExpression' }>,
  ancestors: readonly Node[],
): readonly VariableRead[] {
  const helper = context.accessorCall?.(source, call);
  if (helper) {
    const value = helper.fallback && resolveValue(context, source, helper.fallback).value;
    const purpose = commentAt(source, call.start);
    return [
      {
        name: helper.name,
        source,
        offset: call.start,
        required: helper.required && !isUnnamed(context, ancestors),
        optional: !helper.required,
        ...(value === undefined ? {} : { default: value }),
        ...(purpose === undefined ? {} : { purpose }),
      },
    ];
  }
  const fields = schemaOf(context, source, call, 0);
  if (fields) return fields.flatMap(plain).map(ofField);
  const value = schemaOfValue(context, source, call);
  // a test of it elsewhere may go around the call
  return value ? [{ ...ofField(value), assumed: true }] : listedUses(context, source, call, ancestors);
}

/** The fields that are variables: those of the tables inside, not the tables. */
const plain = (field: SchemaField): readonly SchemaField[] => field.fields?.flatMap(plain) ?? [field];

const ofField = (field: SchemaField): VariableRead => ({
  name: field.name,
  source: field.source,
  offset: field.node.start,
  required: field.required,
  // the schema refuses what is not there, whatever is the default for it elsewhere
  ...(field.required ? { demanded: true } : {}),
  optional: !field.required,
  ...(field.default === undefined ? {} : { default: field.default }),
  ...(field.values ? { values: field.values } : {}),
  ...(field.purpose === undefined ? {} : { purpose: field.purpose }),
  ...(field.example === undefined ? {} : { example: field.example }),
  ...(field.form ? { form: field.form } : {}),
  ...(field.kind ? { kind: field.kind } : {}),
});

function ofPattern(
  context: AnalysisContext,
  source: Source,
  pattern: Extract<Node, { type: 'ObjectPattern' }>,
): readonly VariableRead[] {
  return pattern.properties.flatMap((property) => {
    const name = property.type === 'Property' ? keyName(property.key, property.computed) : undefined;
    if (property.type !== 'Property' || name === undefined) return [];
    const given = property.value.type === 'AssignmentPattern' ? property.value.right : undefined;
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    const value = given && resolveValue(context, source, given).value;
    const local = target.type === 'Identifier' ? target.name : undefined;
    const purpose = commentAt(source, property.start);
    const use = {
      required: !given && local !== undefined && isDemanded(source, local, property.start),
      optional: given !== undefined,
    };
    return [
      {
        name,
        source,
        offset: property.start,
        ...use,
        ...(value === undefined ? {} : { default: value }),
        ...(purpose === undefined ? {} : { purpose }),
      },
    ];
  });
}

function ofMember(
  context: AnalysisContext,
  source: Source,
  node: Node,
  name: string,
  ancestors: readonly Node[],
): VariableRead {
  const need = contextOf(context, source, node, ancestors);
  const statement = ancestors.findLast((ancestor) => /Statement$|Declaration$|^Property$/.test(ancestor.type));
  const purpose = (statement && commentAt(source, statement.start)) ?? commentAt(source, node.start);
  return { name, source, offset: node.start, ...need, ...(purpose === undefined ? {} : { purpose }) };
}

/** Names that bundlers put into `import.meta.env` themselves. */
const isOfBundler = (node: Extract<Node, { type: 'MemberExpression' }>, name: string): boolean =>
  ['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'].includes(name) && memberPath(node.object) === 'import.meta.env';

/** `process.env.X = …` and `delete process.env.X` read nothing. */
const isWritten = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === 'AssignmentExpression' && parent.left === node && parent.operator === '=') ||
  (parent?.type === 'UnaryExpression' && parent.operator === 'delete');

/** What Compose can pass on; `process.env.hasOwnProperty('X')` reads a method, no variable. */
export const isVariableName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !(name in Object.prototype);

/** What several places say of one variable, as one. */
export function mergeUses(
  uses: readonly VariableRead[],
): readonly (Omit<Variable, 'secret'> & { required: boolean })[] {
  const byName = new Map<string, VariableRead[]>();
  const needed = new Set(uses.flatMap((use) => (use.required ? [use.name] : [])));
  for (const use of uses) {
    // what is always there chooses nothing
    const isAlways = use.choice?.flag !== undefined && needed.has(use.choice.flag);
    const { choice: _, ...plain } = use;
    if (isVariableName(use.name))
      byName.set(use.name, [...(byName.get(use.name) ?? []), isAlways ? { ...plain, required: true } : use]);
  }
  return [...byName.values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const pick = <K extends 'default' | 'purpose' | 'example' | 'values' | 'form' | 'kind'>(
      key: K,
    ): VariableRead[K] | undefined => all.find((variableRead) => variableRead[key] !== undefined)?.[key];
    // what production demands has no default there
    const demanded =
      all.some((variableRead) => variableRead.demanded) && !all.some((variableRead) => variableRead.settles);
    const value = demanded ? undefined : pick('default');
    const values = pick('values');
    const example = pick('example');
    const form = pick('form');
    const kind = pick('kind');
    const tested = all.some((variableRead) => variableRead.optional);
    const required =
      value === undefined && all.some((variableRead) => variableRead.required && !(variableRead.assumed && tested));
    const when =
      required || value !== undefined ? undefined : all.find((variableRead) => variableRead.choice?.when)?.choice?.when;
    const purpose = pick('purpose') ?? (when && `needed when ${when}`);
    return [
      {
        name: first.name,
        required,
        ...(value === undefined ? {} : { default: value }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(example === undefined ? {} : { example }),
        ...(values ? { values: [...values] } : {}),
        ...(form ? { form } : {}),
        ...(kind ? { kind } : {}),
        from: evidenceOf(all),
      },
    ];
  });
}

function evidenceOf(uses: readonly VariableRead[]): Evidence[] {
  const seen = new Set<string>();
  return uses.flatMap((use) => {
    const standsIn = use.default === undefined ? '' : `, ${JSON.stringify(use.default)} is the default`;
    const why = use.demanded ? `the program exits without ${use.name}` : `${use.name} is read${standsIn}`;
    const evidence = inSource(use.source, use.offset, why);
    const key = `${evidence.file}:${evidence.line}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [evidence];
  });
}
