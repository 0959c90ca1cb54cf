import { lookup, type Node, namesIn, propertyName, type Source, unwrap } from '../../../formats/source/index.ts';
import { typeOfField, typeOfParameter } from './classes.ts';
import type { AccessorCall } from './types.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

const library = '@nestjs/config';

/** Whether a file names such a service, of the library or of the project: `ConfigService`, `AppConfigService`, `configService`. */
const namesService = (source: Source): boolean =>
  [...namesIn(source).keys()].some((name) => name.includes('onfigService'));

/** A service of configuration by dependency injection: `this.configService.get<string>('PORT', '3000')`, `config.getOrThrow('TOKEN')`. */
export function ofService(
  source: Source,
  call: Call,
  textOf: (node: Node) => string | undefined,
): AccessorCall | undefined {
  const asked = askedOf(source, call);
  if (!asked) return undefined;
  if (!source.imports.some((imported) => imported.specifier === library) && !namesService(source)) return undefined;
  const [first, second] = call.arguments;
  const name = first && textOf(first);
  // a key of a namespace, such as `database.host`, is no variable
  if (!/^config/i.test(asked.holder ?? '') || name === undefined || !/^[A-Z][A-Z0-9_]*$/.test(name)) return undefined;
  const fallback = second && second.type !== 'ObjectExpression' ? second : undefined;
  return { name, required: asked.method === 'getOrThrow', ...(fallback ? { fallback } : {}) };
}

/** The key that a class of the project hands on to the service of the library that it has injected: `this.inner.get(key)`. */
export function keyHandedOn(
  source: Source,
  call: Call,
): { readonly key: Node; readonly required: boolean } | undefined {
  const asked = askedOf(source, call);
  if (!asked) return undefined;
  const type =
    typeOfField(source, asked.object) ??
    (asked.object.type === 'Identifier' ? typeOfParameter(source, asked.object) : undefined);
  if (type?.type !== 'Identifier' || lookup(source, type.name, type.start)?.kind !== 'import') return undefined;
  const own = source.imports.find((imported) => imported.names.some((name) => name.local === type.name));
  const [key] = call.arguments;
  return key && own?.specifier === library ? { key, required: asked.method === 'getOrThrow' } : undefined;
}

type ConfigRead = { readonly method: string; readonly object: Node; readonly holder: string | undefined };

/** What `get` and `getOrThrow` are called on. */
function askedOf(source: Source, call: Call): ConfigRead | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = propertyName(source, callee);
  if (method !== 'get' && method !== 'getOrThrow') return undefined;
  const object = unwrap(callee.object);
  const holder =
    object.type === 'MemberExpression'
      ? propertyName(source, object)
      : object.type === 'Identifier'
        ? object.name
        : isServiceCall(object)
          ? 'config'
          : undefined;
  return { method, object, holder };
}

/** `app.get(ConfigService)`. */
const isServiceCall = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  node.arguments.some((argument) => argument.type === 'Identifier' && argument.name === 'ConfigService');
