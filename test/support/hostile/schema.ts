import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../projects.ts';

/** As much of JSON Schema as the one of the compose specification uses. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
};

function moduleCache(): readonly string[] {
  try {
    const owner = join(
      execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim(),
      'github.com/compose-spec',
    );
    const versions = readdirSync(join(owner, 'compose-go')).filter((name) => name.startsWith('v2@'));
    return versions
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => join(owner, 'compose-go', name));
  } catch {
    return [];
  }
}

/**
 * The schema of the compose specification: from DOCKWRIGHT_COMPOSE_GO (a checkout), `.cache/compose-go` or the Go tool's module cache.
 * Undefined where the machine has none.
 */
export function composeSchema(): Schema | undefined {
  const named = process.env['DOCKWRIGHT_COMPOSE_GO'];
  for (const root of [...(named ? [named] : []), join(repository, '.cache/compose-go'), ...moduleCache()]) {
    const file = join(root, 'schema/compose-spec.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Schema;
    if (root === named) throw new Error(`DOCKWRIGHT_COMPOSE_GO: ${root} holds no compose-go.`);
  }
  return undefined;
}

/** Follows references, and merges what `allOf` puts together. */
export function resolved(root: Schema, schema: Schema): Schema {
  if (schema.$ref) return resolved(root, root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {});
  if (!schema.allOf) return schema;
  const parts = schema.allOf.map((part) => resolved(root, part));
  return {
    ...schema,
    properties: Object.assign({}, ...parts.map((part) => part.properties), schema.properties),
    patternProperties: Object.assign({}, ...parts.map((part) => part.patternProperties), schema.patternProperties),
  };
}
