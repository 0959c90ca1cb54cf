import type { Evidence } from '../../model/evidence.ts';

/** A file of settings that the program reads by its path, relative to the module. */
export type SettingsFile = { readonly path: string; readonly from: Evidence };

/** What files of settings say, and how viper makes variables of the keys. */
export type Settings = {
  readonly files: readonly SettingsFile[];
  /** files of variables that viper reads and the project does not have */
  readonly lacking: readonly string[];
  /** by key: parts between dots, in lower case */
  readonly values: ReadonlyMap<string, string>;
  readonly viper?: Viper;
  /** the same for koanf, whose fields have no tags that name variables */
  readonly koanf?: Viper;
};

export type Viper = {
  /** every key may be a variable */
  readonly automatic: boolean;
  readonly prefix: string;
  /** what stands in a variable for a part of a key: `.` as `_` */
  readonly replaced: readonly (readonly [string, string])[];
  /** variables that are named for a key */
  readonly bound: ReadonlyMap<string, string>;
};

/** The name of the variable that viper reads for a key; undefined: it reads none. */
export const variableOf = ({ viper }: Settings, key: string): string | undefined => variableBy(viper, key);

/** The name of the variable that a reader of settings makes of a key; undefined: none. */
export function variableBy(viper: Viper | undefined, key: string): string | undefined {
  const bound = viper?.bound.get(key.toLowerCase());
  if (bound !== undefined) return bound;
  return viper?.automatic
    ? viper.prefix +
        viper.replaced.reduce((text, [from, to]) => (from === '' ? text : text.replaceAll(from, to)), key).toUpperCase()
    : undefined;
}

const plainPart = (part: string): string => part.toLowerCase().replaceAll('_', '').replaceAll('-', '');

/**
 * What files of settings say of an expression such as `cfg.HTTP.Port`: the key that ends as it does, `http.port`. undefined: none does, or several do
 * equally well.
 */
export function settingOf(
  { values }: Settings,
  name: string,
): { readonly key: string; readonly text: string } | undefined {
  const words = name.split('.').map(plainPart);
  const scored = [...values].map(([key, text]) => ({
    key,
    text,
    score: sameEnd(key.split('.').map(plainPart), words),
  }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const [only, ...others] = scored.filter(({ score }) => score === best);
  return best > 0 && others.length === 0 ? only : undefined;
}

function sameEnd(key: readonly string[], words: readonly string[]): number {
  let same = 0;
  while (same < key.length && same < words.length && key.at(-1 - same) === words.at(-1 - same)) same += 1;
  return same;
}
