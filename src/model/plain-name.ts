/** A compose project is a part of host names, which are at most as long as this (RFC 1123). */
const LONGEST = 63;

/** A text as a name that images and compose projects can have: lower case, digits and single dashes. Empty where nothing of it is left. */
export const plainName = (text: string): string =>
  text
    // é as e: what has a plain letter in it keeps that
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST)
    .replace(/-$/, '');
