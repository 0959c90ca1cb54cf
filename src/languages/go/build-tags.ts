import { posix } from 'node:path';
import type { GoFile } from '../../formats/go/index.ts';

/** Systems that a file is for by the ending of its name (go.dev/src/internal/syslist); what is built here is for Linux. */
const otherSystems = new Set(
  'aix android darwin dragonfly freebsd illumos ios js netbsd openbsd plan9 solaris wasip1 windows zos'.split(' '),
);
const otherMachines = new Set(
  '386 arm loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm sparc64'.split(' '),
);

/** Whether a file is compiled for Linux with some build tags, by its name and its `//go:build` line. */
export function isCompiled({ file, comments, root }: GoFile, tags: ReadonlySet<string>): boolean {
  const words = posix.basename(file, '.go').split('_').slice(1);
  if (words.some((word, at) => at >= words.length - 2 && (otherSystems.has(word) || otherMachines.has(word))))
    return false;
  const start = root.children.find(({ type }) => type === 'PackageClause')?.start ?? 0;
  const line = comments.find((comment) => comment.start < start && comment.text.startsWith('go:build '));
  return line === undefined || holds(line.text.slice('go:build '.length), tags);
}

const isTrue = (tag: string, tags: ReadonlySet<string>): boolean =>
  ['linux', 'unix', 'amd64', 'arm64', 'gc'].includes(tag) || tag.startsWith('go1.') || tags.has(tag);

/** Whether a constraint (`linux && !cgo`) holds. What cannot be read holds. */
function holds(constraint: string, tags: ReadonlySet<string>): boolean {
  const words = ['(', ')', '&&', '||', '!']
    .reduce((text, mark) => text.replaceAll(mark, ` ${mark} `), constraint)
    .split(' ')
    .filter((word) => word.trim() !== '')
    .map((word) => word.trim());
  let at = 0;
  const term = (): boolean => {
    const word = words[at];
    at += 1;
    if (word === '!') return !term();
    if (word !== '(') return word === undefined || isTrue(word, tags);
    const inner = either();
    at += 1;
    return inner;
  };
  const both = (): boolean => {
    let value = term();
    while (words[at] === '&&') {
      at += 1;
      value = term() && value;
    }
    return value;
  };
  const either = (): boolean => {
    let value = both();
    while (words[at] === '||') {
      at += 1;
      value = both() || value;
    }
    return value;
  };
  return words.length > 60 || either();
}
