/**
 * Writes `docs/reference/*.md` from the code: `npm run gen`; with `--check` it fails where one is out of date. Commands come from the command
 * line itself, services and frameworks from their registries, the configuration from its schema.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import { program } from '../src/cli/program.ts';
import { onHostRule, type ProgramRule, programs } from '../src/engine/programs.ts';
import { Config } from '../src/model/config.ts';
import { loadBackingService, services } from '../src/services/registry.gen.ts';
import { frameworks, loadFramework } from '../src/stacks/servers/registry.gen.ts';

const root = join(fileURLToPath(import.meta.url), '../..');
const check = process.argv.includes('--check');

const code = (text: string) => `\`${text}\``;
const codes = (texts: readonly string[]) => texts.map(code).join(', ');
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const page = (title: string, ...parts: readonly string[]): string =>
  [`<!-- DO NOT EDIT: \`npm run gen\` writes this from the code. -->\n# ${title}`, ...parts].join('\n\n') + '\n';

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
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      [
        ['0', 'done, and all is well'],
        ['1', 'done, with findings: not ready, a check failed'],
        ['2', 'used wrongly, or something that only you can say is missing'],
        ['3', 'a conflict with your own edits: nothing was written'],
        ['4', 'an outside program failed, such as the engine'],
      ],
    ),
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

async function servicePage(): Promise<string> {
  const parts: string[] = [];
  for (const one of services) {
    const service = await loadBackingService(one.name);
    const roles = service && service.roles.length > 0 ? service.roles : [undefined];
    const containers = roles.flatMap((role) => {
      const made = service?.container({ app: 'app', host: one.host, role });
      return made ? [{ role, made }] : [];
    });
    const byRole = Object.entries(one.requiredByRole ?? {}).map(
      ([role, required]) => `as ${role} ${required ? 'yes' : 'no'}`,
    );
    parts.push(
      `## ${one.title} (${code(one.name)})`,
      table(
        ['', ''],
        [
          ['seen by packages and built-ins', codes(one.clients) || '–'],
          ['by variables', codes(one.variables.map((variable) => variable.match)) || '–'],
          ['by schemes of addresses', codes(one.schemes.map((scheme) => `${scheme}:`)) || '–'],
          ['by words of a specification', codes(one.words) || '–'],
          [
            'serves',
            one.serves
              .map(
                (each) =>
                  each.kind +
                  (each.role ? ` (role ${code(each.role)})` : '') +
                  (each.first ? ', taken where a sentence names no other' : ''),
              )
              .join('; ') || '–',
          ],
          ['required', [one.required ? 'yes' : 'no', ...byRole].join('; ')],
          ...(one.embedded ? [['container', 'none: a file of the app, kept in a volume']] : []),
          ...containers.map(({ role, made }) => [
            role ? `container, role ${code(role)}` : 'container',
            `${code(made.image)}, port ${made.port}` +
              (made.volume ? `, volume at ${code(made.volume.path)}` : '') +
              `; in development on port ${made.developmentPort} of this machine`,
          ]),
        ],
      ),
    );
  }
  return page(
    'Services',
    'What this version knows of backing services. `services.NAME` in the configuration overrules all of it: `false` for none, or `image`, `role` and `required`.',
    ...parts,
  );
}

async function frameworkPage(): Promise<string> {
  const rows: string[][] = [];
  for (const one of frameworks) {
    const framework = await loadFramework(one.name);
    if (!framework) continue;
    const seen = [...(one.dependencies ?? []), ...(one.uses ?? []), ...(one.files ?? [])];
    rows.push([one.title, code(one.name), codes(seen), framework.healthRoutes.exports ? 'module and wiring' : 'none']);
  }
  return page(
    'Frameworks',
    'Frameworks whose routes, ports and server objects are read from the syntax tree. Where the app has no health route, a module for it is generated, and its wiring is offered as a source edit.',
    table(['Framework', 'Name', 'Seen by', 'Health routes'], rows),
  );
}

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
    '`dockwright.json`, or the key `dockwright` of package.json. Every key is optional, and also works as `--set KEY=VALUE`, where a nested key has dots: `--set services.redis=false`. A flag overrides the configuration, the configuration overrides what was detected. The schema is `schemas/config.schema.json`.',
    table(['Key', 'Value', 'What it says'], rows),
  );
}

const pages: Readonly<Record<string, string>> = {
  commands: commands(),
  services: await servicePage(),
  frameworks: await frameworkPage(),
  configuration: configuration(),
};

/** A page by hand with one part from the code, between two marks. */
function withPrograms(text: string): string {
  const [before = '', rest = ''] = text.split(/(?<=<!-- programs: [^\n]* -->\n)/);
  const after = rest.slice(rest.indexOf('<!-- end of programs -->'));
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
  return `${before}\n${table(head, [...rows, ['the tests', purpose, words, environment, folder, limit, reads]])}\n\n${after}`;
}

const securityPage = join(root, 'docs/security.md');
const written: readonly (readonly [path: string, text: string])[] = [
  ...Object.entries(pages).map(([name, text]) => [join(root, 'docs/reference', `${name}.md`), text] as const),
  [securityPage, withPrograms(readFileSync(securityPage, 'utf8'))],
];

let stale = false;
for (const [path, text] of written) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (check) {
    console.error(`${relative(root, path)} is out of date: run \`npm run gen\``);
    stale = true;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${relative(root, path)}`);
  }
}
if (stale) process.exit(1);
