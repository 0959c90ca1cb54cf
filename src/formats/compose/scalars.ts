import type { Value } from './nodes.ts';

type Resolved = { readonly value: Value; readonly text: string };

/** Longer runs of digits are no number that a compose file needs, and slow to read. */
const MAX_DIGITS = 400;

const words: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

/**
 * What a plain scalar means to compose, whose YAML reader differs from YAML 1.2: `0755` is octal, `1_000` a thousand, and dates are
 * kept as strings here. `tag` is its tag, where it has one; unknown ones make a string.
 */
export function resolveScalar(source: string, tag: string | undefined): Resolved {
  if (tag !== undefined && !/^tag:yaml\.org,2002:(int|float|bool|null)$/.test(tag))
    return { value: source, text: source };
  if (source === '' || source === '~') return { value: null, text: '<nil>' };
  if (/^(true|True|TRUE|false|False|FALSE|null|Null|NULL)$/.test(source)) {
    const value = words[source.toLowerCase()] ?? null;
    return { value, text: value === null ? '<nil>' : String(value) };
  }
  return numberOf(source) ?? { value: source, text: source };
}

function numberOf(source: string): Resolved | undefined {
  const special = /^([-+]?)\.(inf|Inf|INF)$/.exec(source);
  if (special) return { value: source, text: special[1] === '-' ? '-Inf' : '+Inf' };
  if (!/^[-+.]?\d/.test(source) || source.length > MAX_DIGITS) return undefined;
  const plain = source.replaceAll('_', '');
  const whole = /^([-+]?)(0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9]\d*)$/.exec(plain);
  if (whole) return wholeNumber(whole[1] ?? '', whole[2] ?? '');
  if (!/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? { value, text: floatText(value) } : undefined;
}

function wholeNumber(sign: string, digits: string): Resolved | undefined {
  const octal = /^0[oO]?([0-7]+)$/.exec(digits);
  const size = BigInt(octal ? `0o${octal[1]}` : digits);
  const value = sign === '-' ? -size : size;
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    return { value: Number(value), text: floatText(Number(value)) };
  }
  return { value: Number(value), text: String(value) };
}

/** A number as Go prints it: two digits of exponent, from 1e+21 and below 1e-04. */
function floatText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) {
    return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
  }
  return String(value);
}
