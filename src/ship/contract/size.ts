import { every, fail, type Item, megabytes, needBuilt, notApplicable, pass } from '../subject.ts';

/** 9: the size, judged only where somebody said how large it may be. */
export const size: Item = {
  id: 'size',
  number: 9,
  title: 'The size stays under its budget',
  turn: 'still',
  shapes: every,
  async prove(subject) {
    const { budget } = subject;
    const { sizes } = needBuilt(subject);
    const said = `${megabytes(sizes.compressed)} compressed, ${megabytes(sizes.size)} unpacked`;
    if (budget === undefined) return notApplicable(`${said}; no budget is set (key budget)`);
    if (sizes.compressed <= budget) return pass(`${said}, of ${megabytes(budget)}`);
    const largest = [...sizes.layers].sort((a, b) => b.size - a.size).slice(0, 3);
    return fail(
      [
        `${said}: more than ${megabytes(budget)}`,
        ...largest.map((one) => `${megabytes(one.size)}: ${one.instruction}`),
      ],
      'Leave out what the largest layers do not need, or raise the key budget.',
    );
  },
};

/** A size such as `80MB` in bytes; undefined where it is none. MB is a million, MiB is 1024 times 1024. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b?)$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const base = /i/i.test(unit) ? 1024 : 1000;
  const power = { k: 1, m: 2, g: 3 }[unit[0]?.toLowerCase() ?? ''] ?? 0;
  return Math.round(Number(digits) * base ** power);
}
