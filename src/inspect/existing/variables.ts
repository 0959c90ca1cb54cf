import type { ExistingCompose } from '../../model/existing.ts';
import { isTable } from '../../project/data.ts';
import { at } from './text.ts';

type Variables = NonNullable<ExistingCompose['variables']>;

/** A variable that a compose file takes from the environment, at the beginning of a text. */
const reference = /^\$(?:\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}$]*))?[^{}]*\}?|([A-Za-z_]\w*))/;

/** No variable with its default is longer. Characters. */
const MAX_REFERENCE = 300;

/** The variables that the values of compose files take from the environment, with their defaults, and what an example of settings says of each. */
export function variablesOf(
  roots: readonly { readonly file: string; readonly root: unknown }[],
  examples: Readonly<Record<string, string>>,
): Pick<ExistingCompose, 'variables'> {
  const found: Record<string, Variables[string]> = {};
  for (const { file, root } of roots)
    for (const text of textsIn(root))
      for (const { name, fallback } of referencesIn(text)) {
        const known = found[name];
        const value = known?.default ?? fallback;
        const example = Object.hasOwn(examples, name) ? examples[name] : undefined;
        found[name] = {
          ...(value === undefined ? {} : { default: value }),
          ...(example === undefined ? {} : { example }),
          from: known?.from ?? [at(file, undefined, `\${${name}}`)],
        };
      }
  return Object.keys(found).length > 0 ? { variables: found } : {};
}

function* textsIn(root: unknown): Generator<string> {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') yield value;
    else if (Array.isArray(value)) open.push(...value.toReversed());
    else if (isTable(value)) open.push(...Object.values(value).toReversed());
  }
}

function referencesIn(text: string): readonly { readonly name: string; readonly fallback?: string }[] {
  const found: { name: string; fallback?: string }[] = [];
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', at)) {
    if (text[at + 1] === '$') {
      at += 2;
      continue;
    }
    const [whole = '$', braced, operator, word = '', bare] = reference.exec(text.slice(at, at + MAX_REFERENCE)) ?? [];
    const name = braced ?? bare;
    // what is only asked for where another one is set, may stay unset
    const fallback = operator?.endsWith('-') ? word : operator?.endsWith('+') ? '' : undefined;
    if (name !== undefined) found.push({ name, ...(fallback === undefined ? {} : { fallback }) });
    at += whole.length;
  }
  return found;
}
