import type { ComposeMap } from '../../formats/compose/model.ts';
import { below, isMap, note, refuse, type Scope } from './context.ts';

/** What becomes of a key. Every key that a table does not hold is dropped and listed. */
export type Rule =
  /** goes in as it is: a scalar, or a list or a map of scalars */
  | { readonly does: 'pass' }
  /** means nothing in a run of verify, or verify sets it itself: left out and not listed */
  | { readonly does: 'omit' }
  /** left out and listed; `unless` tells harmless values, which go in */
  | { readonly does: 'drop'; readonly why: string; readonly unless?: (value: unknown) => boolean }
  /** stops the run, unless a person allows it */
  | { readonly does: 'refuse'; readonly why: string; readonly unless?: (value: unknown) => boolean }
  /** a map with a table of its own */
  | { readonly does: 'keys'; readonly keys: Table }
  /** its value decides; gives back what goes in, or undefined */
  | { readonly does: 'judge'; readonly judge: (value: unknown, scope: Scope) => unknown };

export type Table = Readonly<Record<string, Rule>>;

export const pass: Rule = { does: 'pass' };
export const omit: Rule = { does: 'omit' };
export const drop = (why: string, unless?: (value: unknown) => boolean): Rule => ({
  does: 'drop',
  why,
  ...(unless ? { unless } : {}),
});
export const refused = (why: string, unless?: (value: unknown) => boolean): Rule => ({
  does: 'refuse',
  why,
  ...(unless ? { unless } : {}),
});
export const keys = (table: Table): Rule => ({ does: 'keys', keys: table });
export const judged = (judge: (value: unknown, scope: Scope) => unknown): Rule => ({ does: 'judge', judge });

const UNKNOWN = 'Dockwright does not know this key';

/** Whether a key asks for nothing: Compose prints such values where nothing was written. */
const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && Object.keys(value).length === 0);

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';

const isFlat = (value: unknown): boolean =>
  isScalar(value) || (Array.isArray(value) ? value : Object.values(value as ComposeMap)).every(isScalar);

/** What of a map goes in by a table. `scopeOf` tells where a key stands. */
export function applyTable(map: ComposeMap, table: Table, scopeOf: (key: string) => Scope): ComposeMap {
  const entries = Object.entries(map).flatMap(([key, value]): [string, unknown][] => {
    // extension fields carry no meaning of their own
    if (key.startsWith('x-')) return [];
    const rule = Object.hasOwn(table, key) ? table[key] : undefined;
    const made = applyRule(rule, value, scopeOf(key));
    return made === undefined ? [] : [[key, made]];
  });
  return Object.fromEntries(entries);
}

/** What of one value goes in; undefined: nothing. */
function applyRule(rule: Rule | undefined, value: unknown, scope: Scope): unknown {
  if (rule?.does === 'pass') return passed(value, scope);
  if (rule?.does === 'judge') return value === undefined || value === null ? undefined : rule.judge(value, scope);
  if (rule?.does === 'omit' || isNothing(value)) return undefined;
  if (rule === undefined) {
    note(scope, 'dropped', UNKNOWN);
    return undefined;
  }
  if (rule.does === 'keys') return nested(rule.keys, value, scope);
  if (rule.unless?.(value)) return passed(value, scope);
  if (rule.does === 'refuse') return refuse(scope, rule.why) ? value : undefined;
  note(scope, 'dropped', rule.why);
  return undefined;
}

function passed(value: unknown, scope: Scope): unknown {
  if (isFlat(value)) return value;
  note(scope, 'dropped', 'its value has a form that Dockwright does not support');
  return undefined;
}

function nested(table: Table, value: unknown, scope: Scope): unknown {
  if (isMap(value)) return applyTable(value, table, (key) => below(scope, key, value));
  note(scope, 'dropped', 'its value has a form that Dockwright does not support');
  return undefined;
}
