/**
 * Writes the registries from the folders: `npm run gen`; with `--check` it fails where one is out of date.
 * A stack, a service or an artifact is one file; nobody keeps a second list by hand.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');
const check = process.argv.includes('--check');

type Room = {
  folder: string;
  contract: string;
  types: string;
  part: string;
  type: string;
  /** each entry is a folder with an index.ts */
  folders?: boolean;
  /** languages whose entries have a contract of their own, and a registry of their own beside the common one */
  languages?: Readonly<Record<string, Pick<Room, 'contract' | 'type'>>>;
};
const rooms: Room[] = [
  {
    folder: 'src/languages',
    contract: './contract.ts',
    types: 'LanguageDetection',
    part: 'language',
    type: 'Language',
    folders: true,
  },
  {
    folder: 'src/stacks/runtimes',
    contract: '../contract.ts',
    types: 'Detection',
    part: 'runtime',
    type: 'Runtime',
    languages: { python: { contract: '../python.ts', type: 'PythonRuntime' } },
  },
  {
    folder: 'src/stacks/managers',
    contract: '../contract.ts',
    types: 'Detection',
    part: 'manager',
    type: 'Manager',
    languages: { python: { contract: '../python.ts', type: 'PythonManager' } },
  },
  { folder: 'src/stacks/builders', contract: '../contract.ts', types: 'Detection', part: 'builder', type: 'Builder' },
  { folder: 'src/stacks/sites', contract: '../contract.ts', types: 'Detection', part: 'site', type: 'Site' },
  {
    folder: 'src/stacks/fullstack',
    contract: '../contract.ts',
    types: 'Detection',
    part: 'fullStack',
    type: 'FullStack',
  },
  {
    folder: 'src/stacks/packages',
    contract: '../contract.ts',
    types: 'Detection',
    part: 'packageKind',
    type: 'PackageKind',
  },
  {
    folder: 'src/stacks/migrators',
    contract: '../contract.ts',
    types: 'Detection',
    part: 'migrator',
    type: 'Migrator',
    languages: { python: { contract: '../python.ts', type: 'PythonMigrator' } },
  },
  {
    folder: 'src/stacks/servers',
    contract: '../contract.ts',
    types: 'Detection',
    part: 'framework',
    type: 'Framework',
    languages: { python: { contract: '../python.ts', type: 'PythonFramework' } },
  },
  { folder: 'src/hints', contract: './contract.ts', types: 'HintDetection', part: 'hint', type: 'PlatformFile' },
  {
    folder: 'src/services',
    contract: './contract.ts',
    types: 'ServiceDetection',
    part: 'service',
    type: 'BackingService',
  },
];

/** The files of a room that are entries: one each, without the contract, the registry and helpers in sub-folders. */
const entries = ({ folder, folders }: Pick<Room, 'folder' | 'folders'>): string[] =>
  readdirSync(join(root, folder))
    .filter((file) => (folders ? existsSync(join(root, folder, file, 'index.ts')) : /^[a-z][a-z0-9-]*\.ts$/.test(file)))
    .filter((file) => file !== 'contract.ts')
    .map((file) => (folders ? `${file}/index.ts` : file))
    .sort();

/** The registry of the entries of a room that are of one language; without a language, of those that name none. */
async function registry(room: Room, language?: string): Promise<string> {
  const data: unknown[] = [];
  const loaders: string[] = [];
  for (const file of entries(room)) {
    const loaded = await import(pathToFileURL(join(root, room.folder, file)).href);
    const name = room.folders ? dirname(file) : basename(file, '.ts');
    if (loaded.detection?.name !== name) throw new Error(`${room.folder}/${file}: detection.name must be '${name}'`);
    if (!room.folders && loaded.detection.language !== language) {
      const other = loaded.detection.language;
      if (other === undefined || Object.hasOwn(room.languages ?? {}, other)) continue;
      throw new Error(`${room.folder}/${file}: the room has no registry of the language '${other}'`);
    }
    data.push(loaded.detection);
    if (loaded[room.part]) loaders.push(`  '${name}': async () => (await import('./${file}')).${room.part},`);
    else if (!loaded.detection.embedded && !loaded.detection.outside)
      throw new Error(`${room.folder}/${file}: exports no '${room.part}'`);
  }
  const { contract, type } = (language === undefined ? undefined : room.languages?.[language]) ?? room;
  return `// DO NOT EDIT: \`npm run gen\` writes this from the files of this folder.
${importsOf(contract, type, room)}

/** How each is recognised, by name. */
export const ${language === undefined ? room.part : partOf(type)}s: readonly ${room.types}[] = ${JSON.stringify(data, null, 2)};

const loaders: Readonly<Record<string, () => Promise<${type}>>> = {
${loaders.join('\n')}
};

/** Loads one by its name; undefined where there is none of that name. */
export const load${type} = async (name: string): Promise<${type} | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
`;
}

/** The name of what a contract of one language describes: `pythonRuntime`. */
const partOf = (type: string): string => type.charAt(0).toLowerCase() + type.slice(1);

const importsOf = (contract: string, type: string, room: Room): string =>
  contract === room.contract
    ? `import type { ${type}, ${room.types} } from '${contract}';`
    : `import type { ${room.types} } from '${room.contract}';\nimport type { ${type} } from '${contract}';`;

const artifactFolder = 'src/artifacts';

/** The files of artifacts/ that export `artifact`, in their order. All are printed in every run, so none is loaded apart. */
async function artifactRegistry(): Promise<string> {
  const found: { file: string; name: string; order: number }[] = [];
  for (const file of entries({ folder: artifactFolder })) {
    // what prints nothing by itself may need the registry, which is not there yet the first time
    if (!/^export const artifact\b/m.test(readFileSync(join(root, artifactFolder, file), 'utf8'))) continue;
    const { artifact } = await import(pathToFileURL(join(root, artifactFolder, file)).href);
    if (artifact.name !== basename(file, '.ts')) throw new Error(`${file}: artifact.name must be its own name`);
    const same = found.find(({ order }) => order === artifact.order);
    if (same) throw new Error(`${artifactFolder}: ${same.file} and ${file} have the same order, ${artifact.order}`);
    found.push({ file, name: artifact.name, order: artifact.order });
  }
  const local = (name: string) => name.replace(/-./g, (pair) => pair.charAt(1).toUpperCase());
  const imports = found.map(({ file, name }) => `import { artifact as ${local(name)} } from './${file}';`);
  const names = [...found].sort((a, b) => a.order - b.order).map(({ name }) => `  ${local(name)},`);
  return `// DO NOT EDIT: \`npm run gen\` writes this from the files of this folder.
${imports.join('\n')}
import type { ArtifactPrinter } from './contract.ts';

/** Every kind of generated file, in the order in which they are printed. */
export const artifacts: readonly ArtifactPrinter[] = [
${names.join('\n')}
];
`;
}

const ruleFolder = 'src/lint/rules';

/** The rules: each file exports one as `rule`. All judge in every run, so none is loaded apart. */
async function ruleRegistry(): Promise<string> {
  const files = entries({ folder: ruleFolder });
  for (const file of files) {
    const { rule } = await import(pathToFileURL(join(root, ruleFolder, file)).href);
    if (rule?.name !== basename(file, '.ts')) throw new Error(`${ruleFolder}/${file}: rule.name must be its own name`);
  }
  const local = (file: string) => basename(file, '.ts').replace(/-./g, (pair) => pair.charAt(1).toUpperCase());
  return `// DO NOT EDIT: \`npm run gen\` writes this from the files of this folder.
import type { Rule } from '../contract.ts';
${files.map((file) => `import { rule as ${local(file)} } from './${file}';`).join('\n')}

/** Every rule, by name. */
export const rules: readonly Rule[] = [
${files.map((file) => `  ${local(file)},`).join('\n')}
];
`;
}

const written: (readonly [path: string, text: string])[] = [
  [join(root, artifactFolder, 'registry.gen.ts'), await artifactRegistry()],
  [join(root, ruleFolder, 'registry.gen.ts'), await ruleRegistry()],
];
for (const room of rooms) {
  written.push([join(root, room.folder, 'registry.gen.ts'), await registry(room)]);
  for (const language of Object.keys(room.languages ?? {}))
    written.push([join(root, room.folder, `${language}.registry.gen.ts`), await registry(room, language)]);
}

let stale = false;
for (const [path, text] of written) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (check) {
    console.error(`${relative(root, path)} is out of date: run \`npm run gen\``);
    stale = true;
  } else {
    writeFileSync(path, text);
    console.log(`wrote ${relative(root, path)}`);
  }
}
if (stale) process.exit(1);
