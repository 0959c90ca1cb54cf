import { posix } from 'node:path';
import {
  indentAt,
  lineBreakOf,
  nodesOf,
  parseSource,
  pastBlanks,
  type Source,
  unwrap,
  writtenAs,
} from '../../formats/source/index.ts';
import type { OfferedEdit } from '../../model/recipe.ts';
import type { WireInput } from '../contract.ts';
import { type Factory, type FactoryCall, factoryCallsIn } from './factory-calls.ts';

/** How a file writes things, so that what is added looks as if its author had written it. */
export type Style = {
  readonly quote: string;
  readonly end: string;
  /** ending of the specifiers of its relative imports: '', '.ts' or '.js' */
  readonly ending: string;
  readonly newline: string;
};

/** The whole statement that an import stands in: `require` is only a part of one. */
function statementText(source: Source, span: { readonly start: number; readonly end: number }): string {
  const whole = source.program.body.find((item) => item.start <= span.start && item.end >= span.end) ?? span;
  return writtenAs(source, whole);
}

/** How a file brings other modules in: a file with both is a module, whose `require` is made by hand. */
const formOf = (source: Source): 'import' | 'require' =>
  source.imports.some((imported) => imported.form === 'require' && !imported.dynamic) &&
  !source.imports.some((imported) => imported.form === 'import' || imported.form === 'export')
    ? 'require'
    : 'import';

/** The statement that brings the health routes in. */
export const bringing = (source: Source, module: string, ending: string | undefined): string => {
  const { quote, end } = styleOf(source, ending);
  const from = `${quote}${specifierOf(source, module, ending)}${quote}`;
  return formOf(source) === 'require'
    ? `const { healthRoutes } = require(${from})${end}`
    : `import { healthRoutes } from ${from}${end}`;
};

/** The style of a file, from its imports; `fallback` is how a relative import ends where the file has none. */
export function styleOf(source: Source, fallback = ''): Style {
  const statements = source.imports.filter((imported) => imported.form === formOf(source));
  const first = statements[0];
  const text = first ? statementText(source, first.span) : '';
  const relative = statements.map((statement) => statement.specifier).find(isSource);
  const ending = relative === undefined ? fallback : (/\.[cm]?[jt]s$/.exec(relative)?.[0] ?? '');
  return {
    quote: text.includes('"') ? '"' : "'",
    end: first && !text.endsWith(';') ? '' : ';',
    ending: ['.ts', '.js'].includes(ending) ? ending : '',
    newline: lineBreakOf(source.sourceText),
  };
}

/**
 * What ends a statement that is put in at an offset, in the style of the file. Without semicolons it gets one where code follows on the same line,
 * or begins with what would go on with the statement: a bracket, a template, a sign.
 */
export function endAt(source: Source, offset: number, end: string): string {
  const text = source.sourceText;
  const next = pastBlanks(text, offset);
  const follows = next < text.length && text[next] !== '}' && !['//', '/*'].includes(text.slice(next, next + 2));
  const goesOn = !text.slice(offset, next).includes('\n') || '([`+-/*.,'.includes(text[next] ?? ' ');
  return end === '' && follows && goesOn ? ';' : end;
}

/** Whether a specifier is of a file of the app that is code: data is always named with its ending. */
const isSource = (specifier: string): boolean =>
  specifier.startsWith('.') && !/\.(json|css|html|txt|svg|sql|node|wasm)$/.test(specifier);

export type Edit = { readonly start: number; readonly end: number; readonly text: string };

/** The import of the health module, after the last import of the file; undefined where the file imports it already. */
export function importEdit(source: Source, module: string, ending?: string | undefined): Edit | undefined {
  const { newline } = styleOf(source);
  const text = bringing(source, module, ending);
  const last = lastImport(source);
  return last !== undefined
    ? { start: last, end: last, text: `${newline}${text}` }
    : { start: bodyStart(source), end: bodyStart(source), text: `${text}${newline}${newline}` };
}

/** The import of the health module before every other statement. */
function importAtTop(source: Source, module: string, ending: string | undefined): Edit {
  const at = bodyStart(source);
  return { start: at, end: at, text: `${bringing(source, module, ending)}${styleOf(source).newline}` };
}

/**
 * Where the last import at the top of a file ends. Calls of `require` run where they stand, so only those that come before everything
 * else count: what a later one brings is not there yet where the server is made.
 */
function lastImport(source: Source): number | undefined {
  const brought = source.imports.filter((imported) => imported.form === formOf(source) && !imported.dynamic);
  if (formOf(source) === 'import') return brought.at(-1)?.span.end;
  let end: number | undefined;
  for (const statement of source.program.body) {
    if (isDirective(statement)) continue;
    if (!brought.some((item) => statement.start <= item.span.start && item.span.end <= statement.end)) break;
    end = statement.end;
  }
  return end;
}

/**
 * The specifier of the module in this file's style. `require` finds a module without its ending; neither it nor `import` finds one that
 * ends in `.cjs` or `.mjs` without it.
 */
export const specifierOf = (source: Source, module: string, ending?: string | undefined): string =>
  /\.[cm]js$/.test(module)
    ? module
    : module.replace(/\.[jt]s$/, '') + (formOf(source) === 'require' ? '' : styleOf(source, ending).ending);

const isDirective = (node: Source['program']['body'][number]): boolean =>
  node.type === 'ExpressionStatement' && 'directive' in node && Boolean(node.directive);

/** Behind a `#!` line and directives, which have to stay first. */
function bodyStart(source: Source): number {
  const first = source.program.body.find((node) => !isDirective(node));
  return first?.start ?? source.sourceText.length;
}

/** Whether a file imports the health module, under whatever ending. */
export const imports = (source: Source, module: string): boolean => {
  const bare = (specifier: string) => posix.normalize(specifier).replace(/\.[cm]?[jt]s$/, '');
  return source.imports.some(
    (imported) => imported.specifier.startsWith('.') && bare(imported.specifier) === bare(module),
  );
};

type Object = WireInput;

/** What a framework says about adding routes: as a statement on the variable, and as a call behind the constructor. */
export type Phrases = {
  readonly factory: Factory;
  readonly title: string;
  /** `app.route('/', healthRoutes)`, without the end of the statement */
  readonly statement: (variable: string, quote: string) => string;
  /** `.route('/', healthRoutes)`; undefined: the object has to be in a variable */
  readonly chained?: (quote: string) => string;
};

/**
 * Adds the routes right where the server object is made: before any middleware that could stand in their way (a login, a catch-all
 * route). In a chain that is no variable's whole value they are added as the first call.
 */
export function wireObject({ file, text, module, ending }: Object, phrases: Phrases): OfferedEdit {
  const source = parseSource(file, text);
  const style = styleOf(source, ending);
  const lines = [bringing(source, module, ending), `${phrases.statement('app', style.quote)}${style.end}`];
  if (imports(source, module)) return { ok: true, edits: [], why: `${file} imports the health routes` };
  if (source.problems.length > 0)
    return { ok: false, why: `${file} could not be read: ${source.problems[0]?.message ?? ''}`, lines };
  const made = factoryCallsIn(source, phrases.factory);
  const factoryCall = mainOf(source, made);
  if (!factoryCall)
    return {
      ok: false,
      why:
        made.length === 0
          ? `no ${phrases.title} app is created in ${file}`
          : `${file} creates ${made.length} ${phrases.title} apps, and it is unclear which one serves requests`,
      lines,
    };
  const edit = objectEdit(source, factoryCall, phrases, style);
  const usual = importEdit(source, module, ending);
  // a `require` runs where it stands: behind the object that uses what it brings it would come too late
  const late = edit && usual && formOf(source) === 'require' && edit.start < usual.start;
  const first = late ? importAtTop(source, module, ending) : usual;
  if (!edit || !first)
    return {
      ok: false,
      why: `the ${phrases.title} app in ${file} is not in a variable that routes could be added to`,
      lines,
    };
  return {
    ok: true,
    edits: inOrder(first, edit),
    why: `adds /live, /ready and /health where the ${phrases.title} app is created, before other middleware`,
  };
}

/** One statement can bring the framework in and make its object: then both are added behind it, in this order. */
const inOrder = (first: Edit, edit: Edit): readonly Edit[] =>
  first.start === edit.start
    ? [{ ...first, text: first.text + edit.text }]
    : [first, edit].sort((a, b) => a.start - b.start);

function objectEdit(source: Source, made: FactoryCall, phrases: Phrases, style: Style): Edit | undefined {
  const { variable, node } = made;
  const text = source.sourceText;
  const plain = variable && ['', ';'].includes(text.slice(node.end, variable.statement.end).trim());
  if (variable && (plain || !phrases.chained)) {
    const at = variable.statement.end;
    return {
      start: at,
      end: at,
      text: `${style.newline}${indentAt(text, variable.statement.start)}${phrases.statement(variable.name, style.quote)}${endAt(source, at, style.end)}`,
    };
  }
  if (!phrases.chained) return undefined;
  // a chain whose calls stand on lines of their own goes on in the same way
  const next = pastBlanks(text, node.end);
  const goesOn = ['.', '?'].includes(text[next] ?? '') && text.slice(node.end, next).includes('\n');
  const gap = goesOn ? `${style.newline}${indentAt(text, next)}` : '';
  return { start: node.end, end: node.end, text: `${gap}${phrases.chained(style.quote)}` };
}

/** The object that answers: the only one, else the only one that is not handed to another as an argument. */
function mainOf(source: Source, made: readonly FactoryCall[]): FactoryCall | undefined {
  if (made.length <= 1) return made[0];
  const handed = argumentNames(source);
  const free = made.filter((factoryCall) => factoryCall.variable && !handed.has(factoryCall.variable.name));
  return free.length === 1 ? free[0] : undefined;
}

/** Names that a file hands to calls: a router that is mounted, a server that is started. */
function argumentNames(source: Source): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodesOf(source.program, 'CallExpression')) {
    if (unwrap(node.callee).type !== 'MemberExpression') continue;
    for (const argument of node.arguments) if (argument.type === 'Identifier') names.add(argument.name);
  }
  return names;
}
