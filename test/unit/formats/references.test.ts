import { describe, expect, it } from 'vitest';
import { type ReferringKind, referencesIn, withPins } from '../../../src/formats/references/index.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const commit = 'c'.repeat(40);

const pinned = (kind: ReferringKind, text: string) =>
  withPins(kind, text, ({ kind: of }) => (of === 'image' ? digest : commit));
const keys = (kind: ReferringKind, text: string) => referencesIn(kind, text).references.map(({ key }) => key);
const left = (kind: ReferringKind, text: string) => referencesIn(kind, text).left.map(({ text: written }) => written);

describe('a Dockerfile', () => {
  it.each([
    ['a base', 'FROM node:24-slim\n', `FROM node:24-slim@${digest}\n`],
    [
      'a base with a platform and a name, in small letters',
      'from --platform=linux/amd64 node:24 as build\n',
      `from --platform=linux/amd64 node:24@${digest} as build\n`,
    ],
    ['a base without a tag', 'FROM node\n', `FROM node:latest@${digest}\n`],
    ['a base of a registry with a port', 'FROM 127.0.0.1:5000/a/b:1\n', `FROM 127.0.0.1:5000/a/b:1@${digest}\n`],
    [
      'the frontend',
      '# syntax=docker/dockerfile:1\nFROM scratch\n',
      `# syntax=docker/dockerfile:1@${digest}\nFROM scratch\n`,
    ],
    [
      'an image that files come from',
      'FROM scratch\nCOPY --from=busybox:1 /bin /bin\n',
      `FROM scratch\nCOPY --from=busybox:1@${digest} /bin /bin\n`,
    ],
    [
      'an image that is mounted',
      'FROM scratch\nRUN --mount=type=bind,from=busybox:1,target=/b true\n',
      `FROM scratch\nRUN --mount=type=bind,from=busybox:1@${digest},target=/b true\n`,
    ],
    ['the default of an argument', 'ARG BASE=node:24\nFROM $BASE\n', `ARG BASE=node:24@${digest}\nFROM $BASE\n`],
    [
      'a quoted default',
      'ARG BASE="node:24"\nFROM ${BASE} AS a\nFROM ${BASE}\n',
      `ARG BASE="node:24@${digest}"\nFROM \${BASE} AS a\nFROM \${BASE}\n`,
    ],
    ['a version at the end', 'ARG V=24-slim\nFROM node:${V}\n', `ARG V=24-slim@${digest}\nFROM node:\${V}\n`],
    ['a default in the name', 'FROM ${BASE:-node:24}\n', `FROM \${BASE:-node:24@${digest}}\n`],
    [
      'a variable for the registry',
      'ARG R=docker.io\nFROM $R/node:24\n',
      `ARG R=docker.io\nFROM $R/node:24@${digest}\n`,
    ],
    [
      'a version within the tag',
      'ARG V=24\nFROM node:${V}-slim AS a\n',
      `ARG V=24\nFROM node:\${V}-slim@${digest} AS a\n`,
    ],
    [
      'two variables of the tag',
      'ARG V=24\nARG O=slim\nFROM node:$V-$O\n',
      `ARG V=24\nARG O=slim\nFROM node:$V-$O@${digest}\n`,
    ],
    [
      'a version that a stage reads too',
      'ARG V=24\nFROM node:$V\nARG V\nRUN echo $V\n',
      `ARG V=24\nFROM node:$V@${digest}\nARG V\nRUN echo $V\n`,
    ],
    ['another pin', `FROM node:24@${other}\n`, `FROM node:24@${digest}\n`],
    ['another pin in an argument', `ARG B=node:24@${other}\nFROM $B\n`, `ARG B=node:24@${digest}\nFROM $B\n`],
    [
      'a byte order mark and carriage returns',
      '\uFEFFFROM node:24\r\nRUN true\r\n',
      `\uFEFFFROM node:24@${digest}\r\nRUN true\r\n`,
    ],
  ])('has a pin for %s', (_, text, expected) => {
    expect(pinned('dockerfile', text)).toBe(expected);
    expect(pinned('dockerfile', expected)).toBe(expected);
  });

  it.each([
    ['scratch', 'FROM scratch\n'],
    ['a stage by its name', 'FROM scratch AS Build\nFROM build\nCOPY --from=build /a /a\nCOPY --from=0 /a /a\n'],
    ['a file of the context', 'FROM scratch\nRUN --mount=type=bind,source=a,target=/a true\n'],
  ])('has nothing to pin in %s', (_, text) => {
    expect(pinned('dockerfile', text)).toBe(text);
    expect(left('dockerfile', text)).toEqual([]);
  });

  it.each([
    ['a variable within the tag that has no value', 'ARG V\nFROM node:${V}-slim\n', 'node:${V}-slim'],
    ['a base by its variable, in a tag of another', 'ARG B=node\nARG V=24\nFROM $B:$V-slim\n', '$B:$V-slim'],
    ['a variable without a value', 'ARG BASE\nFROM $BASE\n', '$BASE'],
    ['an argument that is said twice', 'ARG B=node:22\nARG B=node:24\nFROM $B\n', '$B'],
  ])('leaves out %s', (_, text, written) => {
    expect(pinned('dockerfile', text)).toBe(text);
    expect(left('dockerfile', text)).toEqual([written]);
  });
});

describe('a compose file', () => {
  it.each([
    [
      'a service',
      'services:\n  db:\n    image: postgres:17 # data\n',
      `services:\n  db:\n    image: postgres:17@${digest} # data\n`,
    ],
    ['quotes', "services: {db: {image: 'postgres:17'}}\n", `services: {db: {image: 'postgres:17@${digest}'}}\n`],
    [
      'an extension field',
      'x-db: &db\n  image: postgres:17\nservices:\n  db:\n    <<: *db\n',
      `x-db: &db\n  image: postgres:17@${digest}\nservices:\n  db:\n    <<: *db\n`,
    ],
    [
      'an alias',
      'x-i: &i postgres:17\nservices:\n  db:\n    image: *i\n',
      `x-i: &i postgres:17@${digest}\nservices:\n  db:\n    image: *i\n`,
    ],
    [
      'a default',
      'services:\n  db:\n    image: ${DB:-postgres:17}\n',
      `services:\n  db:\n    image: \${DB:-postgres:17@${digest}}\n`,
    ],
    [
      'a version in a default',
      'services:\n  db:\n    image: "postgres:${V-17}"\n',
      `services:\n  db:\n    image: "postgres:\${V-17@${digest}}"\n`,
    ],
    [
      'a default in a default',
      'services:\n  db:\n    image: ${A:-${B:-redis:8}}\n',
      `services:\n  db:\n    image: \${A:-\${B:-redis:8@${digest}}}\n`,
    ],
  ])('has a pin for %s', (_, text, expected) => {
    expect(pinned('compose', text)).toBe(expected);
    expect(pinned('compose', expected)).toBe(expected);
  });

  it.each([
    ['is built', 'services:\n  app:\n    build: .\n    image: app:1\n  worker:\n    image: app:1\n'],
    ['is never pulled', 'services:\n  app:\n    image: app:1\n    pull_policy: never\n'],
    ['is in a label', 'services:\n  app:\n    build: .\n    labels:\n      image: postgres:17\n'],
  ])('has none for an image that %s', (_, text) => {
    expect(pinned('compose', text)).toBe(text);
    expect(left('compose', text)).toEqual([]);
  });

  it('leaves out what only the environment says', () => {
    const text =
      'services:\n  a:\n    image: ${A}\n  b:\n    image: postgres:${V:-17}-alpine\n  c:\n    image: ${C:?say it}\n';
    expect(pinned('compose', text)).toBe(text);
    expect(left('compose', text)).toHaveLength(3);
  });
});

describe('a workflow', () => {
  const step = (uses: string) => `jobs:\n  test:\n    steps:\n      - uses: ${uses}\n`;
  it.each([
    ['an action', step('actions/checkout@v4'), step(`actions/checkout@${commit} # v4`)],
    ['quotes and a comment', step('"a/b/sub@v1.2" # keep'), step(`"a/b/sub@${commit}" # v1.2 # keep`)],
    [
      'a reusable workflow',
      'jobs:\n  call:\n    uses: a/b/.github/workflows/c.yml@main\n',
      `jobs:\n  call:\n    uses: a/b/.github/workflows/c.yml@${commit} # main\n`,
    ],
    ['another commit', step(`a/b@${'d'.repeat(40)} # v1`), step(`a/b@${commit} # v1`)],
    ['an image', step('docker://alpine:3'), step(`docker://alpine:3@${digest}`)],
    [
      'a container and a service',
      'jobs:\n  a:\n    container: node:24\n    services:\n      db: {image: postgres:17}\n',
      `jobs:\n  a:\n    container: node:24@${digest}\n    services:\n      db: {image: postgres:17@${digest}}\n`,
    ],
  ])('has a pin for %s', (_, text, expected) => {
    expect(pinned('workflow', text)).toBe(expected);
    expect(pinned('workflow', expected)).toBe(expected);
  });

  it('says nothing of the version of a commit without a comment, and leaves local actions alone', () => {
    const text = `${step(`a/b@${commit}`)}      - uses: ./local\n      - uses: a/b@\${{ matrix.v }}\n`;
    expect(keys('workflow', text)).toEqual([undefined]);
    expect(left('workflow', text)).toHaveLength(1);
  });

  it('gets its version back where a pin is taken out', () => {
    const text = step('actions/checkout@v4');
    expect(withPins('workflow', pinned('workflow', text), () => null)).toBe(text);
  });
});
