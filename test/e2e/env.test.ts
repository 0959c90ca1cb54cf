import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { envValue } from '../../src/formats/env/index.ts';
import { parseEnv } from '../../src/formats/env/parse.ts';
import { withEngine } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'dockwright-env-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Compose reads from a text as `env_file`; it doubles the dollars that it prints. */
function asCompose(text: string): Record<string, string> {
  writeFileSync(join(folder, 'compose.yaml'), 'services:\n  a:\n    image: a\n    env_file: a.env\n');
  writeFileSync(join(folder, 'a.env'), text);
  const args = ['compose', '--project-name', 'dockwright-env', 'config', '--format', 'json'];
  const printed = JSON.parse(execFileSync('docker', args, { cwd: folder, encoding: 'utf8' })) as {
    services: { a: { environment?: Record<string, string> } };
  };
  const found = Object.entries(printed.services.a.environment ?? {});
  return Object.fromEntries(found.map(([name, value]) => [name, value.replaceAll('$$', () => '$')]));
}

withEngine('an .env file and Docker Compose', () => {
  it('Compose reads 2,000 odd values back as they were', () => {
    const unit = fc.constantFrom(...'ab1$${}\'"\\# \n\r\t=:nrtx`!,é%~');
    const list = fc.sample(fc.string({ unit, maxLength: 9 }), { numRuns: 2000, seed: 3 });
    const read = asCompose(list.map((value, index) => `V${index}=${envValue(value)}\n`).join(''));
    expect(list.map((_, index) => read[`V${index}`])).toEqual(list);
  });

  it.each([
    'A=1#b\nB=1 #b\nC= #x\nD=a\t#b\n',
    'A="a" # c\nB="a" C=2\nD="x\ny"\n',
    "A='a\\'b'\nB='a\\nb $x'\nC='a\\\\'\n",
    'A="a\\tb\\nc\\qd\\\\e\\"f"\nB="\\0101\\012"\nC="\\\\0101"\nD="\\c\\a"\n',
    'A="\\$b$$c"\nB=$$x\nC=$\nD=$1\n',
    'export A=1\nexportB=2\nexport\tC=3\nD: 4\nE\nF=\n',
    'A-b.c=1\r\né=2\r\nA[0]=3\r\n',
    '\uFEFFA=x"y\n',
  ])('%j is read alike', (text) => {
    const ours = parseEnv(text, 'a.env').filter(({ value }) => value !== undefined);
    expect(Object.fromEntries(ours.map(({ name, value }) => [name, value]))).toEqual(asCompose(text));
  });
});
