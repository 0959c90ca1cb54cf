/** Databases that are a file of the app, where the options of a mapper say it: `{ client: 'sqlite3', connection: { filename } }`. */
import { keyName, type Node, nodesOf, property, type Source, unwrap, walk } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { ServiceDetection } from '../../../services/contract.ts';
import { services } from '../../../services/registry.gen.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { type Path, pathOf } from './paths.ts';

/** A database in a file, and where the options say so; `path` where they say which file. */
export type EmbeddedOptions = {
  readonly service: ServiceDetection;
  readonly source: Source;
  readonly node: Node;
  readonly path?: Path;
  readonly from: Evidence;
};

/** How mappers are told which kind of database they speak to, and where it is: Knex, Sequelize, TypeORM. */
const dialects: readonly (readonly [kind: string, place: string])[] = [
  ['client', 'connection'],
  ['dialect', 'storage'],
  ['type', 'database'],
];

/** Options that production does not take: `{ development: { client: 'sqlite3' }, production: { client: 'pg' } }`. */
const elsewhere = /^(dev|development|local|test|testing|ci)$/i;

const known = new WeakMap<AnalysisContext['modules'], readonly EmbeddedOptions[]>();

/** Every database in a file that options of the reached sources name for production. */
export function embeddedOptions(context: AnalysisContext): readonly EmbeddedOptions[] {
  const before = known.get(context.modules);
  if (before) return before;
  const found: EmbeddedOptions[] = [];
  for (const source of context.modules.sources)
    walk(source.program, (node, ancestors) => {
      const isElsewhere = ancestors.some(
        (ancestor) => ancestor.type === 'Property' && elsewhere.test(keyName(ancestor.key, ancestor.computed) ?? ''),
      );
      if (node.type === 'ObjectExpression' && !isElsewhere) found.push(...saidBy(context, source, node));
    });
  known.set(context.modules, found);
  return found;
}

function saidBy(context: AnalysisContext, source: Source, options: Node): readonly EmbeddedOptions[] {
  for (const [kind, place] of dialects) {
    const option = property(options, kind);
    const where = option && property(options, place);
    const service = option && where && serviceOf(dialectOf(context, source, option));
    if (!service) continue;
    const inner = unwrap(where);
    const file = inner.type === 'ObjectExpression' ? fileIn(inner) : inner;
    const path = file && pathOf(context, source, file);
    const from = inSource(source, option.start, `the options of the mapper say ${service.title}`);
    return [{ service, source, node: option, ...(path ? { path } : {}), from }];
  }
  return [];
}

/** What is said, or stands in where a variable says it: the example of the project before the default. */
function dialectOf(context: AnalysisContext, source: Source, said: Node): string | undefined {
  const { variable, value } = resolveValue(context, source, said);
  const example = variable && context.app.examples.get(variable.name)?.value;
  return example === undefined || example === '' ? value : example;
}

const serviceOf = (dialect: string | undefined): ServiceDetection | undefined =>
  services.find(
    (service) =>
      service.embedded &&
      dialect !== undefined &&
      [service.name, ...service.words, ...service.clients].includes(dialect),
  );

/** The name of the file in the object of the connection, also where it is there on a condition: `...(isFile && { filename })`. */
const fileIn = (connection: Node): Node | undefined =>
  nodesOf(connection, 'Property').find(({ key, computed }) => keyName(key, computed) === 'filename')?.value;
