import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Instruction, insertAfter, parseDockerfile } from '../../../src/formats/dockerfile/index.ts';
import { type Path, parseYaml } from '../../../src/formats/yaml/parse.ts';
import { UserError } from '../../../src/model/errors.ts';
import { mergeTexts } from '../../../src/reconcile/merge.ts';
import { removed, replaced } from '../../support/dockerfile.ts';
import { insertYaml, removeYaml, setYaml } from '../../support/yaml.ts';

/** How many cases each property tries; a job of its own asks for more. */
const cases = Number(process.env['CASES'] ?? 400);
const seed = Number(process.env['SEED'] ?? 20261121);

const root = join(fileURLToPath(import.meta.url), '../../../..');
/** What is generated for the examples: the texts that users edit. */
const texts = (wanted: RegExp): string[] =>
  readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => wanted.test(file) && !file.includes('node_modules'))
    .sort()
    .map((file) => readFileSync(join(root, 'examples', file), 'utf8'));

const count = { cases: 0, both: 0, conflicts: 0 };
afterAll(() => {
  const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
  console.log(
    `merging: ${count.cases} cases, seed ${seed}; both sides changed in ${share(count.both, count.cases)}, of these ${share(count.conflicts, count.both)} conflicts (edits of any part, the same one too)`,
  );
});

type Op = { readonly at: number; readonly act: 'replace' | 'insert' | 'remove' | 'remark'; readonly mark: number };
const op = fc.record<Op>({
  at: fc.nat(10_000),
  act: fc.constantFrom('replace', 'insert', 'remove', 'remark'),
  mark: fc.integer({ min: 1000, max: 9999 }),
});

const instead: Readonly<Record<string, (mark: number, one: Instruction) => string>> = {
  FROM: (mark, one) => one.raw.replace(/^FROM (--\S+ )?\S+/, (_, flag = '') => `FROM ${flag}image:${mark}`),
  RUN: (mark) => `RUN echo ${mark}`,
  COPY: (mark) => `COPY a${mark} ./b${mark}`,
  ENV: (mark) => `ENV A${mark}=1`,
  LABEL: (mark) => `LABEL a${mark}=1`,
  ARG: (mark) => `ARG A${mark}`,
  EXPOSE: (mark) => `EXPOSE ${mark}`,
  USER: (mark) => `USER ${mark}:${mark}`,
  WORKDIR: (mark) => `WORKDIR /a${mark}`,
  CMD: (mark) => `CMD ["a${mark}"]`,
  ENTRYPOINT: (mark) => `ENTRYPOINT ["a${mark}"]`,
  HEALTHCHECK: (mark) => `HEALTHCHECK CMD ["a${mark}"]`,
};

/** One edit of one instruction, as somebody with an editor makes it. */
function editDockerfile(text: string, at: number, { act, mark }: Op): string {
  const tree = parseDockerfile(text);
  const one = tree.instructions[at];
  if (!one) throw new Error('no such instruction');
  if (act === 'insert') return insertAfter(tree, one, `RUN echo new ${mark}`);
  if (act === 'remark') {
    const start = text.lastIndexOf('\n', one.span.start - 1) + 1;
    return `${text.slice(0, start)}# remark ${mark}\n${text.slice(start)}`;
  }
  if (act === 'remove' && one.keyword !== 'FROM') return removed(tree, one);
  return replaced(tree, one, instead[one.keyword]?.(mark, one) ?? one.raw);
}

describe('edits of a generated Dockerfile', () => {
  const all = texts(/expected\/.*Dockerfile$/);
  it('and changes of other instructions never conflict, and all are there', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), op, op, (base, mine, fresh) => {
        const { length } = parseDockerfile(base).instructions;
        const [a, b] = [mine.at % length, fresh.at % length];
        fc.pre(a !== b);
        // the later place first: the earlier one stays where it is
        const both =
          a > b
            ? editDockerfile(editDockerfile(base, a, mine), b, fresh)
            : editDockerfile(editDockerfile(base, b, fresh), a, mine);
        const result = mergeTexts('dockerfile', {
          base,
          mine: editDockerfile(base, a, mine),
          fresh: editDockerfile(base, b, fresh),
        });
        count.cases += 1;
        count.both += 1;
        expect(result.conflicts).toEqual([]);
        expect(result.text).toBe(both);
      }),
      { numRuns: cases, seed },
    );
  });

  it('and changes of any number of instructions give a Dockerfile that holds the edits, or a conflict', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(op, { maxLength: 4 }),
        fc.array(op, { maxLength: 4 }),
        (base, mine, fresh) => {
          const edited = (ops: readonly Op[]) =>
            ops.reduce(
              (text, one) => editDockerfile(text, one.at % parseDockerfile(text).instructions.length, one),
              base,
            );
          const [theirs, ours] = [edited(mine), edited(fresh)];
          const result = mergeTexts('dockerfile', { base, mine: theirs, fresh: ours });
          tally(base, theirs, ours, result.conflicts.length);
          if (result.conflicts.length > 0) return;
          expect(parseDockerfile(result.text).problems).toEqual([]);
          const words = (text: string) => new Set(text.match(/\b(new|remark) \d{4}/g));
          for (const word of [...words(theirs), ...words(ours)]) expect(result.text).toContain(word);
        },
      ),
      { numRuns: cases, seed },
    );
  });
});

function tally(base: string, mine: string, fresh: string, conflicts: number): void {
  count.cases += 1;
  if (mine === base || fresh === base) return;
  count.both += 1;
  if (conflicts > 0) count.conflicts += 1;
}

/** The places of a YAML text that hold a plain value on their own; `command`, `entrypoint` and `test` are lines of words. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return path.length === 0 ? [] : [path];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return inner.flatMap(([key, one]) =>
    ['command', 'entrypoint', 'test'].includes(String(key)) ? [] : leaves(one, [...path, key]),
  );
}

/** One edit of one node; undefined where it cannot be made at that place. */
function editCompose(text: string, path: Path, { act, mark }: Op): string | undefined {
  try {
    if (act === 'insert') return insertYaml(text, path.slice(0, -1), `key${mark}`, `new ${mark}`);
    if (act === 'remove') return removeYaml(text, path);
    if (act === 'replace') return setYaml(text, path, `value ${mark}`);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
  const line = parseYaml(text, 'x').line(path);
  const lines = text.split('\n');
  lines.splice(line - 1, 0, `${/^ */.exec(lines[line - 1] ?? '')?.[0] ?? ''}# remark ${mark}`);
  return lines.join('\n');
}

const data = (text: string): unknown => parseYaml(text, 'the text').value;

describe('edits of a generated compose file', () => {
  const all = texts(/expected\/.*compose.*\.yml$/);
  it('and changes of other nodes never conflict, and all are there', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), op, op, (base, mine, fresh) => {
        const paths = leaves(data(base));
        const [a, b] = [paths[mine.at % paths.length] ?? [], paths[fresh.at % paths.length] ?? []];
        const line = (path: Path) => parseYaml(base, 'x').line(path);
        // two remarks above one line are edits of one place
        fc.pre(a.join() !== b.join() && !(mine.act === 'remark' && fresh.act === 'remark' && line(a) === line(b)));
        const [theirs, ours] = [editCompose(base, a, mine), editCompose(base, b, fresh)];
        // items of a list have no name: what stands behind one that went has another place
        const both = theirs === undefined ? undefined : editCompose(theirs, b, fresh);
        fc.pre(
          theirs !== undefined &&
            ours !== undefined &&
            both !== undefined &&
            !(a.slice(0, -1).join() === b.slice(0, -1).join() && typeof a.at(-1) === 'number'),
        );
        const result = mergeTexts('compose', { base, mine: theirs ?? '', fresh: ours ?? '' });
        count.cases += 1;
        count.both += 1;
        expect(result.conflicts).toEqual([]);
        expect(data(result.text)).toEqual(data(both ?? ''));
        for (const remark of `${theirs}${ours}`.match(/# remark \d{4}/g) ?? []) expect(result.text).toContain(remark);
      }),
      { numRuns: cases, seed },
    );
  });

  it('and changes of any number of nodes give a file that can be read and holds the edits, or a conflict', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(op, { maxLength: 4 }),
        fc.array(op, { maxLength: 4 }),
        (base, mine, fresh) => {
          const edited = (ops: readonly Op[]) =>
            ops.reduce((text, one) => {
              const paths = leaves(data(text));
              return editCompose(text, paths[one.at % paths.length] ?? [], one) ?? text;
            }, base);
          const [theirs, ours] = [edited(mine), edited(fresh)];
          const result = mergeTexts('compose', { base, mine: theirs, fresh: ours });
          tally(base, theirs, ours, result.conflicts.length);
          if (result.conflicts.length > 0) return;
          expect(() => data(result.text)).not.toThrow();
        },
      ),
      { numRuns: cases, seed },
    );
  });
});

describe('any texts', () => {
  const line = fc.constantFrom(
    'a',
    'b',
    'FROM x',
    'ENV A=1 \\',
    '    B=2',
    'k:',
    '  v: 1',
    '- i',
    '# r',
    '',
    '\tt',
    'A=1',
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 10 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, lineBreak, ends]) => lines.join(lineBreak) + (ends ? lineBreak : ''));
  it('are merged or are a conflict; what one side left alone is the other side’s', () => {
    const kinds = fc.constantFrom('dockerfile', 'compose', 'env', 'dockerignore', 'source' as const);
    fc.assert(
      fc.property(kinds, text, text, text, (kind, base, mine, fresh) => {
        count.cases += 1;
        const plain = (one: string) => one.replaceAll('\r\n', '\n').replace(/\n$/, '');
        mergeTexts(kind, { base, mine, fresh });
        expect(mergeTexts(kind, { base, mine, fresh: base })).toMatchObject({ text: mine, conflicts: [] });
        expect(plain(mergeTexts(kind, { base: mine, mine, fresh }).text)).toBe(plain(fresh));
        expect(mergeTexts(kind, { base, mine, fresh: mine })).toMatchObject({ text: mine, conflicts: [] });
      }),
      { numRuns: cases, seed },
    );
  });
});
