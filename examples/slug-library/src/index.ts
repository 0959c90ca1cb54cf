/** How a slug is made. */
export type Options = {
  /** between the words; default: - */
  readonly separator?: string;
  /** longest result, cut at a word; default: no limit */
  readonly limit?: number;
};

/** Turns a title into a part of an address: lower case, no accents, words apart. */
export function slug(title: string, { separator = '-', limit = Number.POSITIVE_INFINITY }: Options = {}): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  let made = '';
  for (const word of words) {
    const longer = made === '' ? word : made + separator + word;
    if (longer.length > limit) break;
    made = longer;
  }
  return made;
}
