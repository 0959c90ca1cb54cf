/** Variables by which programs of Python follow the limits of their container: what counts cores sees those of the machine. */
import { threadVariables } from '../../catalog/python-packages.ts';
import { expressionsOf, pathOf } from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Dependency } from '../../model/facts.ts';
import type { LimitedVariable } from '../../model/recipe.ts';
import { type App, inModule, resolve } from './app.ts';

/** Calls and classes that make as many of something as there are cores (https://docs.python.org/3/library/os.html#os.cpu_count). */
const counting =
  /^(os\.(process_)?cpu_count|multiprocessing\.(cpu_count|Pool|pool\.Pool)|concurrent\.futures\.(Process|Thread)PoolExecutor|joblib\.Parallel)$/;

/** What counts on the cores of the machine: the program itself by Python's own count, and libraries by variables of theirs. */
export function limitedVariables(
  app: App,
  dependencies: readonly Dependency[],
  version: string | undefined,
): readonly LimitedVariable[] {
  const running = dependencies.filter(({ dev }) => !dev);
  const counts = canBeTold(version) ? countedIn(app, running) : undefined;
  const found = new Map<string, LimitedVariable>();
  if (counts)
    found.set('PYTHON_CPU_COUNT', {
      name: 'PYTHON_CPU_COUNT',
      of: 'cpus',
      why: 'it starts one per core, and Python counts the cores of the host, regardless of the limit',
      from: [counts],
    });
  for (const { name, from } of running)
    for (const variable of Object.hasOwn(threadVariables, name) ? (threadVariables[name] ?? []) : [])
      found.set(variable, {
        name: variable,
        of: 'cpus',
        why: `${name} starts one thread per core of the host, regardless of the limit`,
        from: [...(found.get(variable)?.from ?? []), from],
      });
  return [...found.values()];
}

/** Python is told how many cores there are since 3.13 (https://docs.python.org/3/using/cmdline.html#envvar-PYTHON_CPU_COUNT). */
const canBeTold = (version: string | undefined): boolean => {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 13);
};

function countedIn(app: App, running: readonly Dependency[]): Evidence | undefined {
  // a worker of it has as many processes (https://docs.celeryq.dev/en/stable/userguide/workers.html#concurrency)
  const queue = running.find(({ name }) => name === 'celery');
  if (queue) return { ...queue.from, why: 'a Celery worker starts one process per core' };
  for (const module of app.modules)
    for (const expression of expressionsOf(module.syntax.body)) {
      const path = expression.kind === 'call' ? resolve(app, module, pathOf(expression.callee) ?? '') : '';
      if (expression.kind === 'call' && counting.test(path))
        return inModule(module, expression.start, `${path} counts the cores`);
    }
  return undefined;
}
