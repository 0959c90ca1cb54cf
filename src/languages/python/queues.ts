/** Queues of work, and the programs of their libraries that take from them: each a process of the same image. */
import { type Expression, expressionsOf, pathOf, type Statement } from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Process } from '../../model/facts.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import { importsOf, isBelow, isImported } from './import-roots.ts';

/** Where a queue stands: its module, and the name that its library finds it by. */
export type Queue = {
  readonly module: Module;
  readonly worker: readonly string[];
  /** starts what the schedule of the queue says: a second one would start everything twice */
  readonly clock?: { readonly name: string; readonly argv: readonly string[]; readonly from: readonly Evidence[] };
  readonly from: Evidence;
  /** what its program reads to find the server, where the sources read none of that name */
  readonly variable?: string;
};

/** The queue of an application, by the first library that has one; undefined: nothing is queued. */
export const queueOf = (app: App): Queue | undefined => {
  for (const library of libraries) {
    const found = library(app);
    if (found) return found;
  }
  return undefined;
};

/** The workers and clocks of queues beside a server, each a process of the same image. */
export function processesOf(queue: Queue | undefined, isServer: boolean): Process[] {
  if (!queue) return [];
  const { module, worker, clock, from } = queue;
  const entry = module.file;
  return [
    ...(isServer ? [{ name: 'worker', command: { argv: [...worker] }, entry, from: [from] }] : []),
    ...(clock
      ? [{ name: clock.name, command: { argv: [...clock.argv] }, entry, single: true, from: [from, ...clock.from] }]
      : []),
  ];
}

type Made = { readonly module: Module; readonly name: string; readonly from: Evidence };

/** What the top of a module assigns from a call of that name. */
const madeBy = (app: App, call: RegExp, title: string): readonly Made[] =>
  app.modules.flatMap((module) =>
    module.syntax.body.flatMap((statement): Made[] => {
      if (statement.kind !== 'assign' || statement.value?.kind !== 'call') return [];
      const [target] = statement.targets;
      const path = pathOf(statement.value.callee);
      if (target?.kind !== 'name' || path === undefined || !call.test(resolve(app, module, path))) return [];
      return [
        { module, name: target.name, from: inModule(module, statement.start, `${target.name} is a queue of ${title}`) },
      ];
    }),
  );

/** A library whose queue is an object that its program finds by module and name. */
const byObject =
  (call: RegExp, title: string, worker: (made: Made) => readonly string[]) =>
  (app: App): Queue | undefined => {
    const [made] = madeBy(app, call, title);
    return made && { module: made.module, worker: worker(made), from: made.from };
  };

/** A command of Celery for a queue (https://docs.celeryq.dev/en/stable/userguide/application.html). */
const celery = ({ module, name }: Made, ...words: readonly string[]): string[] => [
  ...['celery', '--app', `${module.name}:${name}`],
  ...words,
  ...['--loglevel', 'INFO'],
];

function ofCelery(app: App): Queue | undefined {
  const [made] = madeBy(app, /^celery\.Celery$/, 'Celery');
  if (!made) return undefined;
  const schedule = scheduleOf(app);
  // the schedule is written where every user may write, and no file says that it runs
  const beat = celery(made, 'beat');
  const argv = [...beat, ...['--schedule', '/tmp/celerybeat-schedule', '--pidfile=']];
  return {
    module: made.module,
    worker: celery(made, 'worker'),
    ...(schedule ? { clock: { name: 'beat', argv, from: [schedule] } } : {}),
    from: made.from,
  };
}

/** Where a schedule of Celery is written down; undefined: nothing runs in time. */
function scheduleOf(app: App): Evidence | undefined {
  for (const module of app.modules)
    for (const one of expressionsOf(module.syntax.body))
      if (/(^|\.)(beat_schedule|CELERY_BEAT_SCHEDULE)$/.test(pathOf(one) ?? ''))
        return inModule(module, one.start, 'a schedule of Celery');
  return undefined;
}

/** taskiq (https://taskiq-python.github.io/guide/cli.html): a broker in memory needs no worker. */
function ofTaskiq(app: App): Queue | undefined {
  const [broker] = madeBy(app, /^taskiq(_\w+)?\.(?!InMemory)\w*Broker$/, 'taskiq');
  const [scheduler] = madeBy(app, /^taskiq\.(scheduler\.\w+\.)?TaskiqScheduler$/, 'taskiq');
  if (!broker) return undefined;
  const argv = scheduler && ['taskiq', 'scheduler', `${scheduler.module.name}:${scheduler.name}`];
  return {
    module: broker.module,
    worker: ['taskiq', 'worker', `${broker.module.name}:${broker.name}`],
    ...(scheduler && argv ? { clock: { name: 'scheduler', argv, from: [scheduler.from] } } : {}),
    from: broker.from,
  };
}

/** Dramatiq (https://dramatiq.io/guide.html#workers): its program imports the modules whose functions it calls. */
function ofDramatiq(app: App): Queue | undefined {
  const found = app.modules.flatMap((module) => {
    const actor = functionsOf(module.syntax.body).find(({ decorators }) =>
      decorators.some((one) => resolve(app, module, pathOf(calleeOf(one)) ?? '') === 'dramatiq.actor'),
    );
    return actor ? [{ module, actor }] : [];
  });
  const [first] = found;
  if (!first) return undefined;
  return {
    module: first.module,
    worker: ['dramatiq', ...found.map(({ module }) => module.name)],
    from: inModule(first.module, first.actor.start, `${first.actor.name} is an actor of Dramatiq`),
  };
}

const calleeOf = (one: Expression): Expression => (one.kind === 'call' ? one.callee : one);

type Function = Extract<Statement, { kind: 'function' }>;
const functionsOf = (body: readonly Statement[]): readonly Function[] =>
  body.flatMap((one) => (one.kind === 'function' ? [one] : []));

/** arq (https://arq-docs.helpmanual.io): its program reads a class of settings. */
function ofArq(app: App): Queue | undefined {
  for (const module of app.modules) {
    if (!imports(module, 'arq')) continue;
    for (const one of module.syntax.body)
      if (one.kind === 'class' && /WorkerSettings$/.test(one.name))
        return {
          module,
          worker: ['arq', `${module.name}.${one.name}`],
          from: inModule(module, one.start, `${one.name} are settings of a worker of arq`),
        };
  }
  return undefined;
}

const imports = ({ syntax }: Module, top: string): boolean =>
  importsOf(syntax.body).some(({ path }) => isBelow(path, top));

/** RQ (https://python-rq.org/docs/workers/): a program of the application that works, else the library's own, for the queues that are named. */
function ofRq(app: App): Queue | undefined {
  const calls = app.modules.flatMap((module) =>
    expressionsOf(module.syntax.body).flatMap((one) => {
      const path = one.kind === 'call' ? resolve(app, module, pathOf(one.callee) ?? '') : '';
      return one.kind === 'call' && /^rq\.(\w+\.)?(Simple)?(Worker|Queue)$/.test(path) ? [{ module, one, path }] : [];
    }),
  );
  const own = calls.find(({ path, module }) => /Worker$/.test(path) && !isImported(app, module));
  const [queue] = calls.filter(({ path }) => /Queue$/.test(path));
  if (own) {
    const from = inModule(own.module, own.one.start, `${own.module.file} is a worker of RQ`);
    const argv = own.module.file.includes('/') ? ['-m', own.module.name] : [own.module.file];
    return { module: own.module, worker: ['python', ...argv], from };
  }
  if (!queue) return undefined;
  const names = calls.flatMap(({ one, path }) => {
    const [first] = one.args;
    return /Queue$/.test(path) && first?.name === undefined && first?.value.kind === 'text' ? [first.value.value] : [];
  });
  return {
    module: queue.module,
    worker: ['rq', 'worker', ...new Set(names)],
    variable: 'RQ_REDIS_URL',
    from: inModule(queue.module, queue.one.start, 'work is queued by RQ'),
  };
}

/** In the order in which they are looked for. */
const libraries: readonly ((app: App) => Queue | undefined)[] = [
  ofCelery,
  ofTaskiq,
  ofDramatiq,
  ofArq,
  ofRq,
  // https://huey.readthedocs.io/en/latest/consumer.html
  byObject(/^huey\.(\w+\.)?\w*Huey$/, 'Huey', ({ module, name }) => ['huey_consumer', `${module.name}.${name}`]),
  // https://procrastinate.readthedocs.io/en/stable/howto/basics/command_line.html
  byObject(/^procrastinate\.App$/, 'Procrastinate', ({ module, name }) => [
    'procrastinate',
    ...['--app', `${module.name}.${name}`],
    'worker',
  ]),
];
