import { UserError } from '../model/errors.ts';
import type { EnvVar, Workload } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import type { Decide } from './decide.ts';
import { commandIn, inside, sharesImage } from './production.ts';

/** Names that other containers of a plan have. */
const taken: ReadonlySet<string> = new Set(['app', 'migrate', 'schedule']);

/** The app beside such processes: it is asked by a check of its own container. */
export function besideProcesses(app: Workload, recipe: Recipe): Workload {
  const { ready } = app.probes;
  if (!ready?.check || !sharesImage(recipe)) return app;
  const argv = inside(recipe.production.base, ready.check.argv);
  return { ...app, check: { ...ready.check, argv, decision: ready.decision } };
}

/** The variables of the app with what its start script sets, where other processes share its image: there they would get it, too. */
export function startedWith(env: Workload['env'], { production }: Recipe, decide: Decide): Workload['env'] {
  const own = Object.entries(production.own ?? {}).filter(([name]) => env[name] === undefined);
  if (own.length === 0) return env;
  const purpose = 'variables that the start script sets';
  const decision = decide('workloads.app.started', {
    choice: own.map(([name]) => name).join(', '),
    why: 'the start script sets them for the app, and other processes share its image',
  });
  const set = own.map(([name, text]): [string, EnvVar] => [
    name,
    { value: { from: 'literal', text }, secret: false, purpose, decision },
  ]);
  return { ...env, ...Object.fromEntries(set) };
}

/** The variables of the app without those of its server, for what runs beside it. */
export const withoutServer = (
  env: Workload['env'],
  { production: { serverVariables = [] } }: Recipe,
): Workload['env'] => Object.fromEntries(Object.entries(env).filter(([name]) => !serverVariables.includes(name)));

/** The variables of the app without what its start script sets for it alone. */
function sharedEnv(env: Workload['env'], recipe: Recipe): Workload['env'] {
  const own = recipe.production.own ?? {};
  return Object.fromEntries(
    Object.entries(withoutServer(env, recipe)).flatMap(([name, variable]): [string, EnvVar][] => {
      if (own[name] === undefined) return [[name, variable]];
      if (variable.value.from !== 'user') return [];
      const { default: _, ...value } = variable.value;
      return [[name, { ...variable, value }]];
    }),
  );
}

/**
 * The further processes of an image: each is a worker beside the app, with what the app gets of its services, and waits for them as the app
 * does. Nothing asks one over HTTP.
 */
export function planProcesses(app: Workload, recipe: Recipe, decide: Decide): Record<string, Workload> {
  const { production } = recipe;
  const env = sharedEnv(app.env, recipe);
  const workers = Object.fromEntries(
    (production.processes ?? []).map(({ name, argv, env: set = {}, single, reason }) => {
      if (taken.has(name)) throw nameTaken(name);
      const decision = decide(`workloads.${name}`, reason);
      const own = Object.entries(set).map(([variable, text]): [string, EnvVar] => [
        variable,
        {
          value: { from: 'literal', text },
          secret: false,
          purpose: `variables that ${name} is started with`,
          decision,
        },
      ]);
      const { schedule: _schedule, scheduler: _scheduler, development: _development, check: _check, ...shared } = app;
      const worker: Workload = {
        ...shared,
        shape: 'worker',
        command: commandIn(production.base, argv),
        env: { ...env, ...Object.fromEntries(own) },
        ports: {},
        probes: {},
        // whether this program handles the signal is not known; where the image has no init, its container gets one
        signals: { ...app.signals, init: !app.signals.init },
        replicas: { count: 1, ...(single ? { max: 1 } : {}), decision },
        decision,
      };
      return [name, builtBy('app', worker)];
    }),
  );
  return app.shape === 'command' ? builtWithout('app', workers) : workers;
}

/** A workload that runs the image of another. It waits for that one's container, so that whatever starts it builds the image before. */
const builtBy = (name: string, { after, ...workload }: Workload): Workload => ({
  ...workload,
  builtBy: name,
  after: [...after, { name, until: 'started', decision: workload.decision }],
});

/** The same where the builder is one that `docker compose up` leaves alone: the first of those that waited for it builds in its place. */
export function builtWithout(builder: string, workloads: Readonly<Record<string, Workload>>): Record<string, Workload> {
  const [first] = Object.keys(workloads).filter((name) => workloads[name]?.builtBy === builder);
  return Object.fromEntries(
    Object.entries(workloads).map(([name, workload]) => {
      if (first === undefined || workload.builtBy !== builder) return [name, workload];
      const { builtBy: _, ...own } = workload;
      const alone = { ...own, after: own.after.filter((row) => row.name !== builder) };
      return [name, name === first ? alone : builtBy(first, alone)];
    }),
  );
}

const nameTaken = (name: string): UserError =>
  new UserError({
    code: 'process-name',
    message: `A process is named "${name}", but another container of the deployment already has that name.`,
    next: ['Rename the process.'],
  });
