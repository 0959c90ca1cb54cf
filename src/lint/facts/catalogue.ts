import { type DataService, dataServices } from '../../catalog/data-services.ts';
import type { ImageName } from '../../catalog/image-name.ts';

/** The database, broker or console that an image is; undefined: none that is known. */
export const dataServiceOf = (image: ImageName | undefined): DataService | undefined =>
  image && Object.hasOwn(dataServices, image.repository) ? dataServices[image.repository] : undefined;
