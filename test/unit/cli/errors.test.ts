import { expect, it } from 'vitest';
import { report } from '../../../src/cli/errors.ts';
import { dockerFailed } from '../../../src/engine/docker.ts';
import { UserError } from '../../../src/model/errors.ts';
import { buildFailed } from '../../../src/ship/image.ts';
import { commandIn, linesRead, rawIn } from '../../support/output.ts';

const nasty = '\u001B[2J\u202E\r::error::x ##[group]\u009B1m\0';

/** What an error prints, on both streams. */
function printed(error: unknown, json: boolean): string {
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
    report(error, { json });
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
