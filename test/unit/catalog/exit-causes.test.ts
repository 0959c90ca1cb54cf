import { describe, expect, it } from 'vitest';
import { exitCause } from '../../../src/catalog/exit-causes.ts';

const trace = (head: string, ...more: string[]) =>
  [
    '> shop@1.0.0 start',
    '/app/dist/index.js:10',
    '    throw error;',
    '    ^',
    '',
    head,
    '    at load (/app/dist/index.js:10:11)',
    '    at node:internal/main/run_main_module:33:47',
    ...more,
    '',
    'Node.js v26.12.1',
    '',
  ].join('\n');

describe('the line that names what ended a program', () => {
  it.each([
    [
      'of Node.js',
      trace('Error: Environment variable SITE is not set', '}'),
      ['Error: Environment variable SITE is not set'],
    ],
    [
      'of a client, with all that it holds',
      trace(
        'AxiosError [ENOTFOUND]: getaddrinfo ENOTFOUND api.invalid',
        "  code: 'ENOTFOUND',",
        '  config: {',
        '    toJSON: [Function: toJSON]',
        '  }',
        '}',
      ),
      ['AxiosError [ENOTFOUND]: getaddrinfo ENOTFOUND api.invalid'],
    ],
    [
      'and the cause behind it',
      trace(
        'Error: no database',
        '  [cause]: MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017',
        '      at x (y.js:1:1)',
        '}',
      ),
      ['Error: no database', 'MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017'],
    ],
    [
      'the last of several',
      `Error: cache away, going on\n    at x\nready\n${trace('TypeError [ERR_INVALID_URL]: Invalid URL')}`,
      ['TypeError [ERR_INVALID_URL]: Invalid URL'],
    ],
    [
      'of Go',
      'starting\npanic: open /x: no such file\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:3\n',
      ['panic: open /x: no such file'],
    ],
    [
      'of Python',
      'Traceback (most recent call last):\n  File "/app/a.py", line 1, in <module>\n    import flask\nshop.exceptions.Unready: no key\n',
      ['shop.exceptions.Unready: no key'],
    ],
    [
      'of Bun',
      '1 | import x\nerror: Cannot find package "zod" from "/app/index.ts"\n\nBun v1.3.0 (Linux x64)\n',
      ['error: Cannot find package "zod" from "/app/index.ts"'],
    ],
    [
      'a line that only says so',
      'reading settings\nfailed to read the settings\nbye\n}\n',
      ['failed to read the settings'],
    ],
    ['nothing of the kind: the last lines', 'a\nb\nc\nd\n}\n', ['b', 'c', 'd']],
  ])('is found: %s', (_, printed, lines) => {
    expect(exitCause(printed)?.lines).toEqual(lines);
  });

  it('is none where nothing is printed', () => expect(exitCause('\n  }\n')).toBeUndefined());
});

describe('what helps against a known cause', () => {
  it.each([
    ['Error: getaddrinfo EAI_AGAIN queue', 'cannot resolve the host queue'],
    ["Error: fetch failed\n  [cause]: { code: 'ENOTFOUND', hostname: 'mail.lan' }", 'the host mail.lan'],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'that is the container itself'],
    ['Error: connect ECONNREFUSED ::1:6379', 'that is the container itself'],
    ['Error: connect ECONNREFUSED 172.18.0.2:5432', 'start it first, or fix the address'],
    ['Error: listen EADDRINUSE: address already in use :::3000', 'Port 3000 is already in use'],
    ["Error: EROFS: read-only file system, mkdir '/app/uploads'", 'no permission to write to /app/uploads'],
    ["Error: EACCES: permission denied, open '/data/x.db'", 'no permission to write to /data/x.db'],
    ['Error: listen EACCES: permission denied 0.0.0.0:80', 'Ports below 1024'],
    ["Error: ENOENT: no such file or directory, open '/app/config.json'", '/app/config.json does not exist'],
    ["Error: Cannot find module 'dotenv'", 'no package dotenv'],
    [
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/app/dist/db' imported from /app/dist/index.js",
      'no module /app/dist/db',
    ],
    ['error: password authentication failed for user "app"', 'the volume keeps the password'],
    ['MongoServerError: Authentication failed.', 'the volume keeps the password'],
    ['Error: Environment variable FRONTEND_URL is not set', 'It needs FRONTEND_URL'],
    ['Error: Missing required env: API_TOKEN', 'It needs API_TOKEN'],
    ['Error: environment variable SITE is missing', 'It needs SITE'],
  ])('%s', (printed, next) => {
    expect(exitCause(printed)?.next).toContain(next);
  });

  it.each([
    'Error: no such user',
    'TypeError: x is not a function',
    'RangeError: Invalid MAX_SIZE',
    'Error: the shop is not found',
  ])('is not known: %s', (printed) => expect(exitCause(printed)?.next).toBeUndefined());
});
