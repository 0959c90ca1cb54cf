/**
 * Begins a language, a stack, a service or an artifact: `npm run new KIND NAME`. Writes its file with every field of the contract, the
 * fixture that is to show it, the registries and the pages. The suite fails from then on, and names the fixture, until that shows it working.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Kind, kinds } from './new/kinds.ts';

const root = join(fileURLToPath(import.meta.url), '../..');

const usage = `Usage: npm run new KIND NAME

${kinds.map(({ kind, title }) => `  ${kind.padEnd(10)} ${title}`).join('\n')}

NAME is in kebab-case.`;

/** The lowest order that is behind every artifact there is. */
function nextOrder(): number {
  const folder = join(root, 'src/artifacts');
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const orders = texts.flatMap((text) => [...text.matchAll(/\border: (\d+)/g)].map(([, order]) => Number(order)));
  return Math.max(0, ...orders) + 10;
}

function filled(template: string, name: string): string {
  const values: Readonly<Record<string, string>> = {
    NAME: name,
    TITLE: name.charAt(0).toUpperCase() + name.slice(1),
    CONSTANT: name.toUpperCase().replaceAll('-', '_'),
    ORDER: String(nextOrder()),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}

async function begin({ kind, file, fixture, begun, next }: Kind, name: string): Promise<void> {
  const template = readFileSync(join(root, 'scripts/new/templates', `${kind}.txt`), 'utf8');
  write(file.replaceAll('NAME', name), filled(template, name));
  write(fixture.replaceAll('NAME', name), begun.replaceAll('NAME', name));
  await import('./gen.ts');
  await import('./docs.ts');
  console.log(`\nNext: put in what is true of ${name}, and show it working. The suite fails until the fixture does:
  ${fixture.replaceAll('NAME', name)}: ${next}`);
}

/** What is wrong with the words of the command line; undefined: nothing. */
function problem(kind: Kind | undefined, name: string): string | undefined {
  if (!kind || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return usage;
  const file = kind.file.replaceAll('NAME', name);
  return existsSync(join(root, file)) ? `${file} is there already.` : undefined;
}

const [word = '', name = ''] = process.argv.slice(2);
const known = kinds.find(({ kind }) => kind === word);
const wrong = problem(known, name);
if (wrong === undefined && known) await begin(known, name);
else {
  console.error(wrong);
  process.exitCode = 2;
}
