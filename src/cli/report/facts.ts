import type { Context, Evidence, Facts, Generation, Known, Repository, Requirement, Unknown } from '../../index.ts';
import { columns, cut, stdoutWidth, style, wrapped, wrappedColumns } from '../terminal.ts';

export const place = (from: readonly Evidence[]): string => {
  const [first] = from;
  if (!first) return '';
  return first.file ? `${first.file}${first.line ? `:${first.line}` : ''}` : first.why;
};

/** What nothing says for sure: taken from something that only points to it, or from nothing at all. */
const guess = (from: readonly Evidence[]): string => (from[0]?.file ? `a guess from ${place(from)}` : 'default');

export type Row = readonly [name: string, value: string, from: string];

function row<T>(name: string, fact: Known<T> | Unknown | undefined, show: (value: T) => string): Row[] {
  if (!fact) return [];
  if ('ask' in fact) return [[name, `unknown: ${fact.why}`, place(fact.from)]];
  const by = fact.by === 'default' ? guess(fact.from) : fact.by === 'detected' ? place(fact.from) : fact.by;
  return [[name, show(fact.value), by]];
}

/** What the applications of a repository are, in the order in which they are listed. */
const kinds: Readonly<Record<string, string>> = {
  'web-service': 'services',
  'web-app': 'sites',
  'data-pipeline': 'jobs',
  worker: 'workers',
  'cli-tool': 'tools',
  library: 'libraries',
};

/** The packages of a repository by what they are; nothing where there is one alone. */
export function packageLines({ apps, others = [] }: Repository): string[] {
  if (apps.length + others.length < 2) return [];
  const kindOf = (facts: Facts): string =>
    facts.blocker ? 'not deployable' : 'value' in facts.archetype ? (kinds[facts.archetype.value] ?? '') : 'unknown';
  const listed = [
    ...apps.map((facts) => ({ kind: kindOf(facts), name: facts.name.value, root: facts.root })),
    ...others.map(({ application, name, root }) => ({ kind: application ? 'not read' : 'libraries', name, root })),
  ];
  const order = [...new Set([...Object.values(kinds), ...listed.map(({ kind }) => kind)])];
  const rows = order.flatMap((kind) =>
    listed
      .filter((item) => item.kind === kind)
      .map(({ name, root }, index): Row => [index === 0 ? kind : '', name, root]),
  );
  const refused = apps.flatMap(({ blocker }) => (blocker ? [blocker.message, ...blocker.next] : []));
  return [style.bold('Packages'), ...table(rows), ...refused.map((line) => `${style.warn('!')} ${line}`), ''];
}

const portText = ({ number, variable, inside }: PortFound): string =>
  [`${number}${variable ? ` from ${variable}` : ''}`, ...(inside ? [`for ${inside}`] : [])].join(', ');

type PortFound = {
  readonly number: number;
  readonly variable?: string | undefined;
  readonly inside?: string | undefined;
};

/** What was found in one app, each with its evidence. */
export function factRows(facts: Facts): Row[] {
  return [
    ...row('kind', facts.archetype, String),
    ...row(
      'runtime',
      facts.runtime,
      (value) => `${value.name} ${value.version}${value.range ? ` (${value.range})` : ''}`,
    ),
    ...row('packages', facts.lockfile, (value) => value.path),
    ...facts.frameworks.flatMap((framework) => row('framework', framework, String)),
    // pages are started by no file
    ...(facts.site && !('value' in facts.entry) ? [] : row('starts', facts.entry, String)),
    ...row('port', facts.port, portText),
    ...(facts.otherPorts ?? []).flatMap((port) => row('port', port, portText)),
    ...facts.services.map(
      (service): Row => [
        'service',
        `${service.service}${service.client ? ` by ${service.client}` : ''}`,
        place(service.from),
      ],
    ),
    ...facts.externals.map((external): Row => ['outside', external.name, place(external.from)]),
    ...facts.variables.map(
      (variable): Row => [
        'variable',
        `${variable.name}${variable.secret ? ', secret' : ''}${variable.required ? ', required' : variable.default === undefined ? '' : ` = ${variable.secret ? '…' : variable.default}`}`,
        place(variable.from),
      ],
    ),
    ...facts.routes.map((route): Row => ['route', `${route.method} ${route.path}`, place(route.from)]),
    ...row('signals', facts.signals, (value) => (value.length === 0 ? 'none handled' : value.join(', '))),
    ...facts.reads.flatMap((read) => row('reads', read, String)),
    ...facts.writes.flatMap((write) => row('writes', write, String)),
    ...row('tests', facts.commands.test, (value) => value.argv.join(' ')),
  ];
}

/** What is in no image and in no command of the deployment, with the reason and the place: what has one reason stands in one row. */
export function leftOutLines({ leftOut }: Pick<Generation, 'leftOut'>): string[] {
  if (leftOut.length === 0) return [];
  const reasons = [...new Set(leftOut.map(({ why }) => why))];
  const rows = reasons.map((why): Row => {
    const all = leftOut.filter((row) => row.why === why);
    const names = all.map(({ what }, at) => (at > 0 ? what.replace(/^script /, '') : what));
    return [names.join(', '), why, all.length === 1 ? place(all[0]?.from ?? []) : ''];
  });
  // names that need much room stand above their reason, so that the reasons of all keep in sight
  const isLong = ([names]: Row) => names.length > NAMES_WIDTH;
  const lines = wrappedColumns(
    rows.map((row) => [isLong(row) ? '' : row[0], row[2] ? `${row[1]}  ${style.dim(row[2])}` : row[1]]),
  );
  const shown = rows.flatMap((row, at) => [
    ...(isLong(row) ? wrapped('  ', row[0], stdoutWidth()) : []),
    ...(lines[at] ?? []),
  ]);
  return ['', style.bold('Left out, and why'), ...shown];
}

/** Columns that names of what is left out may take beside the reason. */
const NAMES_WIDTH = 36;

/** Rows with the evidence dimmed. */
export function table(rows: readonly Row[]): string[] {
  const plain = columns(rows.map(([name, value, from]) => [name, value, from]));
  return plain.map((line, index) => {
    const from = rows[index]?.[2] ?? '';
    return from && line.endsWith(from) ? line.slice(0, -from.length) + style.dim(from) : line;
  });
}

/** How far the specification goes, one line each. */
export function specificationLines({ specification }: Pick<Context, 'specification'>): string[] {
  if (!specification) return [];
  // what is clear first; what is not is shown and asked, never assumed
  const rank = (item: Requirement) => (item.certainty === 'clear' ? 0 : 1);
  const wanted = [...specification.requirements].sort((a, b) => rank(a) - rank(b));
  return table(
    wanted.map((item) => [
      item.certainty === 'clear' ? item.kind : `${item.kind}, unclear`,
      [item.service, item.name].filter(Boolean).join(' ') || short(item.from[0]?.text ?? ''),
      item.assertions.join(' ') || (item.from[0]?.why ?? ''),
    ]),
  );
}

const short = (text: string) => cut(text, 60);
