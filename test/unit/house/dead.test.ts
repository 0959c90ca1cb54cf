import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/projects.ts';

/** One way in which a module uses another: `names` are those that it takes, `*` all of them; `as`: it gives them on under that name. */
type Use = { readonly of: string; readonly names: readonly string[]; readonly as?: string };
type Module = {
  readonly file: string;
  readonly uses: readonly Use[];
  /** what it declares and exports itself; types are left out */
  readonly values: readonly string[];
};

const targetOf = (file: string, specifier: string): string =>
  specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;

/** What a module imports and exports, also by `import()`, and by `createRequire(…)('name')` for what is no module. */
function readModule(file: string, code: string): Module {
  const { module, program } = parseSync(file, code);
  const stated = module.staticImports.map((one): Use => {
    const names = one.entries.map(({ importName }) =>
      importName.kind === 'Name' ? (importName.name ?? '') : importName.kind === 'Default' ? 'default' : '*',
    );
    return { of: targetOf(file, one.moduleRequest.value), names };
  });
  const entries = module.staticExports.flatMap((one) => one.entries);
  const given = entries.flatMap(({ moduleRequest, importName, exportName }): Use[] =>
    moduleRequest
      ? [
          {
            of: targetOf(file, moduleRequest.value),
            names: [importName.kind === 'Name' ? (importName.name ?? '') : '*'],
            as: exportName.name ?? '*',
          },
        ]
      : [],
  );
  const dynamic = module.dynamicImports.map(
    ({ moduleRequest }): Use => ({
      of: targetOf(file, code.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
      names: ['*'],
    }),
  );
  const required = [...code.matchAll(/createRequire\([^)]*\)\('([^']+)'\)/g)].map(
    (match): Use => ({ of: match[1] ?? '', names: ['*'] }),
  );
  const types = new Set(
    program.body.flatMap((node) => {
      const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : undefined;
      return declared?.type === 'TSTypeAliasDeclaration' || declared?.type === 'TSInterfaceDeclaration'
        ? [declared.id.name]
        : [];
    }),
  );
  const values = entries.flatMap(({ moduleRequest, isType, exportName }) =>
    moduleRequest || isType || types.has(exportName.name ?? '') ? [] : [exportName.name ?? 'default'],
  );
  return { file, uses: [...stated, ...given, ...dynamic, ...required], values };
}

const byFile = (modules: readonly Module[]): ReadonlyMap<string, Module> =>
  new Map(modules.map((one) => [one.file, one]));

/** The files that nothing reaches from the entries. */
function unreached(modules: readonly Module[], entries: readonly string[]): readonly string[] {
  const files = byFile(modules);
  const reached = new Set<string>();
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const module = reached.has(file) ? undefined : files.get(file);
    if (!module) continue;
    reached.add(file);
    queue.push(...module.uses.map((use) => use.of));
  }
  return [...files.keys()].filter((file) => !reached.has(file));
}

/** The values that no other module takes, `file: name`; what is only given on is taken where somebody takes it there. */
function untaken(modules: readonly Module[], from: readonly Module[]): readonly string[] {
  const taken = new Set<string>();
  const key = (file: string, name: string) => `${file}: ${name}`;
  for (let before = -1; before !== taken.size; ) {
    before = taken.size;
    for (const { file, uses } of [...modules, ...from])
      for (const { of, names, as } of uses)
        for (const name of names) {
          if (as === undefined) taken.add(key(of, name));
          else if (as !== '*' && (taken.has(key(file, as)) || taken.has(key(file, '*')))) taken.add(key(of, name));
          else if (as === '*')
            for (const one of [...taken])
              if (one.startsWith(`${file}: `)) taken.add(key(of, one.slice(file.length + 2)));
        }
  }
  return modules.flatMap(({ file, values }) =>
    values.filter((name) => !taken.has(key(file, name)) && !taken.has(key(file, '*'))).map((name) => key(file, name)),
  );
}

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
const modulesIn = (folder: string): readonly Module[] =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file))
    .sort()
    .map((file) => readModule(file, read(file)));

const modules = modulesIn('src');
const around = ['test', 'scripts', 'bench'].flatMap(modulesIn);
const entries = ['src/main.ts', 'src/index.ts'];
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'scripts',
  Record<string, string>
>;
const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

describe('every file of src', () => {
  it('is reached by imports from the program or from the API', () => {
    // a project in memory is what most tests read; it stays beside the project on disk, whose contract it keeps
    const forTests = ['src/project/memory.ts'];
    // a service that is a file of the app has nothing to load: its registry holds all of it
    const generated = modules.filter(({ file }) => {
      const registry = join(dirname(file), 'registry.gen.ts');
      const name = /name: '([^']+)'/.exec(read(file))?.[1];
      return (
        existsSync(join(repository, registry)) && name !== undefined && read(registry).includes(`"name": "${name}"`)
      );
    });
    const allowed = [...forTests, ...generated.map(({ file }) => file)];
    expect(unreached(modules, entries).filter((file) => !allowed.includes(file))).toEqual([]);
    expect(unreached(modules, entries)).toEqual(expect.arrayContaining(forTests));
  });

  it('exports no value that nobody takes', () => {
    const api = (file: string) => entries.includes(file);
    // what a registry is generated from is read by scripts/gen.ts; the day of the catalogue is there for people
    const known = (file: string) => existsSync(join(repository, dirname(file), 'registry.gen.ts'));
    const day = /^src\/catalog\/[\w-]+\.ts: asOf$/;
    const checked = modules.filter(({ file }) => !api(file) && !known(file));
    const found = untaken(modules, around).filter(
      (one) => !day.test(one) && checked.some(({ file }) => one.startsWith(`${file}: `)),
    );
    expect(found).toEqual([]);
  });
});

describe('every dependency', () => {
  it('of the product is imported by it', () => {
    const used = new Set(modules.flatMap(({ uses }) => uses.map((use) => packageOf(use.of))));
    expect(Object.keys(manifest.dependencies).filter((name) => !used.has(name))).toEqual([]);
  });

  it('of its making is used by a script, a test or a configuration', () => {
    const used = new Set([...around, ...modules].flatMap(({ uses }) => uses.map((use) => packageOf(use.of))));
    const configs = readdirSync(repository).filter((file) => /\.(ts|json)$/.test(file) && !file.startsWith('package'));
    const texts = [...Object.values(manifest.scripts), ...configs.map(read)];
    const programs = (name: string): readonly string[] => {
      const bin = (JSON.parse(read(`node_modules/${name}/package.json`)) as { bin?: string | Record<string, string> })
        .bin;
      return typeof bin === 'object' ? Object.keys(bin) : [name];
    };
    const types = (name: string) => name === '@types/node' || used.has(name.slice('@types/'.length));
    const idle = Object.keys(manifest.devDependencies).filter(
      (name) =>
        !used.has(name) &&
        !(name.startsWith('@types/') && types(name)) &&
        !programs(name).some((program) =>
          texts.some((text) => new RegExp(`(^|[\\s"'&])${program}([\\s"'/]|$)`).test(text)),
        ),
    );
    expect(idle).toEqual([]);
  });
});

describe('what is dead is seen', () => {
  const of = (files: Readonly<Record<string, string>>) =>
    Object.entries(files).map(([file, code]) => readModule(file, code));

  it('a file that only another dead one imports', () => {
    const files = of({
      'a.ts': "import './b.ts';\nawait import('./c.ts');",
      'b.ts': '',
      'c.ts': '',
      'd.ts': "import './e.ts';",
      'e.ts': '',
    });
    expect(unreached(files, ['a.ts'])).toEqual(['d.ts', 'e.ts']);
  });

  it('a value that is only given on, or only used where it is', () => {
    const files = of({
      'a.ts': "import { one } from './all.ts';\nimport * as whole from './whole.ts';\none(whole);",
      'all.ts': "export { one, two } from './b.ts';\nexport * from './c.ts';",
      'b.ts': 'export const one = 1;\nexport const two = 2;',
      'c.ts': 'export const three = 3;\nexport type Four = 4;\nexport const four = () => three;',
      'whole.ts': 'export const any = 1;',
    });
    expect(untaken(files, [])).toEqual(['b.ts: two', 'c.ts: three', 'c.ts: four']);
  });
});
