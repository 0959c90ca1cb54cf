import { type GoNode, nodesIn, stringOf } from '../../formats/go/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import { type GoEnvironment, goEnvironments, isOfModule } from '../../stacks/go.ts';
import { type GoProgram, inGo } from './program.ts';
import type { Value } from './value.ts';

/** A field of a struct that a library fills in from the environment. */
export type Tagged = { readonly value: Value & { readonly is: 'variable' }; readonly from: Evidence };

/** The pairs of the tag of a field: `env:"PORT" envDefault:"8080"`. */
function tagPairs(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const colon = text.indexOf(':"', at);
    const end = colon === -1 ? -1 : text.indexOf('"', colon + 2);
    if (end === -1) break;
    pairs.set(text.slice(at, colon).trim(), text.slice(colon + 2, end));
    at = end + 1;
  }
  return pairs;
}

/** The fields by name, for the library that the program imports. */
export function taggedFields(program: GoProgram): ReadonlyMap<string, readonly Tagged[]> {
  const library = goEnvironments.find(({ module }) => program.packages.some(({ path }) => isOfModule(path, module)));
  const found = new Map<string, Tagged[]>();
  if (!library) return found;
  const prefixes = prefixesOf(program, library);
  for (const file of program.files) {
    for (const spec of nodesIn(file.root, 'TypeSpec')) {
      const type = spec.children.find((child) => child.type === 'DefName')?.text ?? '';
      for (const field of nodesIn(spec, 'FieldDecl')) {
        const name = field.children.find((child) => child.type === 'FieldName')?.text;
        const value = name === undefined ? undefined : fieldValue(field, library, prefixes.get(type) ?? '');
        if (name === undefined || !value) continue;
        const from = inGo(file, field, `${value.name} is read into ${name}`);
        found.set(name, [...(found.get(name) ?? []), { value, from }]);
      }
    }
  }
  return found;
}

const tagOf = (field: GoNode): ReadonlyMap<string, string> =>
  tagPairs(stringOf(field.children.findLast(({ type }) => type === 'String')) ?? '');

/** What stands before the names of variables of a type, as the field of that type says it: `DB DBConfig` with `envPrefix:"DB_"`. */
function prefixesOf(program: GoProgram, { prefix }: GoEnvironment): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (prefix === undefined) return found;
  for (const file of program.files) {
    for (const field of nodesIn(file.root, 'FieldDecl')) {
      const before = tagOf(field).get(prefix);
      const type = nodesIn(field, 'TypeName').at(-1)?.text;
      if (before !== undefined && type !== undefined) found.set(type, before);
    }
  }
  return found;
}

function fieldValue(
  field: GoNode,
  library: GoEnvironment,
  prefix: string,
): (Value & { readonly is: 'variable' }) | undefined {
  const tag = tagOf(field);
  const [name = '', ...options] = (tag.get(library.name) ?? '').split(',');
  if (name === '' || name === '-') return undefined;
  const text = tag.get(library.fallback);
  const required = options.includes('required') || options.includes('notEmpty') || tag.get(library.required) === 'true';
  return {
    is: 'variable',
    name: `${prefix}${name}`,
    ...(text === undefined ? {} : { fallback: { is: 'text', text } }),
    ...(required ? { required: true } : {}),
  };
}
