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

/**
 * The further processes of an image: each is a worker beside the app, with what the app gets of its services, and waits for them as the app
 * does. Nothing asks one over HTTP.
 */
export function planProcesses(app: Workload, { production }: Recipe, decide: Decide): Record<string, Workload> {
  return Object.fromEntries(
    (production.processes ?? []).map(({ name, argv, env = {}, single, reason }) => {
      if (taken.has(name)) throw nameTaken(name);
      const decision = decide(`workloads.${name}`, reason);
      const own = Object.entries(env).map(([variable, text]): [string, EnvVar] => [
        variable,
        { value: { from: 'literal', text }, secret: false, purpose: `what ${name} is started with`, decision },
      ]);
      const { schedule: _schedule, scheduler: _scheduler, development: _development, check: _check, ...shared } = app;
      const worker: Workload = {
        ...shared,
        shape: 'worker',
        command: commandIn(production.base, argv),
        env: { ...app.env, ...Object.fromEntries(own) },
        ports: {},
        probes: {},
        // whether this program handles the signal is not known; where the image has no init, its container gets one
        signals: { ...app.signals, init: !app.signals.init },
        replicas: { count: 1, ...(single ? { max: 1 } : {}), decision },
        decision,
      };
      return [name, worker];
    }),
  );
}

const nameTaken = (name: string): UserError =>
  new UserError({
    code: 'process-name',
    message: `A process is called "${name}", and a container of the deployment has that name already.`,
    next: ['Give the process another name.'],
  });
