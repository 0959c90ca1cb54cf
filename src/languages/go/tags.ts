import { type GoNode, nodesIn, stringOf } from '../../formats/go/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import { type GoEnvironment, goEnvironments, isOfModule } from '../../stacks/go.ts';
import { type GoProgram, inGo } from './program.ts';
import { type Settings, variableOf } from './setting-values.ts';
import type { Value } from './value.ts';

/** A field of a struct that a library fills in from the environment. */
export type Tagged = {
  readonly value: Value & { readonly is: 'variable' };
  /** the type that has the field */
  readonly owner: string;
  readonly from: Evidence;
};

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
export function taggedFields(program: GoProgram, settings?: Settings): ReadonlyMap<string, readonly Tagged[]> {
  const library = goEnvironments.find(({ module }) => program.packages.some(({ path }) => isOfModule(path, module)));
  const found = new Map<string, Tagged[]>();
  if (!library) return settings?.viper ? viperFields(program, settings) : found;
  const prefixes = prefixesOf(program, library);
  for (const file of program.files) {
    for (const spec of nodesIn(file.root, 'TypeSpec')) {
      const type = spec.children.find((child) => child.type === 'DefName')?.text ?? '';
      for (const field of nodesIn(spec, 'FieldDecl')) {
        const name = field.children.find((child) => child.type === 'FieldName')?.text;
        const value = name === undefined ? undefined : fieldValue(field, library, prefixes.get(type) ?? '');
        if (name === undefined || !value) continue;
        const from = inGo(file, field, `${value.name} is read into ${name}`);
        found.set(name, [...(found.get(name) ?? []), { value, owner: type, from }]);
      }
    }
  }
  return found;
}

/** The tag by which viper fills in a field. */
const viperTag = 'mapstructure';

/** Fields that `viper.Unmarshal` fills in: the key is that of the tags of the types around it. */
function viperFields(program: GoProgram, settings: Settings): ReadonlyMap<string, readonly Tagged[]> {
  const found = new Map<string, Tagged[]>();
  const fields = program.files.flatMap((file) =>
    nodesIn(file.root, 'TypeSpec').flatMap((spec) => {
      const owner = spec.children.find((child) => child.type === 'DefName')?.text ?? '';
      return nodesIn(spec, 'FieldDecl').flatMap((field) => {
        const name = field.children.find((child) => child.type === 'FieldName')?.text;
        const key = tagOf(field).get(viperTag)?.split(',')[0];
        const type = nodesIn(field, 'TypeName').at(-1)?.text ?? '';
        return name === undefined || key === undefined || key === '' || key === '-'
          ? []
          : [{ owner, name, key, type, field, file }];
      });
    }),
  );
  const types = new Set(fields.map(({ owner }) => owner));
  const before = (owner: string, depth: number): string => {
    const around = depth > 6 ? undefined : fields.find(({ type }) => type === owner);
    return around ? `${before(around.owner, depth + 1)}${around.key}.` : '';
  };
  for (const { owner, name, key, type, field, file } of fields) {
    if (types.has(type)) continue;
    const whole = `${before(owner, 0)}${key}`;
    const variable = variableOf(settings, whole);
    if (variable === undefined) continue;
    const text = settings.values.get(whole.toLowerCase());
    const value = {
      is: 'variable' as const,
      name: variable,
      ...(text === undefined ? {} : { fallback: { is: 'text' as const, text } }),
    };
    found.set(name, [
      ...(found.get(name) ?? []),
      { value, owner, from: inGo(file, field, `${variable} is read into ${name}`) },
    ]);
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
