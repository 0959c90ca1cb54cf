import type { Plan, Setting } from '../model/plan.ts';

/** What the person who runs the deployment sets, by the name of the variable. */
export type Settings = Readonly<Record<string, Setting>>;

/** What a planner decides, and the settings that it needs. */
export type Planned<T> = { readonly value: T; readonly settings: Settings };

/** The settings of several planners, in their order: of one name the first counts. */
export const joined = (...all: readonly Settings[]): Settings => ({
  // the order of the names, and then the values
  ...Object.assign({}, ...all),
  ...Object.assign({}, ...all.toReversed()),
});

/** The rows of a table by name, so that the order of planning shows nowhere. */
export const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The settings that hold a secret, as secrets of the plan. */
export const secretsOf = (settings: Settings): Plan['secrets'] =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([variable, { secret, decision }]) =>
      secret ? [[variable, { variable, decision }]] : [],
    ),
  );
