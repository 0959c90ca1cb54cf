import { describe, expect, it } from 'vitest';
import type { Image } from '../../../src/model/plan.ts';
import { parseSize } from '../../../src/model/size.ts';
import { baselineDockerfile, closure } from '../../../src/ship/baseline.ts';
import { momentArguments } from '../../../src/ship/build.ts';
import { dependencyStages } from '../../../src/ship/contract/caches.ts';
import { judge, readKernel } from '../../../src/ship/contract/hardened.ts';
import { items } from '../../../src/ship/contract/items.ts';
import { judgeStay } from '../../../src/ship/contract/keeps-running.ts';
import { finder, misplaced } from '../../../src/ship/contract/lean.ts';
import { readListeners } from '../../../src/ship/contract/listens.ts';
import { logFiles } from '../../../src/ship/contract/logs.ts';
import { every } from '../../../src/ship/verification.ts';

const decision = '';
const image = {
  dockerfile: 'Dockerfile',
  context: { root: '.', needs: ['package.json', 'src'], leavesOut: [] },
  stages: [
    { name: 'base', from: { image: 'runtime:1' }, steps: [{ do: 'workdir', path: '/app', decision }], decision },
    {
      name: 'deps',
      from: { stage: 'base' },
      steps: [
        { do: 'copy', sources: ['package.json'], to: './', decision },
        {
          do: 'run',
          argv: ['install'],
          mounts: [
            { type: 'cache', target: '/cache' },
            { type: 'secret', id: 'TOKEN', env: 'TOKEN' },
          ],
          decision,
        },
      ],
      decision,
    },
    { name: 'test', from: { stage: 'deps' }, steps: [{ do: 'run', argv: ['test'], decision }], decision },
    {
      name: 'build',
      from: { stage: 'deps' },
      steps: [
        { do: 'copy', sources: ['src'], to: './src', decision },
        { do: 'run', argv: ['build'], decision },
      ],
      decision,
    },
    {
      name: 'production',
      from: { image: 'small:1' },
      steps: [
        { do: 'copy', from: 'build', sources: ['/app/dist'], to: './', decision },
        { do: 'env', values: { PORT: '3000' }, decision },
        { do: 'arg', name: 'REVISION', default: 'unknown', decision },
        { do: 'cmd', argv: ['runtime', 'index.js'], decision },
      ],
      decision,
    },
  ],
  targets: { production: 'production', test: 'test' },
  platforms: [],
  labels: {},
  buildSecrets: [],
  decision,
} as unknown as Image;

describe('the contract', () => {
  it('has the ten items, each number and name once', () => {
    expect(items.map((item) => item.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(items.map((item) => item.id)).size).toBe(10);
    for (const item of items) expect(every).toEqual(expect.arrayContaining([...item.shapes]));
  });
});

const status = (uid: number, caps: string, privileges: number) =>
  `Name:\tapp\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapPrm:\t${caps}\nCapEff:\t${caps}\nCapBnd:\t${caps}\nNoNewPrivs:\t${privileges}\n`;
const mounts = (root: string, more = '') =>
  `overlay / overlay ${root},relatime 0 0\nproc /proc proc rw 0 0\ntmpfs /dev tmpfs rw,nosuid 0 0\ntmpfs /proc/acpi tmpfs ro 0 0\ntmpfs /tmp tmpfs rw,nosuid 0 0\n${more}`;
const none = '0000000000000000';
const container = { user: '65532:65532', privileged: false, capAdd: [] };
const seen = (parts: readonly string[]) => `${parts[0]}@mounts\n${parts[1]}@write\n${parts[2] ?? ''}`;

describe('hardened', () => {
  it('is satisfied by the kernel alone', () => {
    const kernel = readKernel(seen([status(65532, none, 1), mounts('ro')]), 'touch: x: Read-only file system');
    expect(kernel).toMatchObject({ rootReadOnly: true, wrote: 'read-only', tmpfs: ['/tmp'], noNewPrivileges: true });
    expect(judge(kernel, container, ['/tmp']).bad).toEqual([]);
  });
  it.each([
    ['root', seen([status(0, none, 1), mounts('ro')]), 'Read-only file system', { ...container, user: '' }],
    [
      'a user by name',
      seen([status(65532, none, 1), mounts('ro')]),
      'Read-only file system',
      { ...container, user: 'app' },
    ],
    ['a capability', seen([status(65532, '0000000000000400', 1), mounts('ro')]), 'Read-only file system', container],
    ['new privileges', seen([status(65532, none, 0), mounts('ro')]), 'Read-only file system', container],
    ['a writable root', seen([status(65532, none, 1), mounts('rw'), 'written\n']), '', container],
    ['a root that is only denied', seen([status(65532, none, 1), mounts('rw')]), 'Permission denied', container],
    [
      'an undeclared tmpfs',
      seen([status(65532, none, 1), mounts('ro', 'tmpfs /run tmpfs rw 0 0\n')]),
      'Read-only file system',
      container,
    ],
  ])('finds %s', (_, stdout, stderr, which) => {
    expect(judge(readKernel(stdout, stderr), which, ['/tmp']).bad).toHaveLength(1);
  });
});

describe('listens', () => {
  it('reads ports and addresses of both tables', () => {
    const text = [
      '  sl  local_address rem_address   st',
      '   0: 00000000:0BB8 00000000:0000 0A 00000000:00000000',
      '   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000',
      '   2: 0200580A:0BB8 0100580A:9999 01 00000000:00000000',
      '   0: 00000000000000000000000000000000:1538 00000000000000000000000000000000:0000 0A',
    ].join('\n');
    expect(readListeners(text)).toEqual([
      { port: 3000, everywhere: true },
      { port: 8080, everywhere: false },
      { port: 5432, everywhere: true },
    ]);
  });
});

describe('lean', () => {
  it('finds a value that is cut between chunks, and one in a single chunk', () => {
    const text = Buffer.from('....the-secret-value....');
    for (let cut = 0; cut <= text.length; cut++) {
      const search = finder({ KEY: 'the-secret-value', OTHER: 'not there' });
      search.feed(text.subarray(0, cut));
      search.feed(text.subarray(cut));
      expect(search.found()).toEqual(['KEY']);
    }
  });
  it('finds one over many small chunks', () => {
    const search = finder({ KEY: 'abcdef' });
    for (const letter of 'xxabcdefxx') search.feed(Buffer.from(letter));
    expect(search.found()).toEqual(['KEY']);
  });
  it.each([
    ['app/.git/HEAD', '.git'],
    ['srv/.git/config', '.git'],
    ['app/.env', 'a settings file'],
    ['app/.env.production', 'a settings file'],
    ['app/src/order.test.ts', 'a test'],
    ['app/specs/assertions.json', 'a test or specification'],
    ['app/model.tla', 'a specification'],
    ['app/node_modules/vitest/package.json', 'the development dependency vitest'],
    ['app/node_modules/@types/bun/package.json', 'the development dependency @types/bun'],
  ])('does not want %s', (path, why) => {
    expect(misplaced(path, 'app', new Set(['vitest', '@types/bun']))).toBe(why);
  });
  it.each([
    'app/index.js',
    'app/.env.example',
    'app/node_modules/hono/package.json',
    'app/node_modules/hono/dist/test/x.test.js',
    'app/node_modules/psl/.env',
    'app/latest/news.json',
    'usr/lib/python3/test/support.py',
    'usr/share/specs/a.json',
  ])('does not mind %s', (path) => {
    expect(misplaced(path, 'app', new Set(['vitest']))).toBeUndefined();
  });
});

describe('stages', () => {
  it('follows what the target is made of', () => {
    expect(closure(image, 'production').map((stage) => stage.name)).toEqual(['base', 'deps', 'build', 'production']);
  });
  it('knows which an edit of the source cannot concern', () => {
    expect(dependencyStages(image, 'src/index.ts')).toEqual(['deps']);
    expect(dependencyStages(image, 'package.json')).toEqual([]);
  });
  it('makes one stage of them, without cache mounts, with build secrets', () => {
    expect(baselineDockerfile(image)?.split('\n')).toEqual([
      'FROM runtime:1',
      'WORKDIR /app',
      'COPY . .',
      'RUN --mount=type=secret,id=TOKEN,env=TOKEN ["install"]',
      'RUN ["build"]',
      'ENV PORT="3000"',
      'CMD ["runtime","index.js"]',
      '',
    ]);
  });
  it('gives the build what it declares and only that', () => {
    const always = { SOURCE_DATE_EPOCH: '0' };
    expect(momentArguments(image, { commit: 'abc', time: 'now' })).toEqual({ ...always, REVISION: 'abc' });
    expect(momentArguments(image, {})).toEqual(always);
  });
});

describe('size', () => {
  it.each([
    ['80MB', 80_000_000],
    ['80 MiB', 83_886_080],
    ['1.5g', 1_500_000_000],
    ['1024', 1024],
    ['12kb', 12_000],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
  it.each(['', 'much', '80 parsecs', '-1MB'])('refuses "%s"', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });
});

describe('logs', () => {
  it('finds log files among what was written', () => {
    expect(logFiles(['A /app/app.log', 'C /var/log/x', 'A /tmp/y', 'D /a.log', 'A /var/log/app/out.log.1'])).toEqual([
      '/app/app.log',
      '/var/log/x',
      '/var/log/app/out.log.1',
    ]);
  });
});

describe('what neither listens nor ends', () => {
  const stay = { name: 'mailer', up: 12, restarts: 0, code: undefined, printed: { stdout: '', stderr: '' } };

  it('may go on', () => {
    expect(judgeStay(stay)).toBeUndefined();
  });

  it.each([
    ['ended with 0 and was not started again', { code: 0 }, ['exited with code 0'], 'data-pipeline'],
    ['ends with 0 over and over', { code: 0, restarts: 5 }, ['code 0; it was restarted 5 times'], 'data-pipeline'],
    [
      'ends by an error',
      { code: 1, restarts: 1, printed: { stdout: '', stderr: 'Error: no TOKEN\n    at main (/app/index.js:3:9)\n' } },
      ['exited with code 1; it was restarted once', 'it printed: Error: no TOKEN'],
      'docker compose logs mailer',
    ],
    ['had ended before, and runs now', { restarts: 2 }, ['exited on its own; it was restarted 2 times'], 'logs mailer'],
  ] as const)('%s', (_, seen, evidence, next) => {
    const outcome = judgeStay({ ...stay, ...seen });
    expect(outcome?.status).toBe('fail');
    for (const [at, text] of evidence.entries()) expect(outcome?.evidence[at]).toContain(text);
    expect(outcome?.next).toContain(next);
  });
});
