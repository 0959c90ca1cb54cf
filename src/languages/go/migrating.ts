import { posix } from 'node:path';
import { quoteShell } from '../../formats/dockerfile/index.ts';
import { callOf, dottedName, fieldsOf, nodesIn, stringOf } from '../../formats/go/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Facts } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import type { Project } from '../../project/project.ts';
import { type GoDetails, type GoMigrator, goMigrators, isOfModule } from '../../stacks/go.ts';
import type { ApplicationInput } from '../contract.ts';
import { listens } from './applications.ts';
import type { Evaluation } from './evaluate.ts';
import { isBelow, type Module, modulesOf } from './modules.ts';
import { inGo, mainFolders, readProgram } from './program.ts';
import { binaryPath, type FurtherPrograms } from './programs.ts';

/** Names of commands of a program that are for its database alone. */
const ofDatabase = new Set('migrate migration migrations migrator db database up'.split(' '));

/** Where the program stands, and what it reads of the environment. */
type MigrationContext = Pick<Facts, 'variables' | 'services'> & {
  readonly project: Project;
  readonly module: Module;
  readonly modules: readonly Module[];
  readonly migrates?: FurtherPrograms['migrates'];
};

type Applied = { readonly from: Evidence; readonly migrator: GoMigrator };

type MigrationFacts = Pick<Facts, 'migration' | 'notes'> & {
  readonly migrator?: GoDetails['migrator'];
  readonly job?: string;
};

/** What brings the database of a program up to date: the program itself when it starts, or a tool that a job runs before. */
export function readMigrating(
  { config }: Pick<ApplicationInput, 'config'>,
  evaluation: Evaluation,
  place: MigrationContext,
): MigrationFacts {
  const { project, module } = place;
  const { migrate } = config;
  if (migrate === false) return { notes: [] };
  if (migrate)
    return {
      migration: { value: { argv: [...migrate] }, by: 'config', from: [{ why: 'the configuration says migrate' }] },
      notes: [],
    };
  const [own] = goMigrators.flatMap((migrator) => appliedBy(evaluation, migrator));
  if (own) {
    const message =
      'the program applies its own migrations at startup, so several replicas would run them at the same time: run only one replica, or remove the call and set the key "migrate" to a command that a job runs once before';
    return { notes: [{ code: 'migrates-itself', message, from: [own.from] }] };
  }
  if (place.migrates) return ofProgram(place.migrates);
  for (const migrator of goMigrators) {
    const found = migrator.tool && filesOf(project, module, migrator);
    if (found) return ofTool(migrator, found, place, evaluation.program.main);
  }
  return { notes: [] };
}

/** Calls that apply migrations when the program starts: those of a command that is for the database alone are not among them. */
function appliedBy(evaluation: Evaluation, migrator: GoMigrator): Applied[] {
  if (ofDatabase.has(posix.basename(evaluation.program.main))) return [];
  const apart = commandsApart(evaluation);
  return migrator.applies.flatMap((name) => {
    const calls = evaluation.calls.get(name.split('.').at(-1) ?? '') ?? [];
    return calls.flatMap(({ node, file, fn }): Applied[] => {
      const call = callOf(node);
      const isImported = file.imports.some(({ path }) => isOfModule(path, migrator.module));
      // one call for all of its commands
      const isMeant = !name.includes('.') || (call?.name === name && call.args.some((arg) => stringOf(arg) === 'up'));
      return isImported && isMeant && !apart.nodes.has(node) && !apart.functions.has(fn?.name ?? '')
        ? [{ migrator, from: inGo(file, node, `${call?.name}() applies the migrations (${migrator.title})`) }]
        : [];
    });
  });
}

/** What commands that are for the database alone do: calls within them, and functions that they name. */
function commandsApart({ program }: Evaluation): {
  readonly nodes: ReadonlySet<object>;
  readonly functions: ReadonlySet<string>;
} {
  const nodes = new Set<object>();
  const functions = new Set<string>();
  for (const { root } of program.files)
    for (const literal of nodesIn(root, 'TypedLiteral')) {
      if (!['cobra.Command', 'cli.Command'].includes(dottedName(literal.children[0]) ?? '')) continue;
      const fields = fieldsOf(literal);
      const [name = ''] = (stringOf(fields.get('Use') ?? fields.get('Name')) ?? '').split(' ');
      if (!ofDatabase.has(name)) continue;
      for (const node of nodesIn(literal, 'CallExpr')) nodes.add(node);
      for (const field of ['Run', 'RunE', 'Action']) {
        const named = dottedName(fields.get(field))?.split('.').at(-1);
        if (named !== undefined) functions.add(named);
      }
    }
  return { nodes, functions };
}

/** The job of a program of the module. */
function ofProgram({ binary, takesArguments, from }: NonNullable<FurtherPrograms['migrates']>): MigrationFacts {
  if (!takesArguments) return { migration: detected({ argv: [binaryPath(binary)] }, [from]), job: binary, notes: [] };
  const message = `${posix.dirname(from.file ?? '')} migrates the database, but its arguments are not known: set "migrate" in dockwright.json to the full command, ["/out/${binary}", …], or to false`;
  return { notes: [{ code: 'nothing-migrates', message, from: [from] }] };
}

type Found = { readonly folder: string; readonly from: Evidence };

/** The one folder of the module with migrations of a tool; undefined: there is none, several, or nothing says that they are of this tool. */
function filesOf(project: Project, module: Module, { marks, module: path }: GoMigrator): Found | undefined {
  if (!marks) return undefined;
  const { line } = marks;
  const isNamed = [...module.mod.requires.map((require) => require.path), ...module.mod.tools].some((value) =>
    isOfModule(value, path),
  );
  if (line === undefined && !isNamed) return undefined;
  const files = project
    .files()
    .filter((file) => file.endsWith(marks.ending) && isBelow(file, module.folder))
    .filter((file) => line === undefined || hasLine(project.read(file) ?? '', line));
  const [first] = files;
  const folders = new Set(files.map((file) => posix.dirname(file)));
  if (first === undefined || folders.size > 1) return undefined;
  const [folder = '.'] = folders;
  return { folder: posix.relative(module.folder, folder) || '.', from: { file: first, why: 'it is a migration' } };
}

const hasLine = (text: string, line: string): boolean => text.split('\n').some((value) => value.trim() === line);

/** The job of a tool, where a variable has the whole address of a database that it is started for. */
function ofTool(
  { title, tool }: GoMigrator,
  { folder, from }: Found,
  place: MigrationContext,
  main: string,
): MigrationFacts {
  const { mod, file } = place.module;
  const variable = place.variables.find(
    ({ service, part }) => part === 'url' && service !== undefined && Object.hasOwn(tool?.commands ?? {}, service),
  );
  const command = variable?.service === undefined ? undefined : tool?.commands[variable.service];
  if (!tool || !variable || !command) {
    const message = `${folder} has migrations for ${title}, but nothing applies them, because no variable contains the full URL of their database: set "migrate" in dockwright.json to the command that applies them, or to false`;
    return { notes: [{ code: 'nothing-migrates', message, from: [from] }] };
  }
  const first = firstOf(place, variable.service ?? '') ?? main;
  if (first !== main) {
    const message = `the migrations of ${folder} are applied by the job of ${first}, which uses the same database: without that one nothing applies them`;
    return { notes: [{ code: 'migrates-elsewhere', message, from: [from] }] };
  }
  const isTool = mod.tools.includes(tool.path);
  const required = mod.requires.find(({ path }) => path === tool.of);
  const by = required
    ? { file, line: required.line, why: `go.mod names the release of ${title}` }
    : { why: `go.mod does not name ${title}: its release is ${tool.release}` };
  return {
    migration: detected({ argv: ['sh', '-c', command(quoteShell([folder]), variable.name)] }, [from, by]),
    migrator: {
      title,
      path: tool.path,
      ...(isTool ? {} : { release: required?.version ?? tool.release }),
      ...(tool.tags ? { tags: tool.tags } : {}),
    },
    notes: [],
  };
}

/** Of several programs of a module that use one service the one that has the job: the first that listens, else the first. Two would apply the same at once. */
function firstOf({ project, module, modules, services }: MigrationContext, service: string): string | undefined {
  const client = services.find((item) => item.service === service)?.client;
  const using = mainFolders(project, module, modulesOf(project))
    .map((main) => readProgram(project, main, modules))
    .filter(({ packages }) => client !== undefined && packages.some(({ path }) => isOfModule(path, client)));
  return (using.find(({ files }) => files.some(listens)) ?? using[0])?.main;
}
