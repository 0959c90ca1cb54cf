/**
 * Writes `docs/reference/` from the code: `npm run gen`; with `--check` it fails where a page is out of date. Commands come from the command
 * line itself, stacks and services from their own files, the configuration from its schema.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { artifacts } from '../src/artifacts/registry.gen.ts';
import { program } from '../src/cli/program.ts';
import { onHostRule, type ProgramRule, programs } from '../src/engine/programs.ts';
import { hints } from '../src/hints/registry.gen.ts';
import { languages } from '../src/languages/registry.gen.ts';
import { rules } from '../src/lint/rules/registry.gen.ts';
import { Config } from '../src/model/config.ts';
import { errorPage } from './docs/errors.ts';
import { code, codes, openingComment, page, root, sentence, table } from './docs/markdown.ts';
import { servicePages } from './docs/services.ts';
import { stackPages } from './docs/stacks.ts';
import { kinds } from './new/kinds.ts';

const check = process.argv.includes('--check');

function commands(): string {
  const line = program(new AbortController().signal, () => undefined);
  const options = (command: Command) =>
    command.options.map((option): [string, string] => [
      code(option.flags),
      option.description +
        (['string', 'number'].includes(typeof option.defaultValue)
          ? ` (default: ${code(String(option.defaultValue))})`
          : ''),
    ]);
  const rows = line.commands.map((command) => ({ command, options: options(command) }));
  const shared = (rows[0]?.options ?? []).filter(([flags]) =>
    rows.every((row) => row.options.some(([other]) => other === flags)),
  );
  const isShared = ([flags]: [string, string]) => shared.some(([other]) => other === flags);
  return page(
    'Commands',
    'everyone who runs Dockwright',
    `${line.description()}. Without a command, ${code(`${line.name()} generate`)} is run.`,
    ...rows.flatMap(({ command, options: own }) => {
      const rest = own.filter((option) => !isShared(option));
      return [
        `## ${[line.name(), command.name(), ...command.registeredArguments.map((one) => `<${one.name()}>`)].join(' ')}`,
        sentence(command.description()),
        ...(rest.length > 0 ? [table(['Option', 'What it does'], rest)] : []),
      ];
    }),
    '## Options of every command',
    table(['Option', 'What it does'], shared),
    '[Exit codes, error codes and questions](errors.md)',
  );
}

const languagePage = (): string =>
  page(
    'Languages',
    'everyone who wonders whether a project is supported',
    'The languages of applications. A language is recognized by its manifests, otherwise by its sources.',
    table(
      ['Language', 'Name', 'Manifests', 'Endings'],
      languages.map(({ title, name, manifests, endings }) => [title, code(name), codes(manifests), codes(endings)]),
    ),
  );

const hintPage = (): string =>
  page(
    'Hints',
    'everyone who moves an application from another platform',
    'Files of other platforms, used as evidence: flags, `dockwright.json`, existing Docker files and the manifests of the project override them. A hint fills in what is missing: how the application is built and started, a port that was only a default, a version, Debian packages, and the path of the health check if the sources have that route. Other processes than the one that gets requests become containers of the same image; a release command becomes the job that the application waits for. A process that is not understood is listed under "Left out" with the reason; `inspect --json` shows everything that was read.',
    table(
      ['File', 'Name', 'Looked for', 'What it says', 'Shown by'],
      hints.map(({ title, name, files, place, page: link }) => [
        `[${title}](${link})`,
        code(name),
        `${codes(files)}, ${place === 'application' ? 'beside the manifest' : 'at the root of the repository'}`,
        openingComment(`src/hints/${name}.ts`),
        `[fixtures/hints/${name}.json](../../fixtures/hints/${name}.json)`,
      ]),
    ),
  );

const artifactPage = (): string =>
  page(
    'Artifacts',
    'everyone who reviews the generated files',
    'The kinds of generated files, in the order in which they are printed. A plan contains some of them.',
    table(
      ['Artifact', 'Name', 'Shown by'],
      artifacts.map(({ title, name }) => [
        title,
        code(name),
        `[fixtures/artifacts/${name}.json](../../fixtures/artifacts/${name}.json)`,
      ]),
    ),
  );

/** Every rule, the most important first, with the comment that its file begins with. */
const rulePage = (): string => {
  const order = ['error', 'warning', 'info'];
  const sorted = [...rules].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || b.weight - a.weight,
  );
  return page(
    'Rules',
    'owners of a repository with a Dockerfile or compose files',
    '`check` and `verify` review existing Dockerfiles and compose files that are kept. An error (it fails, loses data or exposes a secret) makes `check` exit with 1; a warning or an info does not change the exit code. Nothing is reported if something is unknown: a base image that is not in the catalog, a variable without a value, a missing file.',
    table(
      ['Rule', 'Severity', 'What it finds', 'Why'],
      sorted.map(({ name, severity, title }) => [
        `[${name}](../../fixtures/rules/${name}.md)`,
        severity,
        title,
        openingComment(`src/lint/rules/${name}.ts`),
      ]),
    ),
  );
};

type Schema = {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
};

/** The type of a value of the configuration, as people write it. */
function typeText(schema: Schema): string {
  if (schema.enum) return codes(schema.enum);
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items?.type ?? 'anything'}`;
  if (schema.type === 'object') {
    const keys = Object.keys(schema.properties ?? {});
    if (keys.length > 0) return `object with ${codes(keys)}`;
    const values = typeof schema.additionalProperties === 'object' ? typeText(schema.additionalProperties) : '';
    return values ? `object by name: ${values}` : 'object';
  }
  const range = schema.maximum === undefined ? '' : `, ${schema.minimum} to ${schema.maximum}`;
  return (schema.type ?? 'anything') + range;
}

function configuration(): string {
  const schema = z.toJSONSchema(Config, { io: 'input' }) as Schema;
  const rows = Object.entries(schema.properties ?? {})
    .filter(([key]) => key !== '$schema')
    .map(([key, value]) => [code(key), typeText(value), value.description ?? '']);
  return page(
    'Configuration',
    'everyone who wants another deployment than the one that was detected',
    '`dockwright.json`, or the key `dockwright` of package.json. Every key is optional, and also works as `--set KEY=VALUE`, with dots for nested keys: `--set services.redis=false`. Flags override the configuration, and the configuration overrides detected values. The schema is `schemas/config.schema.json`.',
    table(['Key', 'Value', 'What it says'], rows),
  );
}

const pages: Readonly<Record<string, string>> = {
  'commands.md': commands(),
  'configuration.md': configuration(),
  'errors.md': errorPage(),
  'languages.md': languagePage(),
  'artifacts.md': artifactPage(),
  'hints.md': hintPage(),
  'rules.md': rulePage(),
  ...(await stackPages()),
  ...(await servicePages()),
};

/** The table of outside programs. */
function programTable(): string {
  const variables = (row: ProgramRule) =>
    [
      row.passed.length > 0 ? `of the shell: ${codes(row.passed)}` : '',
      Object.keys(row.set).length > 0 ? `set: ${codes(Object.keys(row.set))}` : '',
      row.also ?? '',
    ]
      .filter((part) => part !== '')
      .join('; ');
  const rows = Object.entries(programs).map(([name, row]: [string, ProgramRule]) => [
    code(name),
    row.purpose,
    row.arguments,
    variables(row),
    row.folder,
    row.limit,
    row.reads,
  ]);
  const { purpose, arguments: words, environment, folder, limit, reads } = onHostRule;
  const head = [
    'Program',
    'What for',
    'Arguments',
    'Environment',
    'Working folder',
    'Time limit',
    'Reads of the repository',
  ];
  return table(head, [...rows, ['the tests', purpose, words, environment, folder, limit, reads]]);
}

/** The kinds of `npm run new`, with the fixture and the page of each. */
const kindTable = (): string =>
  table(
    ['Kind', 'What it is', 'Source', 'Fixture', 'Page'],
    kinds.map(({ kind, title, file, fixture, page: path }) => [
      code(kind),
      title,
      code(file),
      code(fixture),
      code(path),
    ]),
  );

/** A page by hand with one part from the code, between the marks `<!-- NAME: … -->` and `<!-- end of NAME -->`. */
function withPart(path: string, name: string, part: string): readonly [path: string, text: string] {
  const text = readFileSync(join(root, path), 'utf8');
  const begin = text.indexOf(`<!-- ${name}: `);
  const from = text.indexOf('\n', begin) + 1;
  const to = text.indexOf(`<!-- end of ${name} -->`);
  if (begin < 0 || to < from) throw new Error(`${path} has no marks of ${name}`);
  return [path, `${text.slice(0, from)}\n${part}\n\n${text.slice(to)}`];
}

const reference = 'docs/reference';
const written: readonly (readonly [path: string, text: string])[] = [
  ...Object.entries(pages).map(([name, text]) => [`${reference}/${name}`, text] as const),
  withPart('docs/security.md', 'programs', programTable()),
  withPart('CONTRIBUTING.md', 'kinds', kindTable()),
];

/** Pages of what is no longer there. */
const strays = readdirSync(join(root, reference), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.md') && !Object.hasOwn(pages, path));

let stale = false;
for (const path of strays) {
  if (check) {
    console.error(`${reference}/${path} belongs to nothing: run \`npm run gen\``);
    stale = true;
  } else rmSync(join(root, reference, path));
}
for (const [name, text] of written) {
  const path = join(root, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (check) {
    console.error(`${name} is out of date: run \`npm run gen\``);
    stale = true;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${name}`);
  }
}
if (stale) process.exit(1);
