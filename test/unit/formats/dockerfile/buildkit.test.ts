import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../../src/formats/dockerfile/index.ts';
import { lex } from '../../../../src/formats/dockerfile/lex.ts';
import { expanded, printed } from '../../../support/dockerfile.ts';
import { frontend } from './buildkit.ts';
import { dump } from './dump.ts';

const theirs = frontend();
if (theirs === undefined) {
  console.warn('BuildKit fixtures: not on this machine, skipped (npx jiti scripts/buildkit-fixtures.ts brings them)');
}

const under = (folder: string, name: string) =>
  (theirs?.paths ?? []).filter((path) => path.startsWith(`parser/${folder}/`) && path.endsWith(`/${name}`));
const read = (path: string) => theirs?.read(path) ?? '';

describe.skipIf(theirs === undefined)("BuildKit's own fixtures", () => {
  const files = under('testfiles', 'Dockerfile');
  const negative = under('testfiles-negative', 'Dockerfile');

  it('are all there', () => {
    console.log(`BuildKit fixtures: ${files.length} files with a result, ${negative.length} that are refused`);
    expect(files.length).toBeGreaterThanOrEqual(33);
    expect(negative.length).toBeGreaterThanOrEqual(4);
  });

  it.each(files)('%s', (path) => {
    const text = read(path);
    const tree = parseDockerfile(text);
    expect(printed(tree)).toBe(text);
    expect(dump(tree)).toBe(read(path.replace(/Dockerfile$/, 'result')));
  });

  it.each(negative)('%s', (path) => {
    const text = read(path);
    const tree = parseDockerfile(text);
    expect(printed(tree)).toBe(text);
    expect(tree.problems.map((one) => one.message)).toContainEqual(
      expect.stringMatching(/no instruction|name and a value|strings only/),
    );
  });

  it('gives the lines of testfile-line', () => {
    const text = read('parser/testfile-line/Dockerfile');
    const tree = parseDockerfile(text);
    expect(printed(tree)).toBe(text);
    expect(tree.instructions.map((one) => [one.startLine, one.endLine])).toEqual([
      [5, 5],
      [11, 12],
      [17, 31],
    ]);
  });

  it('expands envVarTest', () => {
    const env = { PWD: '/home', SHELL: 'bash', KOREAN: '한국어', NULL: '' };
    let cases = 0;
    for (const line of read('shell/envVarTest').split('\n')) {
      if (line.startsWith('#') || line.trim() === '') continue;
      const [platform, source = '', expected] = line.split('|').map((part) => part.trim());
      if (platform === 'W') continue;
      cases += 1;
      if (expected === 'error') expect(() => expanded(source, env), line).toThrow(/.+/);
      else expect(expanded(source, env), line).toBe(expected);
    }
    console.log(`BuildKit envVarTest: ${cases} words`);
    expect(cases).toBeGreaterThan(150);
  });

  it('splits wordsTest', () => {
    const env: Record<string, string> = {};
    let cases = 0;
    for (const line of read('shell/wordsTest').split('\n')) {
      if (line.startsWith('#') || line === '') continue;
      const set = /^ENV *([^=]+)=(.*)$/.exec(line);
      if (set) {
        env[set[1] ?? ''] = set[2] ?? '';
        continue;
      }
      cases += 1;
      const [source = '', result = ''] = line.split('|');
      const expected = result.replace(/^ +/, '').split(',');
      const split = () => lex(source.trim(), env, { escape: '\\' }).words;
      if (expected[0] === 'error') expect(split, line).toThrow(/.+/);
      else expect(split(), line).toEqual(expected);
    }
    expect(cases).toBeGreaterThan(15);
  });
});
