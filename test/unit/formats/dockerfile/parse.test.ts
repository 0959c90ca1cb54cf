import { describe, expect, it } from 'vitest';
import { type Instruction, parseDockerfile } from '../../../../src/formats/dockerfile/index.ts';

const first = (text: string): Instruction => {
  const [one] = parseDockerfile(text).instructions;
  if (one === undefined) throw new Error('no instruction');
  return one;
};
const messages = (text: string) => parseDockerfile(text).problems.map((one) => `${one.line}: ${one.message}`);
const opened = (text: string) =>
  first(text).heredocs.map(({ name, fd, chomp, expand, content }) => ({ name, fd, chomp, expand, content }));
const plain = { fd: 0, chomp: false, expand: true };

describe('heredocs', () => {
  it.each([
    ['RUN <<EOF\na\nEOF\n', [{ ...plain, name: 'EOF', content: 'a\n' }]],
    ['RUN <<-EOF\n\ta\n\tEOF\n', [{ ...plain, name: 'EOF', chomp: true, content: '\ta\n' }]],
    ["RUN <<'EOF'\n$a\nEOF", [{ ...plain, name: 'EOF', expand: false, content: '$a\n' }]],
    ["RUN <<-eo'f'\na\neof", [{ ...plain, name: 'eof', chomp: true, expand: false, content: 'a\n' }]],
    ['RUN <<"one two"\na\none two\n', [{ ...plain, name: 'one two', expand: false, content: 'a\n' }]],
    ["RUN <<eo\\'f\na\neo'f", [{ ...plain, name: "eo'f", content: 'a\n' }]],
    ['RUN 3<<EOF\nEOF', [{ ...plain, name: 'EOF', fd: 3, content: '' }]],
    ['RUN <<  EOF  > f\nEOF', [{ ...plain, name: 'EOF', content: '' }]],
    ['RUN <<$EOF\n$EOF', [{ ...plain, name: '$EOF', content: '' }]],
    ['RUN cat <<EOF\r\na\r\nEOF\r\n', [{ ...plain, name: 'EOF', content: 'a\r\n' }]],
    [
      'COPY <<X <<Y /d/\nY\nX\nX\nY\n',
      [
        { ...plain, name: 'X', content: 'Y\n' },
        { ...plain, name: 'Y', content: 'X\n' },
      ],
    ],
    ['ADD --chown=1 <<a.txt /d\n# no comment\na.txt', [{ ...plain, name: 'a.txt', content: '# no comment\n' }]],
    ['ONBUILD RUN <<EOF\na\nEOF\n', [{ ...plain, name: 'EOF', content: 'a\n' }]],
    ['RUN \\\n  <<EOF\na\nEOF\n', [{ ...plain, name: 'EOF', content: 'a\n' }]],
  ])('%j', (text, expected) => {
    expect(opened(text)).toEqual(expected);
    const tree = parseDockerfile(`${text}${text.endsWith('\n') ? '' : '\n'}USER a\n`);
    expect(tree.instructions.map((one) => one.keyword).at(-1)).toBe('USER');
    expect(tree.instructions).toHaveLength(2);
  });

  it.each([
    'RUN ["<<EOF"]\n',
    'RUN cat <<<EOF\n',
    'RUN echo $((1<<2))\n',
    'RUN "<<EOF"\n',
    "RUN echo ' <<EOF'\n",
    'USER <<EOF\n',
    'RUN a << <b\n',
    "RUN echo it's <<EOF\n",
  ])('%j opens none', (text) => {
    expect(opened(text)).toEqual([]);
  });

  it('goes to the end of the file without a terminator, and says so', () => {
    expect(messages('FROM a\nRUN <<EOF\nb\n')).toEqual(['2: the heredoc EOF is not terminated']);
    expect(opened('RUN <<EOF\nb\n')).toEqual([{ ...plain, name: 'EOF', content: 'b\n' }]);
  });

  it('knows its lines and spans', () => {
    const text = 'RUN <<A\nx\nA\n';
    const [one] = first(text).heredocs;
    expect(one).toMatchObject({
      startLine: 2,
      endLine: 3,
      contentSpan: { start: 8, end: 10 },
      span: { start: 8, end: 11 },
    });
    expect(first(text)).toMatchObject({ startLine: 1, endLine: 3, raw: 'RUN <<A\nx\nA' });
  });
});

describe('directives', () => {
  const names = (text: string) => parseDockerfile(text).directives.map((one) => `${one.name}=${one.value}`);

  it.each([
    ['# syntax=docker/dockerfile:1\n#ESCAPE = `\n# check=skip=all;error=true\nFROM a\n', 3],
    ['\ufeff# syntax=a\r\nFROM a\r\n', 1],
    ['# note\n# escape=`\nFROM a\n', 0],
    ['\n# escape=`\nFROM a\n', 0],
    ['# other=1\n# escape=`\nFROM a\n', 0],
    ['FROM a\n# escape=`\n', 0],
    ['#!/bin/x\n# syntax=a\nFROM a\n', 1],
  ])('%j', (text, count) => {
    expect(names(text)).toHaveLength(count);
  });

  it('takes each once and only two escape characters', () => {
    expect(messages('# escape=`\n# escape=\\\nFROM a\n')).toEqual(['2: the directive escape is repeated']);
    expect(messages('# escape=x\nFROM a\n')).toEqual(['1: the escape character is \\ or `, not x']);
  });

  it('continues lines with the escape character that was chosen', () => {
    const tree = parseDockerfile('# escape=`\nFROM a\nRUN dir `\n c:\\\nUSER b\n');
    expect(tree.instructions.map((one) => one.rest.text)).toEqual(['a', 'dir  c:\\', 'b']);
  });
});

describe('lines', () => {
  it('passes over comments and empty lines inside a continuation', () => {
    const one = first('RUN a \\\n# no \\\n\n  # nor this\n  b \\ \t\n c\nUSER d\n');
    expect(one.rest.text).toBe('a   b  c');
    expect(one).toMatchObject({ startLine: 1, endLine: 6, emptyContinuations: [3] });
  });

  it('gives flags and words their places in the source', () => {
    const text = 'COPY --from=x \\\n  --new="a b" \\\n  one \\\n  two\r\n';
    const one = first(text);
    expect(one.flags.map((flag) => [flag.name, flag.value, text.slice(flag.span.start, flag.span.end)])).toEqual([
      ['from', 'x', '--from=x'],
      ['new', 'a b', '--new="a b"'],
    ]);
    expect(
      one.args.filter((piece) => piece.text !== '').map((piece) => text.slice(piece.span.start, piece.span.end)),
    ).toEqual(['one', 'two']);
    expect(messages(`FROM a\n${text}`)).toEqual(['2: COPY has no flag --new']);
  });

  it('keeps comments with the instruction that follows', () => {
    const tree = parseDockerfile('# a\n\n# b\nFROM a\n# end\n');
    expect(tree.instructions[0]?.comments.map((one) => [one.text, one.line])).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
    expect(tree.comments.map((one) => one.text)).toEqual(['end']);
  });
});

describe('forms', () => {
  it.each([
    ['CMD ["a", "b c"]', 'json', ['a', 'b c'], false],
    ["CMD ['a']", 'shell', ["['a']"], true],
    ['CMD ["a"', 'shell', ['["a"'], true],
    ['CMD a b', 'shell', ['a b'], false],
    ['RUN [ -f x ]', 'shell', ['[ -f x ]'], true],
    ['COPY ["a b", "c"]', 'json', ['a b', 'c'], false],
    ['VOLUME /a /b', 'words', ['/a', '/b'], false],
    ['ENTRYPOINT []', 'json', [], false],
    ['FETCH x  y', 'unknown', ['x  y'], false],
    ['USER a b', 'text', ['a b'], false],
    ['CMD', 'none', [], false],
  ])('%s', (text, form, args, brokenJson) => {
    const one = first(text);
    expect({ form: one.form, args: one.args.map((piece) => piece.text), brokenJson: one.brokenJson }).toEqual({
      form,
      args,
      brokenJson,
    });
  });

  it('reads pairs, the old way too', () => {
    expect(first('ENV a="b c" d=e\\ f').pairs.map((pair) => [pair.name, pair.value])).toEqual([
      ['a', '"b c"'],
      ['d', 'e\\ f'],
    ]);
    expect(first('ENV a b c').pairs).toMatchObject([{ name: 'a', value: 'b c', legacy: true }]);
    expect(first('ARG a b=c').pairs.map((pair) => [pair.name, pair.value])).toEqual([
      ['a', undefined],
      ['b', 'c'],
    ]);
  });

  it('reads what ONBUILD holds back', () => {
    expect(first('onbuild copy --chown=1 a b')).toMatchObject({
      form: 'trigger',
      inner: { keyword: 'COPY', written: 'copy', flags: [{ name: 'chown', value: '1' }] },
    });
    expect(messages('FROM a\nONBUILD ONBUILD RUN a\nONBUILD FROM b\n')).toEqual([
      '2: ONBUILD cannot hold ONBUILD',
      '3: ONBUILD cannot hold FROM',
    ]);
    expect(parseDockerfile(`ONBUILD ${'ONBUILD '.repeat(20_000)}`).instructions).toHaveLength(1);
  });

  it('reads stages', () => {
    const { stages } = parseDockerfile('ARG v\nFROM --platform=$BUILDPLATFORM a:$v AS Build\nRUN a\nFROM build\n');
    expect(stages).toMatchObject([
      { index: 0, name: 'build', base: 'a:$v', platform: '$BUILDPLATFORM', instructions: [{ keyword: 'RUN' }] },
      { index: 1, base: 'build', instructions: [] },
    ]);
  });

  it.each([
    ['', '1: there is no instruction'],
    ['RUN a\n', '1: RUN is before the first FROM'],
    ['FROM a\nFETCH b\n', '2: unknown instruction FETCH'],
    ['FROM a b\n', '1: FROM takes an image, optionally followed by AS and a name'],
    ['FROM a as 1\n', '1: 1 cannot name a stage'],
    ['FROM a\nCOPY b\n', '2: COPY needs a source and a destination'],
    ['FROM a\nCOPY b <<EOF\nEOF\n', '2: COPY cannot write to a heredoc'],
    ['FROM a\nSHELL sh\n', '2: SHELL needs the JSON form'],
    ['FROM a\nCMD ["a", 1]\n', '2: the JSON form takes strings only'],
    ['FROM a\nENV b\n', '2: ENV needs a name and a value'],
    ['FROM a\nENV b=c d\n', '2: ENV needs NAME=value: "d" has no ='],
    ['FROM a\nHEALTHCHECK GET\n', '2: HEALTHCHECK knows CMD and NONE, not GET'],
    ['FROM a\nCOPY --from=a --from=b c d\n', '2: --from is repeated'],
    ['FROM a\nCOPY --link=2 c d\n', '2: --link must be true or false'],
    [`FROM a\nENV b=${'c'.repeat(65_536)}\n`, '2: the line is longer than 65535 bytes'],
  ])('refuses %.40j', (text, message) => {
    expect(messages(text)).toContain(message);
  });

  it('refuses nothing of a file that is right', () => {
    expect(
      messages(
        'FROM a AS b\nRUN --mount=type=cache,target=/c --mount=type=bind,target=/d --network=none e\nCOPY --link --parents f g\nHEALTHCHECK --interval=1s CMD h\nONBUILD RUN i\n',
      ),
    ).toEqual([]);
  });
});
