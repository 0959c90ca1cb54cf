/** Readings of what compose writes as strings; undefined where the text is not one. */

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 604_800e9,
};

/** A span of time as Go prints it: `90s` is `1m30s`. */
export function duration(text: string): string | undefined {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return '0s';
  if (rest === '' || rest.length > 100) return undefined;
  let total = 0;
  let at = 0;
  const part = /(\d+(?:\.\d*)?|\.\d+)([^\d.]+)/y;
  while (at < rest.length) {
    part.lastIndex = at;
    const found = part.exec(rest);
    const unit = nanoseconds[found?.[2] ?? ''];
    if (!found || unit === undefined) return undefined;
    total += Number(found[1]) * unit;
    at = part.lastIndex;
  }
  if (total > Number.MAX_SAFE_INTEGER * 1000) return undefined;
  return printDuration(sign === '-', Math.trunc(total));
}

function printDuration(isNegative: boolean, total: number): string {
  const sign = isNegative && total > 0 ? '-' : '';
  if (total === 0) return '0s';
  for (const [unit, size, next] of [
    ['ns', 1, 1e3],
    ['µs', 1e3, 1e6],
    ['ms', 1e6, 1e9],
  ] as const)
    if (total < next) return `${sign}${decimal(total, size)}${unit}`;
  const hours = Math.floor(total / 3600e9);
  const minutes = Math.floor((total % 3600e9) / 60e9);
  const seconds = `${decimal(total % 60e9, 1e9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** A whole number divided by a power of ten, without rounding. */
function decimal(value: number, size: number): string {
  const digits = String(value % size).padStart(String(size).length - 1, '0');
  const last = [...digits].findLastIndex((digit) => digit !== '0');
  const fraction = digits.slice(0, last + 1);
  const whole = String(Math.floor(value / size));
  return size === 1 || fraction === '' ? whole : `${whole}.${fraction}`;
}

const sizes: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50 };

/** A size such as `512m` or `1.5 GiB` in bytes, as digits. */
export function bytes(text: string): string | undefined {
  const found = /^(\d{1,30}(?:\.\d{0,30})?|\.\d{1,30}) ?(b|[kmgtp](?:i?b)?)?$/i.exec(text);
  if (!found) return undefined;
  const size = Number(found[1]) * (sizes[(found[2] ?? 'b').charAt(0).toLowerCase()] ?? 1);
  return Number.isFinite(size) && size < 2 ** 63 ? BigInt(Math.trunc(size)).toString() : undefined;
}

/** A number rounded to 32 bits, as compose keeps shares of processors, in its shortest form. */
export function float32(value: number): number {
  const rounded = Math.fround(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(rounded.toPrecision(digits));
    if (Math.fround(short) === rounded) return short;
  }
  return Number(rounded.toPrecision(9));
}

/** A number from a string as Go reads it. */
export const wholeNumber = (text: string): number | undefined =>
  /^[-+]?\d{1,18}$/.test(text) ? Number(text) : undefined;

export const decimalNumber = (text: string): number | undefined =>
  /^[-+]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})(e[-+]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;

export function truth(text: string): boolean | undefined {
  if (/^(true|y|yes|on)$/i.test(text)) return true;
  return /^(false|n|no|off)$/i.test(text) ? false : undefined;
}
