import { posix } from 'node:path';
import type { Facts } from './facts.ts';
import { foldersOf } from './folders.ts';
import type { Image, Mount } from './plan.ts';

type SecretMount = Extract<Mount, { type: 'secret' }>;

/** Settings of a package manager that hold a login and that installing reads: how the instruction gets each, and where it comes from. */
export function mountedSettings(
  facts: Pick<Facts, 'root' | 'context' | 'credentialFiles'>,
): readonly { readonly mount: SecretMount; readonly file: string; readonly from: Facts['notes'][number]['from'] }[] {
  const { context, top } = foldersOf(facts);
  return (facts.credentialFiles ?? [])
    .filter(({ installs }) => installs)
    .map(({ file, from }) => {
      const path = posix.relative(context, file);
      return {
        file,
        from,
        mount: { type: 'secret', id: settingsId(path), target: posix.join(top, path), required: true },
      };
    });
}

/** What a file is called among the secrets of a build. */
const settingsId = (path: string): string => path.replace(/[^\w.-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');

/** The secrets that the build of an image is given, by their ids. */
export const secretIds = ({
  buildSecrets,
  secretFiles = [],
}: Pick<Image, 'buildSecrets' | 'secretFiles'>): ReadonlySet<string> =>
  new Set([...buildSecrets, ...secretFiles].map(({ id }) => id));
