import fc from 'fast-check';
import { sound } from './support.ts';

/** What a terminal, a build server or a reader of a diff would obey, and what only looks as if. */
export const tokens = [
  '\u001B[2J',
  '\u001B]52;c;ZXZpbA==\u0007',
  '\u001B[35mpurple',
  '\u009B31m',
  '\u0000',
  '\u0008\u0008',
  '\r',
  '\r\n',
  '\n',
  '\n::error::made up',
  '\r::stop-commands::x',
  '\n  ::set-output name=z::1',
  '\u2028::warning::x',
  '::add-mask::x',
  '##[add-path]/evil',
  '##vso[task.setvariable variable=x]y',
  "##teamcity[message text='x']",
  '###[group]',
  '%0A::error::x',
  '\u007F',
  '\u0085',
  '\u202E',
  '\u2066\u2069',
  '\u200F',
  '\u061C',
  '\u200B',
  'a\u200Db',
  '\u00AD',
  '\uFEFF',
  '\u3164',
  '\u{E0041}',
  '\uD800',
  '\uDFFF',
  // neighbors that stay
  'Größe',
  '漢字',
  '👩‍👩‍👧',
  '❤️',
  'می‌خواهم',
  '\t',
  ' ',
  'std::move',
  'http://[::1]:80',
  '$HOME ${X} %s',
  '"\'`\\',
  'a',
  'b-1',
];

export const hostileText = fc.array(fc.constantFrom(...tokens), { maxLength: 4 }).map((parts) => parts.join(''));

/** A text for each position of a project; undefined: the position is ordinary. */
const position = fc.option(hostileText, { nil: undefined, freq: 2 });
const seldom = fc.oneof({ arbitrary: fc.constant(undefined), weight: 12 }, { arbitrary: hostileText, weight: 1 });

export const texts = fc.record({
  name: position,
  description: position,
  version: position,
  script: position,
  testFile: position,
  defaultValue: position,
  comment: position,
  route: position,
  written: position,
  url: position,
  example: position,
  purpose: position,
  // the project has no examples of its own
  noExample: fc.option(fc.constant(''), { nil: undefined, freq: 2 }),
  id: position,
  natural: position,
  status: position,
  tag: position,
  boundary: position,
  constraint: position,
  verified: position,
  formal: position,
  summary: position,
  folder: position,
  theirCompose: position,
  theirDockerfile: position,
  // these end a run with an error
  archetype: seldom,
  dependency: seldom,
  configKey: seldom,
  configValue: seldom,
  brokenJson: seldom,
  brokenYaml: seldom,
  brokenSource: seldom,
});
export type Texts = typeof texts extends fc.Arbitrary<infer T> ? T : never;

/** A project in which every position is ordinary. */
export const ordinary = Object.fromEntries(
  Object.keys(fc.sample(texts, 1)[0] ?? {}).map((key) => [key, undefined]),
) as Texts;

/** What may stand in the name of a file. */
export const asName = (text: string): string =>
  text.toWellFormed().replaceAll('\0', '').replaceAll('/', '').slice(0, 40) || 'x';
const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]/g, '');
const string = (text: string): string => JSON.stringify(text);

/** A small service in which each of these texts stands where it can stand. */
export function hostileFiles(text: Texts): Record<string, string> {
  const ordinary = JSON.parse(sound['package.json'] ?? '') as Record<string, object>;
  const manifest = {
    ...ordinary,
    ...(text.name === undefined ? {} : { name: `n${text.name}` }),
    ...(text.version === undefined ? {} : { version: `1.0.0-${text.version}` }),
    ...(text.description === undefined ? {} : { description: text.description }),
    scripts: {
      start: 'node src/index.js',
      test: `node --test ${text.testFile === undefined ? '' : string(text.testFile)}`,
      ...(text.script === undefined ? {} : { build: `node build.js ${text.script}`, [`x${text.script}`]: text.script }),
    },
    dependencies: {
      express: '^4.21.2',
      ...(text.dependency === undefined ? {} : { [`d${text.dependency}`]: 1 }),
    },
  };
  const assertions = [
    {
      id: `A-1${text.id ?? ''}`,
      natural: `Look-ups are answered from a Redis cache${text.natural ?? ''}`,
      status: 'confirmed',
    },
    {
      id: 'A-2',
      natural: text.natural ?? 'An order has an item',
      status: text.status ?? 'proposed',
      tags: [text.tag ?? 'x'],
    },
    { id: 'A-3', natural: 'x', status: 'confirmed', formalSpec: { file: text.formal ?? 'none.dfy' } },
  ];
  const specification = {
    version: '1.0',
    archetype: text.archetype ?? 'web-service',
    description: text.summary ?? 'Tea',
    boundaries: [`external-${text.boundary ?? ''}-provider`, text.boundary ?? 'x'],
    constraints: [text.constraint ?? 'Orders are kept in PostgreSQL'],
    assertions,
    metadata: { lastVerified: text.verified ?? '2026-01-01' },
  };
  const source = `import express from 'express';
import { readFileSync, writeFileSync } from 'node:fs';

const app = express();
// ${oneLine(text.comment ?? 'how much is said')}
const level = process.env.LEVEL ?? ${string(text.defaultValue ?? 'info')};
const pay = process.env.PAYMENTS_URL ?? ${string(`https://pay.example.com/${text.url ?? ''}`)};
const key = process.env.API_KEY;
app.get(${string(`/${text.route ?? 'orders'}`)}, async (_request, response) => {
  writeFileSync(${string(`data/${text.written ?? 'out'}`)}, level);
  response.send(readFileSync(${string(`assets/${text.written ?? 'in'}`)}) + (await fetch(pay, { headers: { key } })).status);
});
app.listen(Number(process.env.PORT ?? 3000));
${text.brokenSource === undefined ? '' : `const = ${text.brokenSource}`}`;
  return {
    ...sound,
    'package.json': `${JSON.stringify(manifest, null, 2)}${text.brokenJson === undefined ? '' : `${text.brokenJson}}`}\n`,
    'src/index.js': source,
    'specs/assertions.json': JSON.stringify(specification, null, 2),
    ...(text.noExample === undefined
      ? {
          '.env.example': `# ${text.purpose ?? 'how much is said'}\nLEVEL=${text.example ?? 'info'}\n\n# ${text.purpose ?? ''}\nAPI_KEY=\n`,
        }
      : {}),
    'src/one.test.js': '',
    ...(text.folder === undefined
      ? {}
      : { [`assets/${asName(text.folder)}/a.txt`]: 'a', [`${asName(text.folder)}.test.js`]: '' }),
    ...(text.theirDockerfile === undefined ? {} : { Dockerfile: `FROM scratch\r\n# ${text.theirDockerfile}\r\n` }),
    ...(text.theirCompose === undefined && text.brokenYaml === undefined
      ? {}
      : {
          'docker-compose.yml': `services:\n  app:\n    image: x # ${oneLine(text.theirCompose ?? '')}\n    labels: { a: ${string(text.theirCompose ?? '')} }\n${text.brokenYaml === undefined ? '' : `    x: !${text.brokenYaml} [1]\n`}`,
        }),
    ...(text.configKey === undefined && text.configValue === undefined
      ? {}
      : {
          'dockwright.json': JSON.stringify({
            ...(text.configKey === undefined ? {} : { [text.configKey]: 1 }),
            ...(text.configValue === undefined ? {} : { archetype: text.configValue }),
          }),
        }),
  };
}
