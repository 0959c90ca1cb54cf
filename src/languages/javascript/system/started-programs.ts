/** Programs that the code starts: by `child_process`, `Bun.spawn`, `Bun.$`, execa and the like. */
import { posix } from 'node:path';
import { shellCommands, shellFor } from '../../../formats/shell/commands.ts';
import {
  literalValue,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { textOf } from '../evaluate/trace.ts';
import { readShellScript } from '../scripts/shell-script.ts';
import { type Form, ofPackages } from './starting-packages.ts';

/** A program that the code starts. */
export type StartedProgram = {
  readonly name: string;
  /** the words of its command, as far as they are texts */
  readonly argv: readonly string[];
  readonly from: Evidence;
};

export type StartedPrograms = {
  readonly programs: readonly StartedProgram[];
  /** where a shell is called; undefined: nowhere */
  readonly shell: Evidence | undefined;
};

/** Stands in a line for what is only known when it runs. */
const UNKNOWN = '__value__';

type StartCall = {
  readonly form: Form;
  readonly argv: readonly string[];
  readonly line?: string;
  readonly from: Evidence;
};

/** The programs that the reached sources start, and those of the shell scripts among them; `beside` are commands that start the app. */
export async function readStarted(
  context: AnalysisContext,
  beside: readonly { readonly argv: readonly string[]; readonly from: Evidence }[],
): Promise<StartedPrograms> {
  const asked = context.modules.sources.flatMap((source) => askedIn(context, source));
  const lines = asked.flatMap(({ line }) => line ?? []);
  await shellFor(lines);
  const started = asked.flatMap(({ argv, line, from }) =>
    line === undefined
      ? [{ argv, from }]
      : shellCommands(line).commands.map((command) => ({ argv: command.argv, from })),
  );
  const scripts = [...started, ...beside].flatMap(({ argv, from }) => {
    const script = readShellScript(context.app, argv);
    return script ? [{ ...script, from }] : [];
  });
  await shellFor(scripts.map(({ text }) => text));
  const ofScripts = scripts.flatMap(({ text, file, from }) =>
    shellCommands(text).commands.map(({ argv }) => ({
      argv,
      from: { ...from, why: `${from.why}, and ${file} runs ${argv[0] ?? ''}` },
    })),
  );
  const shell = asked.find(({ form }) => form === 'shell')?.from ?? scripts[0]?.from;
  return { programs: [...started, ...ofScripts].flatMap(programOf), shell };
}

function programOf({ argv, from }: { readonly argv: readonly string[]; readonly from: Evidence }): StartedProgram[] {
  const [word = ''] = argv;
  const isOwn = word.includes('/') && !word.startsWith('/');
  const name = posix.basename(word);
  return name === '' || isOwn || word.includes(UNKNOWN) || !/^[\w.+-]+$/.test(name) ? [] : [{ name, argv, from }];
}

function askedIn(context: AnalysisContext, source: Source): readonly StartCall[] {
  const forms = formsIn(source);
  const calls = nodesOf(source.program, 'CallExpression').flatMap((call): StartCall[] => {
    const form = formOf(source, forms, call.callee);
    return form ? askedBy(context, source, call, form) : [];
  });
  const tagged = nodesOf(source.program, 'TaggedTemplateExpression').flatMap((node): StartCall[] => {
    const form = formOf(source, forms, node.tag);
    const line = lineOf(context, source, node.quasi);
    const from = inSource(source, node.start, `${memberPath(node.tag) ?? '$'} runs a command`);
    return form && line !== undefined ? [{ form, argv: [], line, from }] : [];
  });
  return [...calls, ...tagged];
}

/** The local names of functions that start programs, also as `module.function`. */
function formsIn(source: Source): ReadonlyMap<string, Form> {
  const forms = new Map<string, Form>([
    ['Bun.$', 'line'],
    ['Bun.spawn', 'list'],
    ['Bun.spawnSync', 'list'],
  ]);
  for (const { specifier, names, typeOnly } of source.imports) {
    const functions = !typeOnly && Object.hasOwn(ofPackages, specifier) ? ofPackages[specifier] : undefined;
    if (!functions) continue;
    for (const { imported, local } of names) {
      const own = Object.hasOwn(functions, imported) ? functions[imported] : undefined;
      if (own) forms.set(local, own);
      if (imported !== '*' && imported !== 'default') continue;
      for (const [name, form] of Object.entries(functions)) forms.set(`${local}.${name}`, form);
      // `const run = require('cross-spawn')` is the function itself
      if (functions.default) forms.set(local, functions.default);
    }
  }
  return forms;
}

/** What a callee is told: a function of the table, or what `promisify` makes of one, in place or by a name. */
function formOf(source: Source, forms: ReadonlyMap<string, Form>, callee: Node, depth = 0): Form | undefined {
  const node = unwrap(callee);
  const path = memberPath(node);
  const known = path === undefined ? undefined : forms.get(path);
  if (known || depth > 3) return known;
  if (node.type === 'CallExpression') {
    const [first] = node.arguments;
    const wraps = /(^|\.)promisify$/.test(memberPath(node.callee) ?? '') || forms.has(memberPath(node.callee) ?? '');
    return wraps && first ? formOf(source, forms, first, depth + 1) : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const init = lookup(source, node.name, node.start)?.init;
  return init && unwrap(init).type === 'CallExpression' ? formOf(source, forms, init, depth + 1) : undefined;
}

type Call = Extract<Node, { type: 'CallExpression' }>;

function askedBy(context: AnalysisContext, source: Source, call: Call, form: Form): StartCall[] {
  const [first, second] = call.arguments;
  if (!first) return [];
  const why = (word: string) => inSource(source, call.start, `${memberPath(call.callee) ?? 'a call'}() starts ${word}`);
  if (form === 'shell' || form === 'line') {
    const line = lineOf(context, source, first);
    return line === undefined
      ? form === 'shell'
        ? [{ form, argv: [], from: why('a shell') }]
        : []
      : [{ form, argv: [], line, from: why(line.split(' ')[0] ?? '') }];
  }
  const list =
    form === 'list'
      ? listOf(first)
      : [first, ...(second && unwrap(second).type === 'ArrayExpression' ? listOf(second) : [])];
  const argv = list.map((node) => resolveValue(context, source, node).value ?? UNKNOWN);
  const [program = UNKNOWN] = argv;
  const inShell = call.arguments.some((argument) => {
    const shell = property(unwrap(argument), 'shell');
    return shell !== undefined && literalValue(source, shell) !== false;
  });
  return [
    {
      form: inShell ? 'shell' : form,
      argv,
      ...(inShell && program.includes(' ') ? { line: program } : {}),
      from: why(program),
    },
  ];
}

/** `['git', 'log']`, `{ cmd: ['git', 'log'] }`. */
function listOf(node: Node): readonly Node[] {
  const value = unwrap(node);
  const list = value.type === 'ObjectExpression' ? property(value, 'cmd') : value;
  const items = list && unwrap(list);
  return items?.type === 'ArrayExpression' ? items.elements.flatMap((element) => element ?? []) : [];
}

/** A line as text, with a word in the place of what is only known when it runs; undefined: all of it is. */
function lineOf(context: AnalysisContext, source: Source, node: Node): string | undefined {
  const value = unwrap(node);
  if (value.type !== 'TemplateLiteral')
    return textOf(context, source, value) ?? resolveValue(context, source, value).value;
  return value.quasis.map(({ value: { cooked } }) => cooked ?? '').join(UNKNOWN);
}
