import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const root = join(fileURLToPath(import.meta.url), '../../../..');

/** Phrases that no engineer would use, each with what CONTRIBUTING says instead. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/(?<!\b[Tt]here )\b(is|are) no (?!longer\b|more\b)[a-z]/, 'is not a …'],
  [/\bcannot be told\b/, 'could not determine'],
  [/\b(has|have) to be\b/, 'must be'],
  [/\bis to be (changed|fixed|mounted|set|written)\b/, 'must be'],
  [/\b(take|takes|taken|took) (it |them )?away\b/, 'remove'],
  [/(?<![-\w])director(y|ies)\b/i, 'folder'],
  [/\bin the place of\b/, 'instead of'],
  [/\bgiv(e|es|en|ing) (it |them )?out\b/, 'serve'],
  [/\bgit leaves\b/, 'ignored by Git'],
  [/\bhand(s|ed|ing)? (it |them )?over\b/, 'pass'],
  [/\bworked out\b/, 'computed'],
  [/\bend(s|ed)? with (exit )?code\b/, 'exits with code'],
  [/\bin date\b/, 'up to date'],
  [/\b(is|are) called so\b/, 'has that name'],
  [/\ba text\b(?! (file|editor))/, 'a string'],
  [/\ball the same\b/, 'anyway, still'],
  [/\b[Ww]hoever\b/, 'the user, everybody who'],
  [/\b(that|which) (is|are) (not )?there\b/, 'existing, which does not exist'],
  [/\boutside of\b/, 'outside'],
  [/\bfiles alone\b/, 'only files'],
  [/\bwhere nobody\b/, 'if … is not'],
  [/\banew\b/, 'again'],
  [/nobody in particular|sources of proof|look at it from beside/, 'see the glossary'],
];

/** The strings of a source that read as sentences: those with a space. */
function stringsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: string[] = [];
  const add = (value: string, start: number) => {
    if (/ /.test(value)) found.push(`${file}:${text.slice(0, start).split('\n').length} ${value}`);
  };
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') add(node.value, node.start);
    },
    TemplateElement: (node) => add(node.value.raw, node.start),
  }).visit(parseSync(file, text).program);
  return found;
}

const linesOf = (file: string): readonly string[] =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .map((line, at) => `${file}:${at + 1} ${line}`);

const below = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file}`)
    .sort();

const refused = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => phrases.flatMap(([phrase, better]) => (phrase.test(line) ? [`${line} → ${better}`] : [])));

/** Words that the specification's sentences are recognised by are not ours. */
const isOurs = (file: string): boolean => !/^src\/spec\/(lexicon|words|cron)\.ts$/.test(file);

describe('plain English', () => {
  it('is what users read in strings of the sources', () => {
    const files = below('src', '.ts').filter(isOurs);
    expect(files.length).toBeGreaterThan(500);
    expect(refused(files.flatMap(stringsOf))).toEqual([]);
  });

  it('is what users read in the documents', () => {
    const glossary = /^CONTRIBUTING\.md:\d+ \|/;
    const files = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...below('docs', '.md')];
    expect(refused(files.flatMap(linesOf).filter((line) => !glossary.test(line)))).toEqual([]);
  });

  it.each([
    'mend the line',
    'it is no number',
    'the version cannot be told',
    'it has to be set',
    'a directory',
    'the server gives out files',
    'a key that git leaves out',
    'hand it over to the build',
    'the port is worked out',
    'it ended with code 1',
    'a text',
    'a file that is not there',
    'outside of the project',
  ])('is not: %s', (line) => expect(refused([line])).toHaveLength(1));

  it.each([
    'there is no lockfile',
    'it is no longer written',
    'they recommend it',
    '--project-directory x',
    'exits with code 1',
    'outside the project',
    'a text file',
  ])('is: %s', (line) => expect(refused([line])).toEqual([]));
});
