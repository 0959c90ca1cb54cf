/** What clients of chat services sign in with: without it the program ends as soon as it starts. */
import {
  memberPath,
  type Node,
  property,
  propertyName,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import { classAround } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { ends } from '../evaluate/exits.ts';
import { isFunction } from '../evaluate/functions.ts';
import { readThrough } from '../evaluate/read-through.ts';
import { trace } from '../evaluate/trace.ts';
import type { VariableRead } from './variable-read.ts';

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

/** Where a package is told what it signs in with: `new X` is a constructor, `.x` a method; the options of an argument, the first one, or that itself. */
type SignIn = { readonly call: string; readonly options?: readonly string[]; readonly argument?: number };

const login: readonly SignIn[] = [{ call: '.login' }, { call: 'new ShardingManager', argument: 1, options: ['token'] }];
const bot: readonly SignIn[] = [{ call: 'new Bot' }];
const signIns: Readonly<Record<string, readonly SignIn[]>> = {
  'discord.js': login,
  '@sapphire/framework': login,
  discordx: login,
  'discord-akairo': login,
  'revolt.js': [{ call: '.loginBot' }],
  eris: [{ call: 'new Client' }, { call: 'new CommandClient' }, { call: 'new default' }],
  'oceanic.js': [{ call: 'new Client', options: ['auth'] }],
  'guilded.js': [{ call: 'new Client', options: ['token'] }],
  telegraf: [{ call: 'new Telegraf' }],
  grammy: bot,
  gramio: bot,
  'node-telegram-bot-api': [{ call: 'new default' }],
  'vk-io': [{ call: 'new VK', options: ['token'] }],
  '@slack/bolt': [
    { call: 'new App', options: ['token', 'appToken', 'signingSecret'] },
    { call: 'new SocketModeReceiver', options: ['appToken'] },
    { call: 'new ExpressReceiver', options: ['signingSecret'] },
  ],
  '@slack/socket-mode': [{ call: 'new SocketModeClient', options: ['appToken'] }],
  '@slack/rtm-api': [{ call: 'new RTMClient' }],
};

/** The variables that a call of such a package signs in with, over fields, parameters and objects of settings, where it runs in any case. */
export function signInUses(
  context: AnalysisContext,
  source: Source,
  call: Call,
  ancestors: readonly Node[],
): readonly VariableRead[] {
  const places = placesIn(context, source, call);
  if (places.length === 0 || isConditional(ancestors) || isRunConditionally(context, source, call, ancestors))
    return [];
  return places.flatMap((place) => {
    const { variable, value = '' } = readThrough(context, place.source, place.node);
    if (!variable || value !== '' || isSkipped(context, source, ancestors, variable.name)) return [];
    return [{ name: variable.name, source, offset: call.start, required: true, demanded: true, optional: false }];
  });
}

/** Where such a call says what it signs in with. */
function placesIn(context: AnalysisContext, source: Source, call: Call): readonly { source: Source; node: Node }[] {
  for (const { name, at, source: importer } of context.modules.packages) {
    const rows = Object.hasOwn(signIns, name) ? (signIns[name] ?? []) : [];
    const row = rows.find((row) => isCalled(source, call, row.call, importer === source ? at.names : []));
    const first = row && call.arguments[row.argument ?? 0];
    if (!first) continue;
    if (!row.options) return [{ source, node: withoutPrefix(first) }];
    const target = trace(context, source, first);
    if (target.kind !== 'syntax') return [];
    return row.options.flatMap((option) => {
      const value = property(target.node, option);
      return value ? [{ source: target.source, node: withoutPrefix(value) }] : [];
    });
  }
  return [];
}

type Names = readonly { readonly imported: string; readonly local: string }[];

function isCalled(source: Source, call: Call, wanted: string, names: Names): boolean {
  const callee = unwrap(call.callee);
  if (wanted.startsWith('.'))
    return (
      call.type === 'CallExpression' &&
      callee.type === 'MemberExpression' &&
      `.${propertyName(source, callee)}` === wanted &&
      call.arguments.length === 1
    );
  const path = memberPath(callee);
  const name = wanted.slice('new '.length);
  return (
    call.type === 'NewExpression' &&
    names.some(({ imported, local }) =>
      imported === name ? path === local : ['*', 'default'].includes(imported) && path === `${local}.${name}`,
    )
  );
}

/** The token of `Bot ${token}` and of `'Bot ' + token`. */
function withoutPrefix(node: Node): Node {
  const at = unwrap(node);
  const [inner] = at.type === 'TemplateLiteral' && at.expressions.length === 1 ? at.expressions : [];
  return inner ?? (at.type === 'BinaryExpression' && at.operator === '+' ? at.right : at);
}

const deciding = /^(If|Conditional|Switch|Catch)|^LogicalExpression$/;

const isConditional = (ancestors: readonly Node[]): boolean => ancestors.some(({ type }) => deciding.test(type));

/** Whether the function or the class around a call is called by its name only where something holds: a bot that is switched on. */
function isRunConditionally(
  { modules }: AnalysisContext,
  source: Source,
  call: Call,
  ancestors: readonly Node[],
): boolean {
  const around = ancestors.findLast((ancestor) => ancestor.type === 'FunctionDeclaration');
  const names = new Set(
    [
      around?.type === 'FunctionDeclaration' ? around.id?.name : undefined,
      classAround(source, call.start)?.node.id?.name,
    ].filter((name) => name !== undefined),
  );
  if (names.size === 0) return false;
  return modules.sources.some((item) => {
    let found = false;
    walk(item.program, (node, above) => {
      if (found) return false;
      if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
      const name = memberPath(node.callee)?.split('.').at(-1);
      found = name !== undefined && names.has(name) && isConditional(above);
      return undefined;
    });
    return found;
  });
}

/** Whether the function around a call goes back before it where the variable is missing: `if (!config.token) return;`. */
function isSkipped(context: AnalysisContext, source: Source, ancestors: readonly Node[], variable: string): boolean {
  const body = ancestors.findLast((ancestor) => isFunction(ancestor)) ?? ancestors[0];
  let found = false;
  if (!body) return false;
  walk(body, (node) => {
    if (found || node.type !== 'IfStatement' || ends(node.consequent)) return !found;
    walk(node.test, (part) => {
      if (part.type === 'Identifier' || part.type === 'MemberExpression')
        found ||= readThrough(context, source, part).variable?.name === variable;
      return !found;
    });
    return !found;
  });
  return found;
}
