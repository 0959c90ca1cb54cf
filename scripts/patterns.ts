/**
 * `npm run patterns`: checks every regular expression of src with recheck, which finds those whose time grows faster than their input.
 * Ends with 1, and names each with its place, where there is one. Takes about twenty seconds.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { check } from 'recheck';

const source = join(fileURLToPath(import.meta.url), '../../src');

/** For each pattern. Milliseconds. */
const TIME_LIMIT = 30_000;

type Pattern = { readonly place: string; readonly pattern: string; readonly flags: string };

function patternsOf(file: string): Pattern[] {
  const text = readFileSync(join(source, file), 'utf8');
  const found: Pattern[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { start = 0, regex } = node as { start?: number; regex?: { pattern: string; flags: string } };
    if (regex) found.push({ place: `src/${file}:${text.slice(0, start).split('\n').length}`, ...regex });
    for (const part of Object.values(node)) visit(part);
  };
  visit(parseSync(file, text).program);
  return found;
}

const patterns = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .flatMap(patternsOf);
const results = new Map<string, string | undefined>();
let bad = 0;
for (const { place, pattern, flags } of patterns) {
  const key = `/${pattern}/${flags}`;
  if (!results.has(key)) {
    const result = await check(pattern, flags, { timeout: TIME_LIMIT, randomSeed: 1 });
    const complexity =
      result.status === 'unknown' ? `could not be checked: ${result.error.kind}` : result.complexity.summary;
    results.set(key, result.status === 'safe' ? undefined : complexity);
  }
  const problem = results.get(key);
  if (problem === undefined) continue;
  bad += 1;
  console.error(`${place} ${key}: ${problem}`);
}
console.log(`${patterns.length} regular expressions, ${bad} of them not linear`);
process.exitCode = bad === 0 ? 0 : 1;
