import { posix } from 'node:path';
import { property, stringValue, walk } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { readSource } from '../../../project/source.ts';
import { type App, inSource } from '../app.ts';
import { memberClosure } from '../workspace/member-closure.ts';

/** The kind of database that the settings of a mapper name: as the scheme of its addresses. */
export type DeclaredDatabase = { readonly scheme: string; readonly variable?: string; readonly from: Evidence };

/**
 * What `drizzle.config.*` (`dialect`) and Prisma's schema (`datasource`) say of the database: those of the app and, in a workspace, of the members that
 * it runs with.
 */
export const readDeclared = (app: App): readonly DeclaredDatabase[] =>
  foldersOf(app).flatMap((folder) => [...ofConfigs(app, folder), ...ofSchemas(app, folder)]);

/** The folder of the app, and those of the members that it runs with; the nearest first. */
const foldersOf = ({ project, root, members }: App): readonly string[] =>
  members ? memberClosure(project, members, [root], { runs: true }).toReversed() : [root];

function ofConfigs(app: App, folder: string): readonly DeclaredDatabase[] {
  const found: DeclaredDatabase[] = [];
  for (const ending of ['ts', 'js', 'mts', 'mjs']) {
    const file = pathIn(folder, `drizzle.config.${ending}`);
    const source = declaringFiles(app.project).includes(file) ? readSource(app.project, file) : undefined;
    if (!source) continue;
    walk(source.program, (node) => {
      const value = node.type === 'ObjectExpression' ? property(node, 'dialect') : undefined;
      const scheme = value && stringValue(source, value);
      if (value && scheme) found.push({ scheme, from: inSource(source, value.start, `the dialect is ${scheme}`) });
    });
  }
  return found;
}

/** The folder of the package that a folder belongs to. */
const packageOf = (project: Project, folder: string): string =>
  folder === '.' || project.has(pathIn(folder, 'package.json')) ? folder : packageOf(project, posix.dirname(folder));

const declaring = new WeakMap<Project, readonly string[]>();

/** The files of a project that name a database, looked for once: a workspace asks for those of each of many folders. */
function declaringFiles(project: Project): readonly string[] {
  const found =
    declaring.get(project) ??
    project.files().filter((file) => file.endsWith('.prisma') || /(^|\/)drizzle\.config\.[cm]?[jt]s$/.test(file));
  declaring.set(project, found);
  return found;
}

/** The `datasource` block: `provider = "postgresql"` and `url = env("DATABASE_URL")`. */
function ofSchemas(app: App, folder: string): readonly DeclaredDatabase[] {
  const own = declaringFiles(app.project).filter(
    (file) => file.endsWith('.prisma') && packageOf(app.project, posix.dirname(file)) === folder,
  );
  const usual = own.filter(
    (file) => file.startsWith(`${pathIn(folder, 'prisma')}/`) || file === pathIn(folder, 'schema.prisma'),
  );
  const files = usual.length > 0 ? usual : own;
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
