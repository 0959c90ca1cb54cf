import { callOf, dottedName, type GoNode, nodesIn, stringOf } from '../../formats/go/index.ts';
import type { Variable } from '../../model/facts.ts';
import { type Assignment, type Evaluation, endsProgram, evaluate, merged } from './evaluate.ts';
import { inGo } from './program.ts';
import { textOf, type Value } from './value.ts';

/** A variable as the sources read it, before anything is known of what it is for. */
export type ReadVariable = Pick<Variable, 'name' | 'required' | 'default' | 'from'>;

type Seen = {
  readonly value: Value & { readonly is: 'variable' };
  readonly from: ReadVariable['from'];
  readonly required: boolean;
};

/** Every variable of the environment that the program reads, by name. */
export function readVariables(evaluation: Evaluation): readonly ReadVariable[] {
  const demanded = requiredNames(evaluation);
  const held = [...evaluation.given.values()]
    .flat()
    .flatMap((assignment) => heldBy(evaluation, assignment, demanded) ?? []);
  const alone = [...evaluation.calls.values()].flat().flatMap(({ node, file, fn }): Seen[] => {
    const value = evaluate(evaluation, node, { file, fn });
    return value?.is === 'variable'
      ? [{ value, from: [inGo(file, node, `it reads ${value.name}`)], required: value.required === true }]
      : [];
  });
  const tagged = [...evaluation.tagged.entries()].flatMap(([field, all]) =>
    all.map(
      ({ value, from }): Seen => ({
        value,
        from: [from],
        required: value.required === true || demanded.fields.has(field),
      }),
    ),
  );
  const names = [...new Set([...held, ...alone, ...tagged].map(({ value }) => value.name))].filter(isName).sort();
  return names.map((name) =>
    together(
      name,
      [...held, ...alone, ...tagged].filter(({ value }) => value.name === name),
    ),
  );
}

/** Names that a variable of the environment may have; others are computed in a way that is not understood. */
export const isName = (name: string): boolean => /^[A-Za-z0-9_]+$/.test(name);

function together(name: string, all: readonly Seen[]): ReadVariable {
  const fallback = all.map(({ value }) => textOf(value.fallback)).find((text) => text !== undefined && text !== '');
  const places = new Map(all.flatMap(({ from }) => from).map((item) => [`${item.file}:${item.line}`, item]));
  return {
    name,
    required: fallback === undefined && all.some(({ required }) => required),
    ...(fallback === undefined ? {} : { default: fallback }),
    from: [...places.values()],
  };
}

/** A variable that is kept under a name, with what else that name is given in the same function. */
function heldBy(evaluation: Evaluation, assignment: Assignment, demanded: RequiredNames): Seen | undefined {
  const { file, fn, name, at } = assignment;
  const scope = { file, fn };
  const own = evaluate(evaluation, assignment.value, scope);
  if (own?.is !== 'variable') return undefined;
  const beside = (evaluation.given.get(name) ?? []).filter(
    (other) => other !== assignment && other.fn === fn && fn !== undefined,
  );
  const others = beside
    .map((other) => evaluate(evaluation, other.value, scope))
    .filter((value) => value?.is !== 'variable');
  const value = merged([own, ...others]);
  if (value?.is !== 'variable') return undefined;
  const isField = at.type === 'TypedLiteral' || at.children[0]?.type === 'SelectorExpr';
  const required =
    value.required === true ||
    (isField && demanded.fields.has(name)) ||
    demanded.local.has(`${fn?.node.start ?? -1} ${file.file} ${name}`) ||
    (assignment.ok !== undefined && demanded.local.has(`${fn?.node.start ?? -1} ${file.file} ${assignment.ok}`));
  return { value, from: [inGo(file, assignment.value, `it reads ${own.name}`)], required };
}

type RequiredNames = { readonly fields: ReadonlySet<string>; readonly local: ReadonlySet<string> };

/** Names without whose values the program ends, or a function gives back an error: `if url == "" { log.Fatal("…") }`. */
function requiredNames({ program }: Evaluation): RequiredNames {
  const fields = new Set<string>();
  const local = new Set<string>();
  const functions = [...program.functions.values()].flat();
  for (const { node, file, body } of functions) {
    for (const test of body ? nodesIn(body, 'IfStatement') : []) {
      const block = test.children.find(({ type }) => type === 'Block');
      if (!block || !refuses(block)) continue;
      for (const name of emptyNames(test)) {
        local.add(`${node.start} ${file.file} ${name.split('.').at(-1)}`);
        if (name.includes('.')) fields.add(name.split('.').at(-1) ?? '');
      }
    }
  }
  return { fields, local };
}

/** What a condition finds empty or missing. */
const emptyNames = (test: GoNode): readonly string[] =>
  test.children
    .filter(({ type }) => type !== 'Block' && type !== 'IfStatement')
    .flatMap((condition) => nodesIn(condition, 'BinaryExp', 'UnaryExp'))
    .flatMap(({ type, children }) => {
      const [left, operator, right] = children;
      if (type === 'UnaryExp') return left?.text === '!' ? (dottedName(operator) ?? []) : [];
      const length = callOf(left)?.name === 'len' ? callOf(left)?.args[0] : undefined;
      const isEmpty =
        operator?.text === '==' && (stringOf(right) === '' || (length !== undefined && right?.text === '0'));
      return isEmpty ? (dottedName(length ?? left) ?? []) : [];
    });

const errors = new Set('errors.New fmt.Errorf errors.Errorf append'.split(' '));

/** Whether a block ends the program or reports an error. */
export const refuses = (block: GoNode): boolean =>
  endsProgram(block) || nodesIn(block, 'CallExpr').some((node) => errors.has(callOf(node)?.name ?? ''));
