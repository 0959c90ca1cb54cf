/** What brings the database of an application up to date. */
import { type Expression, expressionsOf, pathOf } from '../../formats/python/index.ts';
import type { Dependency, Facts } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import { loadPythonMigrator, pythonMigrators } from '../../stacks/migrators/python.registry.gen.ts';
import type { PythonMigrator, PythonObject } from '../../stacks/python.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import type { Platform } from './platform.ts';

/** The job that migrates the database before the application starts; undefined: nothing is known of one. */
export async function migrationOf(
  app: App,
  dependencies: readonly Dependency[],
  object: PythonObject | undefined,
  release: Platform['release'],
): Promise<Facts['migration']> {
  const { migrate } = app.config;
  if (migrate === false) return undefined;
  if (migrate)
    return { value: { argv: [...migrate] }, by: 'config', from: [{ why: 'the configuration says migrate' }] };
  const written = release && detected({ argv: [...release.argv] }, release.from);
  // other programs may lack words here that the author has in variables
  if (release?.argv[0] === 'python') return written;
  for (const { name, title, dependencies: packages = [] } of pythonMigrators) {
    const found = dependencies.find((dependency) => packages.includes(dependency.name));
    const argv = found && (await loadPythonMigrator(name))?.command(app.files, object);
    if (found && argv) return detected({ argv: [...argv] }, [found.from, { why: `${title} migrates the database` }]);
  }
  return written;
}

/** Modules that somebody calls by hand, and those of the migrations themselves. */
const byHand = /(^|\/)(management\/commands\/|migrations\/|alembic\/|(manage|cli|fabfile|tasks)\.py$)/;

/** What is said of a program that applies its migrations when it starts. */
export async function migratingNotes(app: App, dependencies: readonly Dependency[]): Promise<Facts['notes']> {
  for (const { name, title, dependencies: packages = [] } of pythonMigrators) {
    if (!dependencies.some((dependency) => packages.includes(dependency.name))) continue;
    const applies = (await loadPythonMigrator(name))?.applies ?? [];
    const found = app.modules
      .filter(({ file }) => !byHand.test(file))
      .flatMap((module) =>
        expressionsOf(module.syntax.body).flatMap((expression) =>
          isApplied(app, module, expression, applies)
            ? [inModule(module, expression.start, `${title} is called here`)]
            : [],
        ),
      );
    if (found.length > 0) return [{ code: 'migrates-itself', message: itself, from: found.slice(0, 1) }];
  }
  return [];
}

const itself =
  'the app applies its own migrations at startup, so several replicas or workers would run them at the same time: run only one of each, or remove the call. If a job of the deployment applies them, the call has nothing to do';

const isApplied = (app: App, module: Module, expression: Expression, applies: PythonMigrator['applies']): boolean =>
  expression.kind === 'call' &&
  applies.some(({ call, argument }) => {
    const first = expression.args[0]?.value;
    return (
      resolve(app, module, pathOf(expression.callee) ?? '') === call &&
      (argument === undefined || (first?.kind === 'text' && first.value === argument))
    );
  });
