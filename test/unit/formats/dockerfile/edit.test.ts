import { describe, expect, it } from 'vitest';
import {
  formatInstruction,
  insertAfter,
  parseDockerfile,
  type Typed,
} from '../../../../src/formats/dockerfile/index.ts';

const text = '# syntax=a\r\n# top\r\n\r\n# of run\r\n# more\r\n  RUN <<EOF\r\na\r\nEOF\r\nUSER b';
const tree = parseDockerfile(text);
const [run, user] = tree.instructions;
if (run === undefined || user === undefined) throw new Error('two instructions');

describe('edits', () => {
  it('keep the line breaks of the file', () => {
    expect(insertAfter(tree, run, 'CMD a \\\n  b')).toBe(text.replace('EOF\r\nUSER', 'EOF\r\nCMD a \\\r\n  b\r\nUSER'));
    expect(insertAfter(tree, user, 'CMD a')).toBe(`${text}\r\nCMD a`);
  });

  it('leave a byte order mark where it is', () => {
    const marked = parseDockerfile('\ufeff# a\nFROM a\nUSER b\n');
    const [from] = marked.instructions;
    expect(from && insertAfter(marked, from, 'CMD c')).toBe('\ufeff# a\nFROM a\nCMD c\nUSER b\n');
  });
});

describe('formatInstruction', () => {
  it.each<[Typed, string]>([
    [{ keyword: 'FROM', image: 'a:1', platform: '$BUILDPLATFORM', as: 'b' }, 'FROM --platform=$BUILDPLATFORM a:1 AS b'],
    [{ keyword: 'ARG', name: 'a' }, 'ARG a'],
    [{ keyword: 'ENV', values: { A: '1', B: 'x y', C: { raw: '$A' } } }, 'ENV A=1 \\\n    B="x y" \\\n    C=$A'],
    [{ keyword: 'WORKDIR', value: '/a b' }, 'WORKDIR "/a b"'],
    [
      { keyword: 'COPY', flags: [['link'], ['chown', '1:1']], sources: ['a', 'b*'], to: './' },
      'COPY --link --chown=1:1 a b* ./',
    ],
    [{ keyword: 'COPY', sources: ['a b', '$c'], to: '/d' }, 'COPY ["a b", "\\\\$c", "/d"]'],
    [{ keyword: 'ADD', sources: ['--x'], to: '/d' }, 'ADD ["--x", "/d"]'],
    [{ keyword: 'RUN', command: { argv: ['a', 'b c'] } }, 'RUN ["a", "b c"]'],
    [
      { keyword: 'RUN', flags: [['mount', 'type=cache,target=/a b']], command: { shell: ['a', 'b'] } },
      'RUN --mount=type=cache,target=/a\\ b \\\n    a && \\\n    b',
    ],
    [{ keyword: 'HEALTHCHECK', command: 'none' }, 'HEALTHCHECK NONE'],
    [
      { keyword: 'HEALTHCHECK', flags: [['interval', '5s']], command: { argv: ['a'] } },
      'HEALTHCHECK --interval=5s CMD ["a"]',
    ],
    [{ keyword: 'EXPOSE', ports: ['80', '53/udp'] }, 'EXPOSE 80 53/udp'],
    [{ keyword: 'VOLUME', paths: ['/a', '/b c'] }, 'VOLUME ["/a", "/b c"]'],
    [{ keyword: 'SHELL', argv: ['/bin/sh', '-ec'] }, 'SHELL ["/bin/sh", "-ec"]'],
  ])('%j', (typed, expected) => {
    expect(formatInstruction(typed)).toBe(expected);
    expect(parseDockerfile(`FROM a\n${expected}`).problems).toEqual([]);
  });

  it('puts flags on lines of their own where the line gets long', () => {
    const text = formatInstruction(
      {
        keyword: 'COPY',
        flags: [
          ['from', 'a'],
          ['chown', '1'],
        ],
        sources: ['b'],
        to: 'c',
      },
      { width: 20 },
    );
    expect(text).toBe('COPY --from=a \\\n    --chown=1 \\\n    b c');
  });
});
