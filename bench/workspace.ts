/**
 * Measures how long it takes to read a repository with 1,000 packages, and how much memory: `npm run bench:workspace`, after `npm run build`. The
 * repository is made in the temporary folder. Writes its part of README.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli, root, type Times, timesOf } from './measure.ts';

const runs = 7;
const applications = 20;
const libraries = 980;
const modulesOfEach = 5;

/** What is wanted of every command: milliseconds, and bytes at the peak. */
const wanted = { milliseconds: 1500, memory: 300e6 };

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const library = (index: number): string => `lib-${String(index).padStart(3, '0')}`;

/** Libraries need each other within a group of so many, as those of one subject do. */
const group = 24;

/** The libraries that a package needs: some that come later, so that there is no circle. */
const needs = (index: number): readonly string[] =>
  [index + 1, index + 5]
    .filter((one) => one < libraries && Math.floor(one / group) === Math.floor(index / group))
    .map(library);

function packageAt(folder: string, manifest: object, imports: readonly string[], first: string): [string, string][] {
  const others = numbers(modulesOfEach).map((at): [string, string] => [
    `${folder}/src/part-${at}.ts`,
    `export const part${at} = (value: number): number => value * ${at + 1};\n`,
  ]);
  const lines = [
    ...numbers(modulesOfEach).map((at) => `import { part${at} } from './part-${at}.ts';`),
    ...imports.map((name, at) => `import { value as other${at} } from '@large/${name}';`),
  ];
  return [
    [`${folder}/package.json`, `${JSON.stringify(manifest, undefined, 2)}\n`],
    [`${folder}/src/index.ts`, `${lines.join('\n')}\n${first}\n`],
    ...others,
  ];
}

const dependenciesOn = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`@large/${name}`, 'workspace:*']));

function files(): readonly [string, string][] {
  const apps = numbers(applications).flatMap((index) => {
    const used = [library(index * 24), library(((index * 7) % 40) * 24 + 12)];
    const manifest = {
      name: `app-${index}`,
      private: true,
      type: 'module',
      scripts: { start: 'node src/index.ts' },
      dependencies: { express: 'catalog:', ...dependenciesOn(used) },
    };
    const listen = `import express from 'express';\nexpress().get('/', (_, answer) => answer.send(String(part0(1)))).listen(process.env.PORT ?? ${3000 + index});`;
    return packageAt(`apps/app-${index}`, manifest, used, listen);
  });
  const packages = numbers(libraries).flatMap((index) => {
    const manifest = {
      name: `@large/${library(index)}`,
      version: '1.0.0',
      type: 'module',
      exports: './src/index.ts',
      dependencies: dependenciesOn(needs(index)),
    };
    return packageAt(`packages/${library(index)}`, manifest, needs(index), 'export const value = part0(1);');
  });
  const importers = [...apps, ...packages].flatMap(([path]) =>
    path.endsWith('/package.json') ? [`  ${dirname(path)}:\n    dependencies: {}\n`] : [],
  );
  return [
    ['package.json', '{ "name": "large", "private": true, "packageManager": "pnpm@10.20.0" }\n'],
    ['pnpm-workspace.yaml', 'packages: [apps/*, packages/*]\ncatalog:\n  express: ^5.1.0\n'],
    ['pnpm-lock.yaml', `lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n${importers.join('')}`],
    ...apps,
    ...packages,
  ];
}

type Sample = { readonly milliseconds: number; readonly memory: number };

/** Runs one command in the repository; the process itself says how much memory it held at its peak. */
function sample(folder: string, words: readonly string[]): Sample {
  const usage = join(folder, '.git-usage');
  const probe = join(folder, '.git-probe.cjs');
  writeFileSync(
    probe,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(usage)}, String(process.resourceUsage().maxRSS)));`,
  );
  const begin = performance.now();
  const run = spawnSync(process.execPath, ['--require', probe, cli, ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const milliseconds = performance.now() - begin;
  if (run.status !== 0) throw new Error(`${words.join(' ')} ended with ${run.status}: ${run.stderr}`);
  return { milliseconds, memory: Number(readFileSync(usage, 'utf8')) * 1024 };
}

/** The table; throws where a command fails. */
export function workspaceTable(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-large-')));
  try {
    for (const [path, text] of files()) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const commands = [
      ['inspect', '--json'],
      ['inspect', '--json', '--app', 'app-7'],
      ['--dry-run', '--app', 'app-7'],
    ];
    const rows = commands.map((words) => {
      const samples = numbers(runs).map(() => sample(folder, words));
      const times: Times = timesOf(samples.map((one) => one.milliseconds));
      const memory = Math.max(...samples.map((one) => one.memory));
      const held = times.median <= wanted.milliseconds && memory <= wanted.memory;
      const measured = `${Math.round(times.median)} ms (best ${Math.round(times.best)}), ${Math.round(memory / 1e6)} MB`;
      return `| \`dockwright ${words.join(' ')}\` | ${measured} | ≤ 1500 ms, ≤ 300 MB | ${held ? 'yes' : 'no'} |`;
    });
    return ['| What | Measured | Wanted | Held |', '| --- | --- | --- | --- |', ...rows].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const begin = '<!-- workspace: `npm run bench:workspace` writes this part -->';
const end = '<!-- end of workspace -->';

/** The part of the page that this file writes. */
export const workspacePart = (): string => `${begin}

A workspace of pnpm with ${applications} applications and ${libraries} libraries, ${(applications + libraries) * (modulesOfEach + 1)} source files (\`bench/workspace.ts\` makes it); ${new Date().toISOString().slice(0, 10)}, Node.js
${process.version}, the median of ${runs} runs and the best of them. Other work on the machine shows in the times.

${workspaceTable()}

${end}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = join(root, 'bench/README.md');
  const text = readFileSync(page, 'utf8');
  const part = workspacePart();
  const at = text.indexOf(begin);
  if (at < 0 || !text.includes(end)) throw new Error('bench/README.md has no marks of this part');
  writeFileSync(page, text.slice(0, at) + part + text.slice(text.indexOf(end) + end.length));
  console.log(part);
}
