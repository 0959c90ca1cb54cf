import { afterEach, describe, expect, it, vi } from 'vitest';
import { report } from '../../../src/cli/errors.ts';
import { failed } from '../../../src/cli/run.ts';
import { dockerFailed } from '../../../src/engine/docker.ts';
import { UserError } from '../../../src/model/errors.ts';
import { buildFailed } from '../../../src/ship/image.ts';
import { dockwrightHere } from '../../support/cli.ts';
import { commandIn, linesRead, rawIn } from '../../support/output.ts';

const reported = (error: unknown, json: boolean) => report(error, { json });
const failing = (error: unknown, json: boolean) => failed(error, json ? ['--json'] : []);

const nasty = '\u001B[2J\u202E\r::error::x ##[group]\u009B1m\0';

/** What an error prints, on both streams. */
function printed(error: unknown, json: boolean, by = reported): string {
  const { stdout, stderr } = process;
  const before = { out: stdout.write, err: stderr.write };
  let text = '';
  const write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof stdout.write;
  Object.assign(stdout, { write });
  Object.assign(stderr, { write });
  try {
    by(error, json);
  } finally {
    Object.assign(stdout, { write: before.out });
    Object.assign(stderr, { write: before.err });
  }
  return text;
}

const step = {
  id: 'a',
  name: `RUN ${nasty}`,
  cached: false,
  seconds: 1,
  error: `${nasty}\n${nasty}`,
  printed: [nasty],
};
const errors: readonly unknown[] = [
  new UserError({
    code: 'x',
    message: nasty,
    where: { file: nasty, line: 1, text: nasty },
    next: [nasty],
    printed: [nasty],
  }),
  new UserError({ code: 'x', message: ['first', nasty, `\n::error::${nasty}`], next: [nasty] }),
  dockerFailed(['run', nasty], `${nasty}\n::error::x\n${nasty}`),
  buildFailed([step], [], ''),
  buildFailed([], [`ERROR ${nasty}`, '::stop-commands::x'], ''),
  new Error(nasty),
  nasty,
];

it('an error shows what a project or an outside program said in it', () => {
  for (const error of errors)
    for (const json of [false, true]) {
      const text = printed(error, json);
      expect(rawIn(text)).toEqual([]);
      for (const line of linesRead(text)) expect(commandIn(line), text).toBeUndefined();
    }
});

it('an error is as many lines as it was given, whatever stands in them', () => {
  const error = new UserError({ code: 'x', message: ['first', 'second\nthird'], next: ['Do it.'] });
  expect(error.message).toBe('first\nsecond\nthird');
  expect(printed(error, false).split('\n').slice(0, 2)).toEqual([expect.stringContaining('first'), 'second\\nthird']);
  expect(JSON.parse(printed(error, true))).toMatchObject({ error: { message: 'first\nsecond\nthird' } });
  const docker = dockerFailed(['run', 'x'], '\u001B[31mone\u001B[0m\ntwo');
  expect(printed(docker, false)).toMatch(/docker run x failed:\none\ntwo\n/);
});

it('a line of a file with carriage returns is shown without its own', () => {
  const where = { file: 'a', line: 1, text: 'x\r' };
  expect(printed(new UserError({ code: 'x', message: 'm', where, next: [] }), false)).toContain('| x\n');
});

describe('an error that is no fault of the user', () => {
  afterEach(() => vi.unstubAllEnvs());
  const interruption = new DOMException('interrupted', 'AbortError');

  it('is a document with --json too, for a bug of any kind and for an interruption', () => {
    const bugs: readonly (readonly [unknown, string])[] = [
      [new TypeError('x is not a function'), 'x is not a function'],
      ['only a text', 'only a text'],
    ];
    for (const [error, message] of bugs)
      expect(JSON.parse(printed(error, true))).toEqual({
        error: {
          code: 'bug',
          message: `This is a bug in Dockwright, not in your project. ${message}`,
          next: ['Run the command again with DEBUG=1 and report the output.'],
        },
      });
    expect(JSON.parse(printed(interruption, true))).toEqual({
      error: { code: 'interrupted', message: 'interrupted', next: [] },
    });
  });

  it('tells where it was thrown with DEBUG alone', () => {
    vi.stubEnv('DEBUG', '1');
    const { error } = JSON.parse(printed(new Error('x'), true)) as { error: { printed: readonly string[] } };
    expect(error.printed[1]).toContain('errors.test.ts');
  });

  it('is text without --json', () => {
    expect(printed(new Error('x'), false)).toMatch(
      /^. This is a bug in Dockwright, not in your project\.\n {2}x\n {2}\S+ Run the command again/,
    );
    expect(printed(interruption, false)).toMatch(/^. interrupted\n$/);
  });

  it('gives its own exit code, with --json and without', () => {
    const codes = [true, false].map((json) => {
      let code = 0;
      vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      try {
        code = report(interruption, { json }) * 1000 + report(new Error('x'), { json });
      } finally {
        vi.restoreAllMocks();
      }
      return code;
    });
    expect(codes).toEqual([130_070, 130_070]);
  });
});

describe('a wrong word on the command line', () => {
  it('ends with 2 and is a document with --json, whoever finds it', async () => {
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['--set', 'port'], '"port" is not of the form KEY=VALUE'],
      [['check', '--timeout', 'soon'], '"soon" is not a valid number of seconds'],
      [['--accept', 'Dockerfile=ours'], '--accept Dockerfile=ours: the side must be mine, generated or edited'],
      [['--no-such'], 'Unknown option "--no-such"'],
    ];
    for (const [words, message] of wrong) {
      const { code, out } = await dockwrightHere([...words, '--json']);
      expect({ code, document: JSON.parse(out) }).toEqual({
        code: 2,
        document: {
          error: { code: 'usage', message, next: [`See \`dockwright ${words[0] === 'check' ? 'check ' : ''}--help\``] },
        },
      });
    }
  });

  it('is told from a bug by its type, and not by what a thrown value happens to have', () => {
    const error = Object.assign(new Error('x'), { usage: true });
    expect(JSON.parse(printed(error, true, failing))).toMatchObject({ error: { code: 'bug' } });
  });

  it('is compared with the commands as a key of the configuration is with the keys', async () => {
    const near = async (word: string) => (await dockwrightHere([word, '--json'])).out;
    expect(await near('biuld')).toContain('Did you mean build?');
    expect(await near('verfy')).toContain('Did you mean verify?');
    // the letters of a command in another order are another word
    expect(await near('kcehc')).not.toContain('Did you mean');
  });
});
