import { type Argument, type Expression, pathOf, type Statement } from '../../formats/python/index.ts';
import type { ValueKind } from '../../model/facts.ts';
import { type App, inModule, type Module, present, resolve } from './app.ts';
import { plainText, type VariableRead } from './variable-read.ts';

const bases = new Set([
  'pydantic_settings.BaseSettings',
  'pydantic.BaseSettings',
  'pydantic.v1.BaseSettings',
  'pydantic_settings.main.BaseSettings',
]);

type Class = Extract<Statement, { kind: 'class' }>;

/** The class of a base, and the module that it stands in, where it is one of the application. */
function classNamed(app: App, whole: string): { readonly module: Module; readonly own: Class } | undefined {
  const cut = whole.lastIndexOf('.');
  const module = app.byName.get(whole.slice(0, cut));
  const own = module?.syntax.body.find(
    (statement): statement is Class => statement.kind === 'class' && statement.name === whole.slice(cut + 1),
  );
  return module && own ? { module, own } : undefined;
}

/** Whether a statement is a class of settings, whose fields are read from variables (https://docs.pydantic.dev/latest/concepts/pydantic_settings/). */
export function isSettings(app: App, module: Module, statement: Statement, depth = 0): statement is Class {
  if (statement.kind !== 'class' || depth > 5) return false;
  return statement.bases.some(({ name, value }) => {
    const path = name === undefined ? pathOf(value) : undefined;
    if (path === undefined) return false;
    const whole = resolve(app, module, path);
    const base = classNamed(app, whole);
    return (
      bases.has(whole) ||
      (base !== undefined && base.own !== statement && isSettings(app, base.module, base.own, depth + 1))
    );
  });
}

const keyword = (args: readonly Argument[], name: string): Expression | undefined =>
  args.find((argument) => argument.name === name)?.value;

/** What the configuration of a class says: `model_config = SettingsConfigDict(env_prefix='SHOP_')`, or `class Config`. */
function configured(own: Class, name: string): string | undefined {
  for (const statement of own.body) {
    if (
      statement.kind === 'assign' &&
      statement.targets.some((target) => target.kind === 'name' && target.name === 'model_config')
    ) {
      const { value } = statement;
      if (value?.kind === 'call') return plainText(keyword(value.args, name));
      if (value?.kind === 'dictionary')
        return plainText(value.entries.find(([key]) => key.kind === 'text' && key.value === name)?.[1]);
    }
    if (statement.kind === 'class' && statement.name === 'Config')
      for (const inner of statement.body)
        if (inner.kind === 'assign' && inner.targets.some((target) => target.kind === 'name' && target.name === name))
          return plainText(inner.value);
  }
  return undefined;
}

/** The variables that the fields of a class of settings are read from. */
export function settingsUses(app: App, module: Module, own: Class): readonly VariableRead[] {
  const prefix = configured(own, 'env_prefix') ?? '';
  const delimiter = configured(own, 'env_nested_delimiter');
  return fieldsOf(app, module, own, prefix, delimiter, 0);
}

function fieldsOf(
  app: App,
  module: Module,
  own: Class,
  prefix: string,
  delimiter: string | undefined,
  depth: number,
): readonly VariableRead[] {
  return own.body.flatMap((statement): readonly VariableRead[] => {
    const [target] = statement.kind === 'assign' ? statement.targets : [];
    if (statement.kind !== 'assign' || target?.kind !== 'name' || !statement.type) return [];
    if (target.name === 'model_config' || target.name.startsWith('_') || isOfClass(statement.type)) return [];
    const inner = nestedClass(app, module, statement.type);
    if (inner && delimiter !== undefined && depth < 4) {
      const below = `${prefix}${target.name.toUpperCase()}${delimiter}`;
      return fieldsOf(app, inner.module, inner.own, below, delimiter, depth + 1).map((use) =>
        statement.value ? { ...use, required: false } : use,
      );
    }
    return inner ? [] : [fieldOf(module, statement, target.name, prefix)];
  });
}

const isOfClass = (type: Expression): boolean =>
  type.kind === 'subscript' && /(^|\.)ClassVar$/.test(pathOf(type.object) ?? '');

function nestedClass(app: App, module: Module, type: Expression) {
  const path = pathOf(type);
  const found = path === undefined ? undefined : classNamed(app, resolve(app, module, path));
  // an enumeration is a value
  const isEnum = found?.own.bases.some(({ value }) => /Enum$/.test(pathOf(value) ?? ''));
  return isEnum ? undefined : found;
}

/** The words of a type: `Annotated[SecretStr | None, …]` has `SecretStr` and `None`. */
function typeWords(type: Expression): readonly string[] {
  if (type.kind === 'none') return ['None'];
  if (type.kind === 'binary') return [...typeWords(type.left), ...typeWords(type.right)];
  if (type.kind === 'subscript') return [...typeWords(type.object), ...type.index.flatMap(typeWords)];
  const path = pathOf(type);
  return path === undefined ? [] : [path.split('.').at(-1) ?? path];
}

function kindOf(words: readonly string[]): ValueKind | undefined {
  if (words.some((word) => /^(int|float|PositiveInt|NonNegativeInt|Decimal)$/.test(word))) return 'number';
  if (words.includes('bool')) return 'boolean';
  if (words.some((word) => /(Url|Dsn)$/.test(word))) return 'url';
  return words.includes('EmailStr') ? 'email' : undefined;
}

function fieldOf(
  module: Module,
  item: Extract<Statement, { kind: 'assign' }>,
  field: string,
  prefix: string,
): VariableRead {
  const call =
    item.value?.kind === 'call' && pathOf(item.value.callee)?.split('.').at(-1) === 'Field' ? item.value : undefined;
  const words = item.type ? typeWords(item.type) : [];
  const given = call
    ? (call.args.find(({ name }) => name === undefined)?.value ?? keyword(call.args, 'default'))
    : item.value;
  const alias = call && aliasOf(call.args);
  const isMade = call !== undefined && keyword(call.args, 'default_factory') !== undefined;
  const name = alias ?? `${prefix}${field}`.toUpperCase();
  const value = plainText(given);
  // `...` stands for nothing, and `None` for one that may be left out
  const isOpen =
    given === undefined || (given.kind === 'other' && given.inside.length === 0 && given.end - given.start === 3);
  const purpose = plainText(call && keyword(call.args, 'description')) ?? module.syntax.comment(item.start);
  const required = isOpen && !isMade && !(words.includes('Optional') && given !== undefined);
  return {
    name,
    required,
    ...present('default', value),
    ...present('kind', kindOf(words)),
    ...present('purpose', purpose),
    ...(words.includes('SecretStr') || words.includes('SecretBytes') ? { secret: true as const } : {}),
    from: inModule(module, item.start, required ? `the settings require ${name}` : `the settings read ${name}`),
  };
}

/** The name that a field is read by in the place of its own. */
function aliasOf(args: readonly Argument[]): string | undefined {
  const value = keyword(args, 'validation_alias') ?? keyword(args, 'alias') ?? keyword(args, 'env');
  if (value?.kind === 'text') return value.value;
  const [first] =
    value?.kind === 'call' ? value.args : value?.kind === 'list' ? value.items.map((item) => ({ value: item })) : [];
  return plainText(first?.value);
}
