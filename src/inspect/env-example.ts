import { posix } from 'node:path';
import { parseDockerfile } from '../formats/dockerfile/index.ts';
import { hasReferences, withReferences } from '../formats/env/index.ts';
import type { Example } from '../languages/contract.ts';
import type { Project } from '../project/project.ts';

const names = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  'env.example',
  '.env.local.example',
  '.env-example',
  '.env-sample',
  '.env_example',
  'env-example',
  'env.sample',
  'env.template',
  'example.env',
  'sample.env',
  'template.env',
];

/** Whether a file is an example of settings for one of several ways to run: `env-example-mysql`, `.env.docker.example`. */
function isVariant(name: string): boolean {
  const words = name
    .toLowerCase()
    .split(/[._-]+/)
    .filter((word) => word !== '');
  return words.includes('env') && ['example', 'sample', 'template'].some((word) => words.includes(word));
}

/** The example in a folder: under a usual name, else the only one for a way to run, else the one that the image takes for its `.env`. */
function exampleIn(project: Project, root: string): string | undefined {
  const usual = names.map((name) => posix.join(root, name)).find((path) => project.has(path));
  if (usual !== undefined) return usual;
  const variants = project
    .files()
    .filter((path) => posix.dirname(path) === root && isVariant(posix.basename(path)) && !path.endsWith('.d.ts'));
  if (variants.length < 2) return variants[0];
  const { instructions } = parseDockerfile(project.read(posix.join(root, 'Dockerfile')) ?? '');
  const words = instructions.flatMap(({ rest }) => [...rest.text.split(/[\s;"']+/), '']);
  const isEnv = (word: string | undefined) => word === '.env' || word === './.env';
  const copied = words.flatMap((word, at) => (isEnv(words[at + 1]) ? [posix.join(root, word)] : []));
  return variants.find((path) => copied.includes(path));
}

/**
 * What the example of settings in the folder `root` says of each variable: an example and, from the comment above or behind it, its
 * purpose. Never `.env` itself.
 */
export function readExamples(project: Project, root: string): ReadonlyMap<string, Example> {
  const found = new Map<string, Example>();
  const file = exampleIn(project, root);
  if (file === undefined) return found;
  let comment: string[] = [];
  for (const [index, raw] of (project.read(file) ?? '').split('\n').entries()) {
    const line = raw.trim();
    const setting = /^#?\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line);
    if (
      setting?.[1] !== undefined &&
      (!line.startsWith('#') || /^#?[A-Z_][A-Z0-9_]*=/.test(line.replace(/^#\s*/, '#')))
    ) {
      const { value, behind, isPlain } = split(setting[2] ?? '');
      const purpose = comment.length > 0 ? short(comment) : behind;
      const refers = !isPlain && hasReferences(value) ? { refers: value } : {};
      found.set(setting[1], { value, file, line: index + 1, ...(purpose ? { purpose } : {}), ...refers });
      comment = [];
    } else if (line.startsWith('#')) {
      const words = line.replace(/^#+\s*/, '').trim();
      comment = isHeading(words) ? [] : [...comment, words];
    } else comment = [];
  }
  return filledIn(found);
}

/** Examples that refer to others of the same file, as `$BASE_URL/auth` does, with the values of those; one that refers to anything else says no value. */
function filledIn(found: ReadonlyMap<string, Example>): ReadonlyMap<string, Example> {
  const valueFor = (name: string, fallback: string | undefined, around: readonly string[]): string | undefined => {
    const example = found.get(name);
    if (example === undefined || example.value === '' || around.includes(name)) return fallback;
    if (example.refers === undefined) return example.value;
    return withReferences(example.refers, (other, own) => valueFor(other, own, [...around, name]));
  };
  return new Map(
    [...found].map(([name, example]) => [name, { ...example, value: valueFor(name, undefined, []) ?? '' }]),
  );
}

/** One or two sentences explain a variable; a page of instructions above it does not fit beside it, and its first line does. */
const short = (lines: readonly string[]): string => {
  const whole = lines.join(' ');
  return whole.length <= 140 ? whole : (lines[0] ?? '').slice(0, 140);
};

/** Lines of dashes and headings between lines name a group, not the variable below. */
const isHeading = (words: string): boolean => !/\p{L}/u.test(words) || /[-=*#]{3,}/.test(words);

/** What may follow a closing quote: a comment, or nothing. */
const afterQuote = /\s*(?:#|$)/y;

const commentIn = (text: string): string | undefined => {
  const start = text.indexOf('#');
  return start === -1 ? undefined : text.slice(start + 1).trimStart();
};

/** The value of a setting, and the comment behind it; `isPlain`: single quotes keep what would refer to other variables. */
function split(text: string): { value: string; behind: string | undefined; isPlain?: boolean } {
  const line = text.trim();
  // what dotenv takes for a comment behind nothing; without the space it may be a color
  if (/^\s+#/.test(text)) return { value: '', behind: commentIn(line) };
  const [quote = ''] = /^["'`]/.exec(line) ?? [];
  for (let end = line.indexOf(quote, 1); quote !== '' && end !== -1; end = line.indexOf(quote, end + 1)) {
    afterQuote.lastIndex = end + 1;
    if (afterQuote.test(line))
      return { value: line.slice(1, end), behind: commentIn(line.slice(end + 1)), isPlain: quote === "'" };
  }
  const comment = line.search(/\s#/);
  if (comment === -1) return { value: line, behind: undefined };
  return { value: line.slice(0, comment).trim(), behind: commentIn(line.slice(comment)) };
}
