import { every, fail, type Item, megabytes, needBuilt, notApplicable, pass } from '../verification.ts';

/** 9: the size, judged only where somebody said how large it may be. */
export const size: Item = {
  id: 'size',
  number: 9,
  title: 'The image size stays within its budget',
  turn: 'still',
  shapes: every,
  async prove(subject) {
    const { budget } = subject;
    const { sizes } = needBuilt(subject);
    const summary = `${megabytes(sizes.compressed)} compressed, ${megabytes(sizes.size)} unpacked`;
    if (budget === undefined) return notApplicable(`${summary}; no budget is set (key \`budget\`)`);
    if (sizes.compressed <= budget) return pass(`${summary}, of ${megabytes(budget)}`);
    const largest = [...sizes.layers].sort((a, b) => b.size - a.size).slice(0, 3);
    return fail(
      [
        `${summary}: more than ${megabytes(budget)}`,
        ...largest.map((item) => `${megabytes(item.size)}: ${item.instruction}`),
      ],
      'Remove unneeded files from the largest layers, or raise the key `budget`.',
    );
  },
};
