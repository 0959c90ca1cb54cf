import { property, stringValue, walk } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { readSource } from '../../../project/source.ts';
import { type App, inSource } from '../app.ts';

/** The kind of database that the settings of a mapper name: as the scheme of its addresses. */
export type Declared = { readonly scheme: string; readonly variable?: string; readonly from: Evidence };

/** What `drizzle.config.*` (`dialect`) and Prisma's schema (`datasource`) say of the database. */
export const readDeclared = (app: App): readonly Declared[] => [...ofConfigs(app), ...ofSchemas(app)];

function ofConfigs(app: App): readonly Declared[] {
  const found: Declared[] = [];
  for (const ending of ['ts', 'js', 'mts', 'mjs']) {
    const file = app.path(`drizzle.config.${ending}`);
    const source = readSource(app.project, file);
    if (!source) continue;
    walk(source.program, (node) => {
      const value = node.type === 'ObjectExpression' ? property(node, 'dialect') : undefined;
      const scheme = value && stringValue(source, value);
      if (value && scheme) found.push({ scheme, from: inSource(source, value.start, `the dialect is ${scheme}`) });
    });
  }
  return found;
}

/** The `datasource` block: `provider = "postgresql"` and `url = env("DATABASE_URL")`. */
function ofSchemas(app: App): readonly Declared[] {
  const folder = app.path('prisma/');
  const files = app.project
    .files()
    .filter((file) => file.endsWith('.prisma') && (file.startsWith(folder) || file === app.path('schema.prisma')));
  return files.flatMap((file) => {
    let inside = false;
    let provider: { scheme: string; line: number } | undefined;
    let variable: string | undefined;
    for (const [index, raw] of (app.project.read(file) ?? '').split('\n').entries()) {
      const line = (raw.split('//')[0] ?? '').trim();
      if (/^datasource\s/.test(line)) inside = true;
      else if (line === '}') inside = false;
      if (!inside) continue;
      const scheme = /^provider\s*=\s*"([^"]+)"/.exec(line)?.[1];
      if (scheme) provider = { scheme, line: index + 1 };
      variable ??= /^url\s*=\s*env\("([^"]+)"\)/.exec(line)?.[1];
    }
    if (!provider) return [];
    const from = { file, line: provider.line, why: `the provider is ${provider.scheme}` };
    return [{ scheme: provider.scheme, ...(variable === undefined ? {} : { variable }), from }];
  });
}
