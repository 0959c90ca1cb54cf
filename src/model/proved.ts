import type { VerifyReport } from './contract.ts';

/** Whether verify ends with 0: nothing failed, and with `strict` everything is proved. */
export const isProved = ({ items, others = [] }: VerifyReport, strict = false): boolean =>
  [items, ...others.map((other) => other.items)]
    .flat()
    .every(({ status }) => status !== 'fail' && !(strict && status === 'not-proved'));
