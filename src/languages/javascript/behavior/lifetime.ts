import {
  isGlobal,
  literalValue,
  memberPath,
  type Node,
  nodesOf,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { ServiceUse } from '../../../model/facts.ts';
import type { Fact } from '../../../model/known.ts';
import { services } from '../../../services/registry.gen.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';

/** What a program without a port does: it stays alive until it is stopped, or it ends by itself. */
export type Lifetime = 'stays' | 'ends';

/**
 * What keeps a process alive, by package: `new X` is a constructor, `.x` a method, `x` a function of the package. A package alone says
 * nothing: a queue is also what a web server only puts jobs into.
 */
const holding: Readonly<Record<string, readonly string[]>> = {
  // consumers of queues and of messages
  bullmq: ['new Worker', 'new QueueEvents'],
  bull: ['.process'],
  'bee-queue': ['.process'],
  kue: ['.process'],
  amqplib: ['.consume'],
  'amqp-connection-manager': ['.consume'],
  rascal: ['.subscribe'],
  kafkajs: ['.run'],
  'kafka-node': ['new Consumer', 'new ConsumerGroup'],
  'node-rdkafka': ['.subscribe'],
  nats: ['.subscribe', '.consume'],
  mqtt: ['connect', '.connect', 'connectAsync', '.connectAsync'],
  'sqs-consumer': ['.create'],
  '@google-cloud/pubsub': ['.on'],
  '@azure/service-bus': ['.subscribe'],
  'pg-boss': ['.work'],
  'graphile-worker': ['run', '.run', 'runMigrations'],
  '@temporalio/worker': ['.create', '.run'],
  'pg-listen': ['.listenTo'],
  redis: ['.subscribe', '.pSubscribe', '.xReadGroup'],
  ioredis: ['.subscribe', '.psubscribe'],
  faktory: ['.work'],
  'faktory-worker': ['.work'],
  // timers
  'node-cron': ['schedule', '.schedule'],
  cron: ['new CronJob', '.from'],
  croner: ['new Cron', 'Cron'],
  'node-schedule': ['scheduleJob', '.scheduleJob'],
  agenda: ['.start'],
  bree: ['.start'],
  'toad-scheduler': ['new ToadScheduler'],
  later: ['.setInterval'],
  // bots and clients of others
  'discord.js': ['.login', 'new ShardingManager'],
  'discord-hybrid-sharding': ['new ClusterManager'],
  '@sapphire/framework': ['.login'],
  discordx: ['.login'],
  'discord-akairo': ['.login'],
  'guilded.js': ['.login'],
  'revolt.js': ['.loginBot'],
  'vk-io': ['.start'],
  gramio: ['.start'],
  eris: ['.connect'],
  'oceanic.js': ['.connect'],
  telegraf: ['.launch'],
  grammy: ['.start'],
  '@grammyjs/runner': ['run'],
  'node-telegram-bot-api': ['new TelegramBot', '.startPolling'],
  '@slack/bolt': ['.start'],
  '@slack/socket-mode': ['.start'],
  '@slack/rtm-api': ['.start'],
  'matrix-bot-sdk': ['.start'],
  'matrix-js-sdk': ['.startClient'],
  'tmi.js': ['.connect'],
  'whatsapp-web.js': ['.initialize'],
  '@whiskeysockets/baileys': ['makeWASocket', 'default'],
  mineflayer: ['createBot', '.createBot'],
  'irc-framework': ['.connect'],
  'socket.io-client': ['io', 'connect', '.connect'],
  ws: ['new WebSocket'],
  imapflow: ['.idle', '.connect'],
  imap: ['.connect'],
  // watchers
  chokidar: ['watch', '.watch'],
};

/** Methods by which control is handed over for good, whatever the package: it may end, and nothing here shows that it does. */
const handingOver = /^(subscribe|consume|listen|launch|login|startPolling|poll|watch|work|serve|startConsuming)$/;

/** Events of what is connected, after which more come: of streams that are read to their end there are others. */
const waitedFor =
  /^(message|messages|message_new|messageCreate|interactionCreate|ready|open|connect|connected|connection|update|notification|event|text|callback_query)$/;

/** What is called when a program has done its work. */
const closing = /^(end|close|quit|disconnect|\$disconnect|destroy|terminate|shutdown|closeAll|dispose)$/;

/** Names of functions that only run when somebody stops the program. */
const stopping = /shut|stop|clean|graceful|terminat|onexit|signal|^exit|^close|^quit|^handle(exit|sig)/i;

/** How long a program lives that opens no port, and what shows it. `sure`: false where it can be read both ways. */
export function readLifetime(
  context: AnalysisContext,
  used: readonly ServiceUse[],
  signals: Fact<string[]>,
): { readonly lifetime: Lifetime; readonly sure: boolean; readonly from: readonly Evidence[] } {
  const { sources } = context.modules;
  const [held] = sources.flatMap((source) => heldBy(context, source));
  if (held) return { lifetime: 'stays', sure: true, from: [held] };
  const [timer] = sources.flatMap(timersOf);
  const [end] = sources.flatMap(endsOf);
  const [waiting] = [...sources.flatMap((source) => handedOver(context, source)), ...opened(used)];
  const handler = signals.from.filter((item) => /SIG(TERM|INT)/.test(item.why))[0];
  const sign = timer ?? (end ? undefined : (waiting ?? handler));
  if (sign && !end) return { lifetime: 'stays', sure: sign === timer, from: [sign] };
  return { lifetime: 'ends', sure: !(sign ?? waiting ?? handler), from: end ? [end] : [] };
}

/** Calls that keep the process alive, of packages that are known. */
function heldBy(context: AnalysisContext, source: Source): Evidence[] {
  const wanted = context.modules.packages.flatMap(({ name, at, source: importer }) =>
    (Object.hasOwn(holding, name) ? (holding[name] ?? []) : []).map((call) => ({ name, call, at, importer })),
  );
  if (wanted.length === 0) return [];
  return nodesOf(source.program, 'CallExpression', 'NewExpression').flatMap((node) => {
    const path = memberPath(node.callee) ?? methodOf(node);
    const found = wanted.find(({ call, at, importer }) => {
      if (call.startsWith('.')) return node.type === 'CallExpression' && path?.endsWith(call);
      const [form, made] = call.startsWith('new ') ? ['NewExpression', call.slice(4)] : ['CallExpression', call];
      if (node.type !== form || path === undefined || importer !== source) return false;
      return at.names.some(({ imported, local }) => {
        const own = imported === made || (imported === 'default' && made !== 'connect');
        return own ? path === local || path === `${local}.${made}` : imported === '*' && path === `${local}.${made}`;
      });
    });
    return found ? [inSource(source, node.start, `${found.name} runs until it is stopped`)] : [];
  });
}

/** `.method` of what a call or anything else gives. */
function methodOf(node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>): string | undefined {
  const callee = unwrap(node.callee);
  return callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier'
    ? `.${callee.property.name}`
    : undefined;
}

/** Timers that nothing clears, and loops without an end. */
function timersOf(source: Source): Evidence[] {
  const found: Evidence[] = [];
  const cleared = callsOf(source, 'clearInterval').length > 0;
  walk(source.program, (node, ancestors) => {
    const endless =
      (node.type === 'WhileStatement' && literalValue(source, node.test) === true) ||
      (node.type === 'ForStatement' && node.test === null);
    if (endless && !canLeave(node)) found.push(inSource(source, node.start, 'an endless loop'));
    if (node.type === 'CallExpression' && plansItself(source, node, ancestors))
      found.push(inSource(source, node.start, 'it schedules itself again'));
    if (cleared || node.type !== 'CallExpression' || !isCall(source, node, 'setInterval')) return;
    const parent = ancestors.at(-1);
    const unref =
      parent?.type === 'MemberExpression' && parent.property.type === 'Identifier' && parent.property.name === 'unref';
    if (!unref) found.push(inSource(source, node.start, 'setInterval() runs until it is stopped'));
  });
  return found;
}

/** What decides whether a statement below it runs. */
const deciding = /^(If|Conditional|Logical|Catch|SwitchCase|While|For|DoWhile)/;

/** `const tick = async () => { …; setTimeout(tick, 1000); }`: a function that has itself called again, whatever it did. */
function plansItself(
  source: Source,
  call: Extract<Node, { type: 'CallExpression' }>,
  ancestors: readonly Node[],
): boolean {
  const [planned] = call.arguments;
  if (!planned || !isCall(source, call, 'setTimeout')) return false;
  const at = ancestors.findLastIndex((ancestor) => /Function/.test(ancestor.type));
  const own = ancestors[at];
  const name = own && functionName(own, ancestors[at - 1]);
  if (!own || name === undefined || ancestors.slice(at + 1).some(({ type }) => deciding.test(type))) return false;
  const isItself =
    memberPath(planned) === name ||
    (/Function/.test(planned.type) &&
      nodesOf(planned, 'CallExpression').some(({ callee }) => memberPath(callee) === name));
  return isItself && !returnsBefore(own, call.start);
}

/** Whether a function may have returned before a place in it. */
function returnsBefore(own: Node, end: number): boolean {
  let found = false;
  walk(own, (node) => {
    if (node !== own && /Function/.test(node.type)) return false;
    if (node.type === 'ReturnStatement' && node.start < end) found = true;
    return !found;
  });
  return found;
}

/** Whether something in a loop ends it: `break` of its own, or a `return` of the function around it. */
function canLeave(loop: Node): boolean {
  let found = false;
  walk(loop, (node, ancestors) => {
    if (found) return false;
    if (/^(Function|Arrow)/.test(node.type)) return false;
    if (node.type === 'ReturnStatement') found = true;
    const inner = ancestors.some((ancestor) => ancestor !== loop && /^(While|For|DoWhile|Switch)/.test(ancestor.type));
    if (node.type === 'BreakStatement' && (!inner || node.label)) found = true;
    return true;
  });
  return found;
}

const isCall = (source: Source, node: Extract<Node, { type: 'CallExpression' }>, name: string): boolean =>
  memberPath(node.callee) === name && isGlobal(source, name, node.start);

const callsOf = (source: Source, name: string) =>
  nodesOf(source.program, 'CallExpression').filter((node) => isCall(source, node, name));

/** Where a program says that it is done: it ends the process with success, or closes what it opened, in no function for being stopped. */
function endsOf(source: Source): Evidence[] {
  const found: Evidence[] = [];
  const handlers = handlersOf(source);
  walk(source.program, (node, ancestors) => {
    if (node.type !== 'CallExpression') return;
    const path = memberPath(node.callee) ?? methodOf(node) ?? '';
    const isExit = /^(globalThis\.)?process\.exit$/.test(path) && succeeds(source, node.arguments[0]);
    const exits = isExit && !isGivingUp(ancestors);
    const closes = path.includes('.') && closing.test(path.split('.').at(-1) ?? '') && !/^(req|res|reply)/.test(path);
    if (!(exits || closes) || ancestors.some((ancestor, at) => isStopping(ancestor, ancestors[at - 1], handlers)))
      return;
    found.push(
      inSource(source, node.start, exits ? 'it ends its process' : `${path.replace(/^\./, '')}() ends its work`),
    );
  });
  return found;
}

/** `if (!token) { console.error('No token'); process.exit(); }`: what complains before it ends has done no work. */
function isGivingUp(ancestors: readonly Node[]): boolean {
  const at = ancestors.findLastIndex((ancestor) => ancestor.type === 'IfStatement' || /Function/.test(ancestor.type));
  const block = ancestors[at + 1];
  if (ancestors[at]?.type !== 'IfStatement' || !block) return false;
  return nodesOf(block, 'CallExpression').some((call) =>
    /^(error|fatal|warn)$/.test(memberPath(call.callee)?.split('.').at(-1) ?? ''),
  );
}

/** `process.exit()` with a number other than 0 is how a failure ends. */
const succeeds = (source: Source, argument: Node | undefined): boolean => {
  const value = argument && literalValue(source, argument);
  return typeof value !== 'number' || value === 0;
};

/** The functions that a signal or an event of the process calls, by name, and where they are written in place. */
export function handlersOf(source: Source): { readonly names: ReadonlySet<string>; readonly nodes: ReadonlySet<Node> } {
  const names = new Set<string>();
  const nodes = new Set<Node>();
  for (const node of nodesOf(source.program, 'CallExpression')) {
    if (!/^(globalThis\.)?process\.(on|once|addListener|prependListener)$/.test(memberPath(node.callee) ?? ''))
      continue;
    for (const argument of node.arguments.slice(1)) {
      nodes.add(argument);
      for (const name of nodesOf(argument, 'Identifier')) names.add(name.name);
    }
  }
  return { names, nodes };
}

function isStopping(node: Node, parent: Node | undefined, handlers: ReturnType<typeof handlersOf>): boolean {
  if (handlers.nodes.has(node)) return true;
  const name = functionName(node, parent);
  return name !== undefined && (handlers.names.has(name) || stopping.test(name));
}

/** The name of a function: its own, or that of the variable, the method or the property that holds it. */
export function functionName(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === 'FunctionDeclaration') return node.id?.name;
  if (node.type !== 'FunctionExpression' && node.type !== 'ArrowFunctionExpression') return undefined;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if ((parent?.type === 'MethodDefinition' || parent?.type === 'Property') && parent.key.type === 'Identifier')
    return parent.key.name;
  return node.type === 'FunctionExpression' ? node.id?.name : undefined;
}

/** Calls into what is not known here, by names that mean that it goes on. */
function handedOver(context: AnalysisContext, source: Source): Evidence[] {
  const own = context.modules.packages.some((item) => item.source === source && !isBuiltIn(item.name));
  if (!own) return [];
  return nodesOf(source.program, 'CallExpression').flatMap((node) => {
    const name = methodOf(node)?.slice(1) ?? '';
    const event = /^(on|addListener|addEventListener)$/.test(name) ? eventOf(source, node) : undefined;
    if (event) return [inSource(source, node.start, `it waits for ${event}, and may run until it is stopped`)];
    return handingOver.test(name) ? [inSource(source, node.start, `${name}() may run until it is stopped`)] : [];
  });
}

/** The event that a call waits for, where that is one after which more come; those of the process itself are none. */
function eventOf(source: Source, call: Extract<Node, { type: 'CallExpression' }>): string | undefined {
  const event = call.arguments[0] && literalValue(source, call.arguments[0]);
  const own = /^(globalThis\.)?process\./.test(memberPath(call.callee) ?? '');
  return typeof event === 'string' && waitedFor.test(event) && !own ? event : undefined;
}

const isBuiltIn = (name: string): boolean => /^(node|bun):/.test(name) || builtIns.has(name);

/** Modules of the runtimes that are imported without a scheme. */
const builtIns: ReadonlySet<string> = new Set(
  'assert buffer child_process crypto dns events fs http http2 https net os path perf_hooks process querystring readline stream string_decoder timers tls url util v8 vm worker_threads zlib bun'.split(
    ' ',
  ),
);

/** A connection that is never closed keeps the process alive. */
const opened = (used: readonly ServiceUse[]): Evidence[] =>
  used
    .filter((item) => {
      const service = services.find(({ name }) => name === item.service);
      return item.client !== undefined && !service?.embedded && !service?.asks;
    })
    .flatMap((item) => item.from.slice(0, 1))
    .map((item) => ({ ...item, why: `${item.why}, and nothing closes the connection` }));
