import { posix } from 'node:path';
import { callOf, dottedName, fieldsOf, type GoFile, type GoNode, nodesIn, stringOf } from '../../formats/go/index.ts';
import { goViper, isOfModule } from '../../stacks/go.ts';
import type { GoFunction, GoProgram } from './program.ts';
import { type Settings, settingOf, variableBy, variableOf } from './setting-values.ts';
import { type Tagged, taggedFields } from './tags.ts';
import { textOf, type Value } from './value.ts';

/** A place where something is given a value: `a := b`, `x.Field = b`, `Type{Field: b}`. */
export type Assignment = {
  readonly name: string;
  readonly value: GoNode;
  readonly at: GoNode;
  readonly fn: GoFunction | undefined;
  readonly file: GoFile;
  /** what says beside it whether there is a value: `v, ok := os.LookupEnv("X")` */
  readonly ok?: string;
  /** it is a field: no variable of that name is given anything */
  readonly isField: boolean;
};

/** What evaluating needs of a program, made once. */
export type Evaluation = {
  readonly program: GoProgram;
  /** by the last name of what is given a value; parameters are not among them */
  readonly given: ReadonlyMap<string, readonly Assignment[]>;
  /** fields that a library fills in from the environment, by name */
  readonly tagged: ReadonlyMap<string, readonly Tagged[]>;
  readonly calls: ReadonlyMap<
    string,
    readonly { readonly node: GoNode; readonly file: GoFile; readonly fn: GoFunction | undefined }[]
  >;
  readonly known: Known;
  /** what files of settings say; absent while these are looked for */
  readonly settings?: Settings;
};

/** What is worked out already: each expression once for the parameters that its function is given, and each call once for its arguments. */
type Known = {
  readonly values: WeakMap<object, Map<GoNode, Value | undefined>>;
  readonly results: Map<string, Value | undefined>;
};

/** Where an expression stands, and what the parameters of its function are. */
export type Scope = {
  readonly file: GoFile;
  readonly fn: GoFunction | undefined;
  readonly bound?: ReadonlyMap<string, Value>;
};

/** Calls that give back what they are given, as far as a value goes. */
const transparent = new Set(
  'strconv.Atoi strconv.Itoa strconv.ParseInt strconv.ParseUint strconv.ParseBool strconv.FormatInt strconv.Quote strings.TrimSpace strings.Trim strings.TrimSuffix strings.TrimPrefix strings.TrimRight strings.TrimLeft strings.ToLower strings.ToUpper strings.Clone time.ParseDuration url.Parse url.QueryEscape os.ExpandEnv filepath.Clean path.Clean string int int64 uint16 uint int32 float64 netip.ParseAddrPort'.split(
    ' ',
  ),
);

/** Calls of package flag, whose default stands behind the name: `flag.String("addr", ":8080", "…")`. */
const flags = new Set('String Int Bool Duration Int64 Uint Uint64 Float64'.split(' '));

const readers = new Set(['os.Getenv', 'os.LookupEnv', 'syscall.Getenv']);

/** Expressions inside each other, those behind names counted three times; nobody writes deeper. */
const deepest = 150;
const deeperByCall = 15;
/** Calls with arguments that are followed into their functions in one program. */
const mostResults = 5000;

/** Prepares a program. */
export function evaluationOf(program: GoProgram): Evaluation {
  const given = new Map<string, Assignment[]>();
  const calls = new Map<string, { node: GoNode; file: GoFile; fn: GoFunction | undefined }[]>();
  for (const file of program.files) {
    const functions = [...program.functions.values()].flat().filter((fn) => fn.file === file);
    const inside = functionAt(functions);
    for (const assignment of givenIn(file, inside))
      given.set(assignment.name, [...(given.get(assignment.name) ?? []), assignment]);
    for (const node of nodesIn(file.root, 'CallExpr')) {
      const last = callOf(node)?.name.split('.').at(-1) ?? '';
      calls.set(last, [...(calls.get(last) ?? []), { node, file, fn: inside(node) }]);
    }
  }
  return {
    program,
    given,
    calls,
    tagged: taggedFields(program),
    known: { values: new WeakMap(), results: new Map() },
  };
}

/** The same program with what its files of settings say. */
export const withSettings = (evaluation: Evaluation, settings: Settings): Evaluation => ({
  ...evaluation,
  settings,
  tagged: taggedFields(evaluation.program, settings),
  known: { values: new WeakMap(), results: new Map() },
});

/** The function that a node stands in. */
function functionAt(functions: readonly GoFunction[]): (node: GoNode) => GoFunction | undefined {
  const sorted = [...functions].sort((a, b) => a.node.start - b.node.start);
  const ends = sorted.map(({ node }) => endOf(node));
  return (node) => {
    const at = sorted.findLastIndex((goFunction) => goFunction.node.start <= node.start);
    return at !== -1 && node.start <= (ends[at] ?? 0) ? sorted[at] : undefined;
  };
}

const endOf = (node: GoNode): number => {
  let last = node;
  while (last.children.length > 0) last = last.children.reduce((a, b) => (b.start >= a.start ? b : a));
  return last.start;
};

/** Every place of a file where something is given a value. */
function givenIn(file: GoFile, inside: (node: GoNode) => GoFunction | undefined): Assignment[] {
  const found: Assignment[] = [];
  const add = (target: GoNode | undefined, value: GoNode | undefined, at: GoNode, ok?: string): void => {
    const name =
      dottedName(target)?.split('.').at(-1) ?? (target?.type === 'SelectorExpr' ? target.children[1]?.text : undefined);
    const isField = target?.type === 'SelectorExpr';
    if (name && name !== '_' && value)
      found.push({ name, value, at, fn: inside(at), file, isField, ...(ok ? { ok } : {}) });
  };
  for (const node of nodesIn(
    file.root,
    'VarDecl',
    'VarSpec',
    'ConstSpec',
    'Assignment',
    'SendStatement',
    'TypedLiteral',
    'CallExpr',
  )) {
    if (node.type === 'TypedLiteral') {
      for (const [name, value] of fieldsOf(node))
        found.push({ name, value, at: node, fn: inside(node), file, isField: true });
      continue;
    }
    const call = callOf(node);
    if (call) {
      // flag.StringVar(&addr, "addr", ":8080", "…")
      const [target, , value] = call.args;
      if (call.name.startsWith('flag.') && call.name.endsWith('Var') && target?.type === 'UnaryExp')
        add(target.children[1], value, node);
      continue;
    }
    const at = node.children.findIndex(({ type }) => type === '=' || type === ':=' || type === '<-');
    if (at === -1) continue;
    const targets = node.children.slice(0, at).filter(({ type }) => !/Type$/.test(type) && type !== 'TypeName');
    const values = node.children.slice(at + 1);
    const ok = targets.length === 2 && values.length === 1 ? targets[1]?.text : undefined;
    targets.forEach((target, index) => {
      add(target, values.length === targets.length ? values[index] : index === 0 ? values[0] : undefined, node, ok);
    });
  }
  return found;
}

/** The first variable of a value. */
const variableIn = (value: Value): (Value & { readonly is: 'variable' }) | undefined => {
  if (value.is === 'variable') return value;
  return value.is === 'join' ? value.parts.map(variableIn).find((part) => part !== undefined) : undefined;
};

/** What several values of one thing come to together: a variable that is read, with the text that is there besides for its default. */
export function merged(values: readonly (Value | undefined)[]): Value | undefined {
  const known = values.filter((value) => value !== undefined);
  const variable = known.find((value) => value.is === 'variable');
  const text = known.findLast((value) => value.is === 'text' && value.text !== '');
  // an address that is put together of variables says more than the one that stands there until it is set
  const put = known.findLast((value) => value.is === 'join');
  if (!variable) return (put && (variableIn(put) || !text) ? put : text) ?? known[0];
  const required = known.some((value) => value.is === 'variable' && value.required);
  return {
    ...variable,
    ...(variable.fallback === undefined && text?.is === 'text' ? { fallback: text } : {}),
    ...(required ? { required: true as const } : {}),
  };
}

/** The value of an expression; undefined: the sources do not say it. */
export function evaluate(evaluation: Evaluation, node: GoNode | undefined, scope: Scope, depth = 0): Value | undefined {
  if (!node || depth > deepest) return undefined;
  const key = scope.bound ?? evaluation;
  const known = evaluation.known.values.get(key) ?? new Map<GoNode, Value | undefined>();
  evaluation.known.values.set(key, known);
  if (known.has(node)) return known.get(node);
  // what is given to itself says nothing: port = ":" + port
  known.set(node, undefined);
  const found = computed(evaluation, node, scope, depth);
  const value = found && isShort(found) ? found : undefined;
  known.set(node, value);
  return value;
}

function computed(evaluation: Evaluation, node: GoNode, scope: Scope, depth: number): Value | undefined {
  const again = (child: GoNode | undefined, inside = scope) => evaluate(evaluation, child, inside, depth + 1);
  switch (node.type) {
    case 'String':
      return { is: 'text', text: stringOf(node) ?? '' };
    case 'Number':
      return { is: 'text', text: node.text.replaceAll('_', '') };
    case 'ParenthesizedExpr':
    case 'ParenExpr':
      return again(node.children[0]);
    case 'UnaryExp':
      return again(node.children[1]);
    case 'BinaryExp': {
      const [left, operator, right] = node.children;
      if (operator?.text !== '+') return undefined;
      const parts = [again(left), again(right)];
      return parts.every((part) => part !== undefined) ? joined(parts as Value[]) : undefined;
    }
    case 'CallExpr':
      return callValue(evaluation, node, scope, depth);
    case 'VariableName':
    case 'SelectorExpr':
      return nameValue(evaluation, node, scope, depth);
    default:
      return undefined;
  }
}

/** Constants that are made of each other may come to any length; no setting has more characters, or more parts, than these. */
const LONGEST = 65_536;
const MOST_PARTS = 1_000;

const isShort = (value: Value): boolean =>
  value.is === 'text' ? value.text.length <= LONGEST : value.is !== 'join' || value.parts.length <= MOST_PARTS;

const joined = (parts: readonly Value[]): Value =>
  parts.every((part) => part.is === 'text')
    ? { is: 'text', text: parts.map((part) => (part.is === 'text' ? part.text : '')).join('') }
    : { is: 'join', parts: parts.flatMap((part) => (part.is === 'join' ? part.parts : [part])) };

function callValue(evaluation: Evaluation, node: GoNode, scope: Scope, depth: number): Value | undefined {
  const call = callOf(node);
  if (!call) return undefined;
  const value = (at: number) => evaluate(evaluation, call.args[at], scope, depth + 1);
  const { name } = call;
  if (readers.has(name)) {
    const read = value(0);
    return read?.is === 'text' && read.text !== '' ? { is: 'variable', name: read.text } : undefined;
  }
  // the folder that the program starts in, as paths are read from it
  if (name === 'os.Getwd') return { is: 'text', text: '.' };
  if (transparent.has(name)) return value(0);
  if (name === 'cmp.Or') return merged(call.args.map((_, at) => value(at)));
  if (name === 'fmt.Sprintf' || name === 'fmt.Sprint') return formatted(call.args.map((_, at) => value(at)));
  if (name === 'net.JoinHostPort') {
    const parts = [value(0) ?? { is: 'text' as const, text: '' }, { is: 'text' as const, text: ':' }, value(1)];
    return parts.every((part) => part !== undefined) ? joined(parts as Value[]) : undefined;
  }
  if (name === 'path.Join' || name === 'filepath.Join') return pathOf(call.args.map((_, at) => value(at)));
  const [before = '', last = ''] = name.includes('.')
    ? [name.slice(0, name.lastIndexOf('.')), name.split('.').at(-1)]
    : ['', name];
  if (before === 'flag' && flags.has(last)) return value(1);
  const setting = viperValue(evaluation, call.args.length === 1 ? value(0) : undefined, name, scope);
  if (setting) return setting;
  const functions = evaluation.program.functions.get(last) ?? [];
  const [own] = functions.filter((fn) => fn.parameters.length === call.args.length && isCallOf(before, scope.file, fn));
  return own
    ? resultOf(
        evaluation,
        own,
        call.args.map((_, at) => value(at)),
        depth,
      )
    : undefined;
}

/** `filepath.Join("configs", name)`: the parts between slashes. */
function pathOf(values: readonly (Value | undefined)[]): Value | undefined {
  if (values.length === 0 || values.some((part) => part === undefined)) return undefined;
  const parts = values as readonly Value[];
  return joined(parts.flatMap((part, at): Value[] => (at === 0 ? [part] : [{ is: 'text', text: '/' }, part])));
}

const viperReaders = new Set(
  'Get GetString GetInt GetInt32 GetInt64 GetUint GetUint16 GetUint32 GetUint64 GetBool GetDuration GetFloat64'.split(
    ' ',
  ),
);

/** `viper.GetString("server.port")`: a variable where viper reads one for the key, with what files of settings say for its default. */
function viperValue(
  { settings }: Evaluation,
  key: Value | undefined,
  name: string,
  { file }: Scope,
): Value | undefined {
  const last = name.split('.').at(-1) ?? '';
  const isViper = name.startsWith('viper.') || file.imports.some(({ path }) => isOfModule(path, goViper));
  if (!settings?.viper || key?.is !== 'text' || !viperReaders.has(last) || !isViper) return undefined;
  const text = settings.values.get(key.text.toLowerCase());
  const variable = variableOf(settings, key.text);
  const fallback = text === undefined ? {} : { fallback: { is: 'text' as const, text } };
  if (variable !== undefined) return { is: 'variable', name: variable, ...fallback };
  return fallback.fallback;
}

/** `fmt.Sprintf(":%d", port)`. */
function formatted(values: readonly (Value | undefined)[]): Value | undefined {
  const [format, ...rest] = values;
  if (format?.is !== 'text') return undefined;
  const parts: Value[] = [];
  let text = '';
  let next = 0;
  for (let at = 0; at < format.text.length; at += 1) {
    if (format.text[at] !== '%') {
      text += format.text[at];
      continue;
    }
    at += 1;
    const verb = format.text[at] ?? '';
    if (verb === '%') {
      text += '%';
      continue;
    }
    const value = rest[next];
    next += 1;
    if (!'sdvqt'.includes(verb) || value === undefined) return undefined;
    parts.push({ is: 'text', text }, value);
    text = '';
  }
  return joined([...parts, { is: 'text' as const, text }].filter((part) => part.is !== 'text' || part.text !== ''));
}

/** What a function of the program gives back first. */
function resultOf(
  evaluation: Evaluation,
  fn: GoFunction,
  args: readonly (Value | undefined)[],
  depth: number,
): Value | undefined {
  const { results } = evaluation.known;
  const key = `${fn.file.file} ${fn.node.start} ${JSON.stringify(args)}`;
  if (results.has(key) || results.size >= mostResults) return results.get(key);
  results.set(key, undefined);
  const value = returnedBy(evaluation, fn, args, depth + deeperByCall);
  results.set(key, value);
  return value;
}

function returnedBy(
  evaluation: Evaluation,
  fn: GoFunction,
  args: readonly (Value | undefined)[],
  depth: number,
): Value | undefined {
  if (!fn.body) return undefined;
  const bound = new Map(fn.parameters.flatMap((name, at): [string, Value][] => (args[at] ? [[name, args[at]]] : [])));
  const scope: Scope = { file: fn.file, fn, bound };
  const values = nodesIn(fn.body, 'ReturnStatement').map((node) =>
    evaluate(evaluation, node.children[1], scope, depth + 1),
  );
  const value = merged(values);
  return value?.is === 'variable' && value.fallback === undefined && endsProgram(fn.body)
    ? { ...value, required: true }
    : value;
}

const enders = new Set('log.Fatal log.Fatalf log.Fatalln panic os.Exit'.split(' '));

/** Whether a block ends the program: `log.Fatal`, `panic`, `os.Exit`. */
export const endsProgram = (node: GoNode): boolean =>
  nodesIn(node, 'CallExpr').some((item) => {
    const name = callOf(item)?.name ?? '';
    const last = name.split('.').at(-1) ?? '';
    return enders.has(name) || last === 'Fatal' || last === 'Fatalf' || last === 'Panic' || last === 'Panicf';
  });

/** Whether other packages see a name. */
const isExported = (name: string): boolean => name[0] !== name[0]?.toLowerCase();

/** Whether two files are of one package: they lie in one folder. */
const isOfPackage = (goFile: GoFile, other: GoFile): boolean =>
  posix.dirname(goFile.file) === posix.dirname(other.file);

/** Whether a call with something before its name calls a function: `Port(x)` of the same package, `httpserver.Port(x)` of that one, or a method. */
function isCallOf(before: string, from: GoFile, fn: GoFunction): boolean {
  if (before === '') return isOfPackage(from, fn.file);
  const imported = from.imports.find(
    ({ path, alias }) => alias === before || (!alias && nameOfPackage(path) === before),
  );
  return (
    !imported || nameOfPackage(imported.path) === posix.basename(posix.dirname(fn.file.file)) || fn.file.name === before
  );
}

/** What a package is called by its path, without a major version behind it. */
const nameOfPackage = (path: string): string => {
  const parts = path.split('/');
  const last = parts.at(-1) ?? '';
  return /^v\d+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last;
};

/** The calls of a function. */
export const callsTo = (evaluation: Evaluation, fn: GoFunction): NonNullable<ReturnType<Evaluation['calls']['get']>> =>
  (evaluation.calls.get(fn.name) ?? []).filter(({ node, file }) => {
    const name = callOf(node)?.name ?? '';
    return isCallOf(name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '', file, fn);
  });

/** What a name stands for; of a field that the sources give nothing, what files of settings say. */
function nameValue(evaluation: Evaluation, node: GoNode, scope: Scope, depth: number): Value | undefined {
  const value = givenValue(evaluation, node, scope, depth);
  const dotted = node.type === 'SelectorExpr' && evaluation.settings ? dottedName(node) : undefined;
  if (dotted === undefined || !evaluation.settings || textOf(value) !== undefined) return value;
  const found = settingOf(evaluation.settings, dotted);
  if (!found) return value;
  const fallback = { is: 'text' as const, text: found.text };
  if (value?.is === 'variable') return { ...value, fallback };
  const variable = variableBy(evaluation.settings.koanf, found.key);
  return value ?? (variable === undefined ? fallback : { is: 'variable', name: variable, fallback });
}

/** What a name is given: a parameter, a variable of the function or the package, a field that is given a value somewhere. */
function givenValue(evaluation: Evaluation, node: GoNode, scope: Scope, depth: number): Value | undefined {
  const name = node.type === 'SelectorExpr' ? (node.children[1]?.text ?? '') : node.text;
  if (node.type === 'VariableName' && scope.bound?.has(name)) return scope.bound.get(name);
  const all = evaluation.given.get(name) ?? [];
  const isLocal = node.type === 'VariableName';
  const inside = isLocal ? all.filter(({ fn, isField }) => !isField && fn !== undefined && fn === scope.fn) : [];
  const isPrivate = isLocal || !isExported(name);
  const near = isPrivate ? all.filter(({ file }) => isOfPackage(file, scope.file)) : all;
  const outside = isLocal ? near.filter(({ fn, isField }) => !isField && fn === undefined) : near;
  const places = inside.length > 0 ? inside : outside;
  if (places.length > 0) {
    const values = places.map((place) =>
      evaluate(evaluation, place.value, place.fn === scope.fn ? scope : { file: place.file, fn: place.fn }, depth + 3),
    );
    return isLocal ? merged(values) : ofFields(node, [...values, ...tagsOf(evaluation, name, typeOf(node, scope))]);
  }
  if (!isLocal && evaluation.tagged.has(name)) return ofFields(node, tagsOf(evaluation, name, typeOf(node, scope)));
  const at = isLocal ? (scope.fn?.parameters.indexOf(name) ?? -1) : -1;
  if (at === -1 || !scope.fn) return undefined;
  return merged(
    callsTo(evaluation, scope.fn).map((call) =>
      evaluate(evaluation, callOf(call.node)?.args[at], { file: call.file, fn: call.fn }, depth + 3),
    ),
  );
}

/** What fills in the fields of a name: those of the type, where it is known and has one. */
function tagsOf({ tagged }: Evaluation, name: string, type: string | undefined): readonly Value[] {
  const all = tagged.get(name) ?? [];
  const own = all.filter(({ owner }) => owner === type);
  return (own.length > 0 ? own : all).map(({ value }) => value);
}

/** The type of what a field is asked of, where that is a parameter: `API` for `cfg.Port` in `func Serve(cfg config.API)`. */
function typeOf({ type, children }: GoNode, { fn }: Scope): string | undefined {
  const [base] = children;
  if (type !== 'SelectorExpr' || base?.type !== 'VariableName' || !fn) return undefined;
  const parameter = fn.node.children
    .filter((child) => child.type === 'Parameters')
    .flatMap((list) => list.children)
    .find((node) => node.children.some((child) => child.type === 'DefName' && child.text === base.text));
  return parameter && nodesIn(parameter, 'TypeName').at(-1)?.text;
}

/**
 * What a field is given somewhere: fields of several types may have one name. `cfg.Server.Port` is the one of the variables that have a word of it in their
 * names, or the one that is called as the field; else it is not known.
 */
function ofFields(node: GoNode, values: readonly (Value | undefined)[]): Value | undefined {
  const variables = values.filter((value) => value?.is === 'variable');
  const names = [...new Set(variables.map(({ name }) => name))];
  if (names.length < 2) return merged(values);
  const words = (dottedName(node) ?? '').toUpperCase().split('.');
  const field = words.at(-1);
  const ofWord = names.filter((name) => name.split('_').some((word) => word !== field && words.includes(word)));
  const [only] = ofWord.length === 1 ? ofWord : names.filter((name) => name === field);
  return only === undefined ? undefined : merged(variables.filter(({ name }) => name === only));
}
