/** A size such as `80MB` in bytes; undefined where it is none. MB is a million, MiB is 1024 times 1024. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b?)$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const base = /i/i.test(unit) ? 1024 : 1000;
  const power = { k: 1, m: 2, g: 3 }[unit[0]?.toLowerCase() ?? ''] ?? 0;
  return Math.round(Number(digits) * base ** power);
}
