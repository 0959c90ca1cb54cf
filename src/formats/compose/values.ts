import type { ComposeModel } from './model.ts';

/** Every string of a model, keys too, in no order that means anything. */
export function* valuesIn(model: ComposeModel): Generator<string> {
  const open: unknown[] = [model];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') yield value;
    else if (Array.isArray(value)) open.push(...value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) open.push(key, inner);
  }
}

/**
 * A model as JSON for `docker compose --file`. Each `$` of a value is written `$$`, as compose fills in variables of its environment in every
 * value, and in no key: with this text it has nothing to fill in.
 */
export const printCompose = (model: ComposeModel): string => `${JSON.stringify(model, escapeDollars, 2)}\n`;

const escapeDollars = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('$', '$$$$') : value;
