/** Manifests of all languages that matter beyond their own: data only. */

/** The manifests that may hold the configuration of Dockwright, each with the key of it. The first that has it counts. */
export const configurationManifests: readonly { readonly file: string; readonly key: string }[] = [
  { file: 'package.json', key: 'dockwright' },
];

/** The manifest of an installed package, by the folder that packages are installed in. */
export const packageManifest = 'package.json';

/** Endings of sources, with those of files that specifications and tests keep beside them. */
export const testFolderFiles = /\.(json|dfy|tla|cfg|[cm]?[jt]sx?)$/;

/** Names of tests beside the sources. */
export const testFiles = /\.(test|spec)\.[cm]?[jt]sx?$/;
