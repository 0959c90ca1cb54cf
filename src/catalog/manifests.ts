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

/** Manifests by which a folder is an application of a language, in whatever language. */
const applicationManifests: readonly string[] = [
  'package.json',
  'go.mod',
  'pyproject.toml',
  'requirements.txt',
  'Cargo.toml',
  'composer.json',
  'Gemfile',
  'pom.xml',
];

/** Whether files of a repository are manifests of applications in other languages than the one whose manifests these are. */
export const hasOtherManifests = (files: readonly string[], ...own: readonly string[]): boolean =>
  files.some((file) => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    return applicationManifests.includes(name) && !own.includes(name);
  });
