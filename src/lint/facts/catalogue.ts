import { type DataService, dataServices } from '../../catalog/data-services.ts';
import { type ImageContents, imageContents } from '../../catalog/image-contents.ts';
import type { ImageName } from '../../catalog/image-name.ts';

/** What the catalogue knows of what is in an image; undefined: nothing. Of a tag that is a variable only what every tag has in common. */
export function contentsOf({ repository, tag = '' }: ImageName): ImageContents | undefined {
  const found = imageContents.find(
    ({ image, tag: words }) =>
      (image.endsWith('/') ? repository.startsWith(image) : repository === image) &&
      (words === undefined || words.test(tag)),
  );
  return found && tag.includes('$') && found.tag === undefined ? { image: found.image, root: found.root } : found;
}

/** The database, broker or console that an image is; undefined: none that is known. */
export const dataServiceOf = (image: ImageName | undefined): DataService | undefined =>
  image && Object.hasOwn(dataServices, image.repository) ? dataServices[image.repository] : undefined;
