import type { ImageName } from '../../catalog/image-name.ts';

/** The version that a tag begins with, as numbers: `18.2-alpine` is [18, 2]. Empty: the tag names none, such as `latest` or `alpine`. */
export function versionOf({ tag }: ImageName): readonly number[] {
  const found = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?![\w.])/.exec(tag ?? '');
  return found?.[1]?.split('.').map(Number) ?? [];
}

/** Whether nothing says which version it is: no tag or `latest`, and no digest. */
export const isFloating = ({ tag, digest, isOpen }: ImageName): boolean =>
  !isOpen && digest === undefined && (tag === undefined || tag === '' || tag === 'latest');
