import type { Facts } from '../../../model/facts.ts';
import { inRepository } from '../../../model/folders.ts';
import type { OfferedSetting } from '../../../model/recipe.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { settingEdit } from './setting-edit.ts';

/** Settings of its framework that the owner of an app may want. */
export function offersOf(facts: Facts, read: (file: string) => string | undefined): readonly OfferedSetting[] {
  const found = detailsOf(facts).fullStack;
  return (found?.value.offers ?? []).map(({ name, file, what, why, setting }) => {
    const path = inRepository(facts, file);
    return { name, file: path, what, offer: settingEdit(path, read(path), setting, why), from: found?.from ?? [] };
  });
}
