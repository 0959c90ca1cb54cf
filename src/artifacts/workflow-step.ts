/** The steps of a workflow of GitHub Actions, and the values in them, as nodes of YAML. */
import type { Action } from '../catalog/actions.ts';
import { expression, plainText } from '../formats/actions.ts';
import { map, scalar, type YamlEntry, type YamlMap, type YamlNode } from '../formats/yaml/print.ts';

/** A text of a project, or of ours, that stays what it is. */
export const text = (value: string | number | boolean, style: { quote?: boolean } = {}): YamlNode =>
  scalar(typeof value === 'string' ? plainText(value) : value, style);

/** A value that holds expressions of ours beside texts that are escaped already. */
export const raw = (value: string): YamlNode => scalar(value);

/** Lines of ours, or of values that are escaped already. */
export const block = (lines: string): YamlNode => scalar(lines, { block: true });

/** Values by key; undefined: the key is not written. */
export type Rows = Readonly<Record<string, YamlNode | undefined>>;

const entries = (rows: Rows, decision?: string): readonly YamlEntry[] =>
  Object.entries(rows).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value, ...(decision === undefined ? {} : { decision }) }],
  );

/** A mapping of values. */
export const table = (rows: Rows): YamlMap => map(entries(rows));

type StepParts = {
  readonly name: string;
  readonly decision: string;
  readonly comment?: string;
  readonly id?: string;
  readonly when?: string;
  readonly mayFail?: boolean;
  readonly env?: Rows | undefined;
  readonly uses?: Action;
  readonly with?: Rows;
  readonly run?: string;
};

/** One step. An action is named by its commit, with the release behind it. */
export function step({
  name,
  decision,
  comment,
  id,
  when,
  mayFail,
  env = {},
  uses,
  with: inputs = {},
  run,
}: StepParts): YamlMap {
  const hasEnv = Object.values(env).some((value) => value !== undefined);
  const rows: readonly YamlEntry[] = [
    { key: 'name', value: text(name), ...(comment === undefined ? {} : { comment }), decision },
    ...entries(
      {
        id: id === undefined ? undefined : scalar(id),
        if: when === undefined ? undefined : raw(expression(when)),
        'continue-on-error': mayFail ? scalar(true) : undefined,
      },
      decision,
    ),
    ...(uses ? [{ key: 'uses', value: scalar(`${uses.name}@${uses.commit}`), remark: uses.version, decision }] : []),
    ...(Object.keys(inputs).length > 0 ? [{ key: 'with', value: table(inputs), decision }] : []),
    ...(hasEnv ? [{ key: 'env', value: table(env), decision }] : []),
    ...(run === undefined ? [] : [{ key: 'run', value: block(run), decision }]),
  ];
  return map(rows, { flow: false });
}
