import { memberPath, nodesOf, type Source } from '../../../formats/source/index.ts';
import type { Dependency, Facts } from '../../../model/facts.ts';
import { visible } from '../../../model/visible.ts';
import { type App, inSource } from '../app.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import type { Commands } from '../scripts/commands.ts';
import { type Modules, packageOf } from './graph.ts';

/** Programs and plugins that put the real path in the place of an alias, while building or while the app runs. */
const resolvers = [
  'tsc-alias',
  'tscpaths',
  'ts-path-replace',
  'resolve-tspaths',
  'tsc-path-fix',
  'tspc',
  'ttsc',
  'typescript-transform-paths',
  '@zerollup/ts-transform-paths',
  'module-alias',
  '@ef-carbon/tspm',
  'link-module-alias',
  'babel-plugin-module-resolver',
];

/** What resolves aliases only where something loads it. */
const loaders = ['tsconfig-paths', 'module-alias', 'tsconfig-paths-webpack-plugin'];

type Outline = {
  readonly app: App;
  readonly toolchain: Toolchain;
  readonly commands: Pick<Commands, 'start' | 'startFile'>;
  readonly dependencies: readonly Dependency[];
  readonly modules: Modules;
};

/**
 * An import through `paths` of tsconfig.json, which the compiler leaves as it is (https://www.typescriptlang.org/tsconfig/#paths), where nothing
 * else resolves it: what the build makes does not start.
 */
export function unresolvedAliases({ app, toolchain, commands, dependencies, modules }: Outline): Facts['notes'] {
  const { start, startFile } = commands;
  const built = startFile?.value;
  if (!start || !('value' in start) || built === undefined || !/\.[cm]?js$/.test(built)) return [];
  if (app.project.has(app.path(built)) || !isCompiledOnly(toolchain)) return [];
  if (dependencies.some(({ name }) => resolvers.includes(name)) || app.manifest?.at(['_moduleAliases'])) return [];
  const words = [...start.value.argv, ...Object.values(start.value.env ?? {})].join(' ');
  if (loaders.some((name) => words.includes(name)) || 'NODE_PATH' in (start.value.env ?? {})) return [];
  if (modules.packages.some(({ name }) => loaders.includes(name))) return [];
  const installed = new Set(dependencies.map(({ name }) => name));
  for (const source of modules.sources) {
    const unresolved = source.imports.find(
      (imported) =>
        !imported.typeOnly &&
        !/^[./#]/.test(imported.specifier) &&
        !installed.has(packageOf(imported.specifier)) &&
        modules.resolve(source.file, imported.specifier) !== undefined &&
        isValue(source, imported.names),
    );
    if (!unresolved) continue;
    const specifier = visible(unresolved.specifier);
    const message = `${source.file} imports \`${specifier}\` through a path alias of tsconfig.json, which the compiler does not rewrite, and nothing resolves it when \`${start.value.argv.map(visible).join(' ')}\` runs, so the app does not start. Rewrite it in the build, for example with \`tsc && tsc-alias\``;
    return [
      {
        code: 'alias-left',
        message,
        from: [inSource(source, unresolved.span.start, `${unresolved.specifier} is imported`)],
      },
    ];
  }
  return [];
}

/** Whether the compiler alone makes what runs. */
function isCompiledOnly(toolchain: Toolchain): boolean {
  const programs = toolchain.buildScripts
    .flatMap((name) => toolchain.followed(name)?.commands ?? [])
    .map(({ argv }) => argv.find((word) => word !== 'npx') ?? '');
  const isOther = (name: string) =>
    resolvers.includes(name) || /^(esbuild|tsup|swc|webpack|rollup|vite|babel|ncc|nest|rspack|parcel|bun)$/.test(name);
  return programs.includes('tsc') && !programs.some(isOther);
}

/** Whether an import is there when the app runs: one of which only types are used is gone. */
function isValue(source: Source, names: Modules['sources'][number]['imports'][number]['names']): boolean {
  if (names.length === 0) return true;
  const locals = new Set(names.map(({ local }) => local));
  for (const node of nodesOf(source.program, 'CallExpression', 'NewExpression', 'MemberExpression')) {
    const path = node.type === 'MemberExpression' ? memberPath(node) : memberPath(node.callee);
    if (path !== undefined && locals.has(path.split('.')[0] ?? '')) return true;
    if (node.type === 'MemberExpression') continue;
    if (node.arguments.some((argument) => argument.type === 'Identifier' && locals.has(argument.name))) return true;
  }
  const used = [
    ...[...nodesOf(source.program, 'VariableDeclarator')].map(({ init }) => init),
    ...[...nodesOf(source.program, 'ClassDeclaration')].map(({ superClass }) => superClass),
  ];
  return used.some((node) => node?.type === 'Identifier' && locals.has(node.name));
}
