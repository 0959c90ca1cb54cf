import { expect, it, vi } from 'vitest';
import { askOne, askSome, askYes } from '../../../src/cli/prompts.ts';
import { commandIn, linesRead, rawIn } from '../../support/output.ts';

/** What the library of prompts was asked, and what it answers. */
const clack = vi.hoisted(() => ({ asked: [] as string[], answer: undefined as unknown }));
vi.mock('@clack/prompts', () => {
  const ask = (question: { message: string; options?: { label: string; hint?: string }[] }) => {
    clack.asked.push(question.message, ...(question.options ?? []).flatMap(({ label, hint }) => [label, hint ?? '']));
    return Promise.resolve(clack.answer);
  };
  return { multiselect: ask, select: ask, confirm: ask, isCancel: (answer: unknown) => typeof answer === 'symbol' };
});

const nasty = '\u001B[2J\u202E\n::error::x ##[group]';
const options = [
  { value: 'a', label: `a ${nasty}`, hint: nasty },
  { value: 'b', label: 'Größe 漢字' },
] as const;

it('a question shows text of a project as every line does, and gives back what was chosen', async () => {
  clack.answer = ['b'];
  expect(await askSome(`what? ${nasty}`, options)).toEqual(['b']);
  clack.answer = 'a';
  expect(await askOne(`${nasty}?`, options)).toBe('a');
  for (const answer of [true, false]) {
    clack.answer = answer;
    expect(await askYes(nasty)).toBe(answer);
  }
  clack.answer = Symbol('gone');
  expect(await askYes(nasty)).toBe(false);
  expect(await askSome('what?', options)).toBeUndefined();
  expect(await askOne('what?', options)).toBeUndefined();
  for (const text of clack.asked) {
    expect(rawIn(text)).toEqual([]);
    expect(linesRead(text).map(commandIn)).toEqual([undefined]);
  }
  expect(clack.asked).toContain('a \\x1b[2J\\u202e\\n::error::x #\\x23[group]');
  expect(clack.asked).toContain('Größe 漢字');
});
