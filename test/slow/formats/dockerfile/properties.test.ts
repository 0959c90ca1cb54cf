import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatInstruction,
  insertAfter,
  jsonForm,
  parseDockerfile,
  quoteEnvValue,
  quoteShell,
} from '../../../../src/formats/dockerfile/index.ts';
import { expanded, printed } from '../../../support/dockerfile.ts';

const pieces = [
  'FROM a AS b',
  'RUN',
  'COPY',
  'ADD',
  'ONBUILD ',
  'ENV a=',
  'CMD ["',
  '"]',
  'HEALTHCHECK CMD ',
  'ARG x',
  '--mount=',
  '--',
  '<<EOF',
  '<<-',
  'EOF',
  '3<<',
  '# escape=`',
  '# syntax=a',
  '#',
  '\\',
  '`',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\t',
  '"',
  "'",
  '$',
  '${x:-',
  '}',
  '\ufeff',
  '\u00a0',
  '\u2028',
  'é',
  '😀',
  '\ud800',
  '\0',
];
const soup = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 4 })), {
  maxLength: 40,
});
const anyText = fc.oneof(
  soup.map((list) => list.join('')),
  fc.string({ unit: 'binary' }),
);
const word = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.constantFrom(...pieces)).map((list) => list.join('')),
);
const oneLine = word.filter((text) => !text.includes('\n'));
const runs = { numRuns: 1000 };

describe('any text', () => {
  it('is printed as it was read, each span being its text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tree = parseDockerfile(text);
        expect(printed(tree)).toBe(text);
        let end = 0;
        for (const one of tree.instructions) {
          expect(text.slice(one.span.start, one.span.end)).toBe(one.raw);
          expect(one.span.start).toBeGreaterThanOrEqual(end);
          expect(text.slice(0, one.span.start).split('\n')).toHaveLength(one.startLine);
          for (const heredoc of one.heredocs) {
            expect(text.slice(heredoc.contentSpan.start, heredoc.contentSpan.end)).toBe(heredoc.content);
          }
          for (const flag of one.flags) expect(text.slice(flag.span.start, flag.span.end)).toMatch(/^-/);
          end = one.span.end;
        }
      }),
      runs,
    );
  });

  it('is left as it is around an edit', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, at) => {
        const tree = parseDockerfile(text);
        const one = tree.instructions[at % Math.max(1, tree.instructions.length)];
        if (one === undefined) return;
        const { end } = one.span;
        const added = insertAfter(tree, one, 'USER x');
        const feed = text.indexOf('\n', end);
        const after = feed === -1 ? text.length : feed + 1;
        expect(added.startsWith(text.slice(0, after)) && added.endsWith(text.slice(after))).toBe(true);
        expect(added.slice(after, added.length - (text.length - after))).toMatch(/^(?:\r?\nUSER x|USER x\r?\n)$/);
      }),
      runs,
    );
  });
});

describe('quoting comes back from the parser', () => {
  const read = (text: string) => {
    const tree = parseDockerfile(`FROM a\n${text}\n`);
    expect(tree.problems).toEqual([]);
    expect(tree.instructions).toHaveLength(2);
    const [, one] = tree.instructions;
    if (one === undefined) throw new Error('nothing read');
    return one;
  };
  const value = (text: string | undefined) => expanded(text ?? '', { HOME: '/h', x: 'y' });

  it('ENV, LABEL and ARG', () => {
    fc.assert(
      fc.property(fc.array(oneLine, { minLength: 1, maxLength: 4 }), (list) => {
        const values = Object.fromEntries(list.map((text, index) => [`n${index}`, text]));
        for (const keyword of ['ENV', 'LABEL'] as const) {
          const one = read(formatInstruction({ keyword, values }));
          expect(one.pairs.map((pair) => value(pair.value))).toEqual(list);
        }
        expect(value(read(`ARG a=${quoteEnvValue(list[0] ?? '')}`).pairs[0]?.value)).toBe(list[0]);
      }),
      runs,
    );
  });

  it('with a backtick as the escape character', () => {
    fc.assert(
      fc.property(oneLine, (text) => {
        const tree = parseDockerfile(`# escape=\`\nENV a=${quoteEnvValue(text, '`')}\nUSER b`);
        expect(expanded(tree.instructions[0]?.pairs[0]?.value ?? '', {}, '`')).toBe(text);
        expect(tree.instructions).toHaveLength(2);
      }),
      runs,
    );
  });

  it('the JSON form', () => {
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        const one = read(`CMD ${jsonForm(argv)}`);
        expect(one.form).toBe('json');
        expect(one.args.map((piece) => piece.text)).toEqual(argv);
      }),
      runs,
    );
  });

  it('the words of a shell stay one instruction and mean themselves', () => {
    fc.assert(
      fc.property(fc.array(oneLine, { minLength: 1 }), (argv) => {
        const one = read(`RUN ${quoteShell(argv)}`);
        expect(one).toMatchObject({ form: 'shell', flags: [], heredocs: [] });
        expect(shellWords(one.rest.text)).toEqual(argv);
      }),
      runs,
    );
  });

  it('paths of COPY and flags', () => {
    fc.assert(
      fc.property(
        fc.array(
          oneLine.filter((text) => text !== ''),
          { minLength: 1, maxLength: 5 },
        ),
        oneLine,
        (sources, flag) => {
          const text = formatInstruction({ keyword: 'COPY', flags: [['from', flag]], sources, to: '/to here/' });
          const one = read(text);
          expect(one.flags).toMatchObject([{ name: 'from', value: flag }]);
          expect(one.args.map((piece) => value(piece.text))).toEqual([...sources, '/to here/']);
        },
      ),
      runs,
    );
  });

  it('a line break is refused where it cannot be', () => {
    for (const write of [() => quoteEnvValue('a\nb'), () => quoteShell(['a\nb'])]) {
      expect(write).toThrow(expect.objectContaining({ code: 'dockerfile-line-break' }));
    }
  });
});

/** The words of a POSIX shell, for text that quoteShell made: single quotes, escapes outside them, and plain characters. */
function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    let out = '';
    for (; at < text.length && text.charAt(at) !== ' '; at += 1) {
      const character = text.charAt(at);
      if (character === "'") {
        const close = text.indexOf("'", at + 1);
        out += text.slice(at + 1, close);
        at = close;
      } else if (character === '\\') {
        at += 1;
        out += text.charAt(at);
      } else {
        expect(character).toMatch(/[A-Za-z0-9_./:=@%+,-]/);
        out += character;
      }
    }
    words.push(out);
  }
  return words;
}
