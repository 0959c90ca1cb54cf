/**
 * Bundlers that hash by MD4, which OpenSSL 3 refuses (`ERR_OSSL_EVP_UNSUPPORTED`): Node.js has that from 17 on. webpack has an MD4 of its own since 5.61.0
 * (https://github.com/webpack/webpack/releases/tag/v5.61.0) and 4.47.0 (https://github.com/webpack/webpack/pull/17628); other tools bring one that they use.
 */
export const oldHashes: readonly {
  /** the package that hashes */
  readonly name: string;
  /** releases that hash by what is refused, as a range */
  readonly releases: string;
  /** programs that build with it, where no manifest names the package itself */
  readonly programs: readonly string[];
}[] = [
  {
    name: 'webpack',
    releases: '<4.47.0 || >=5.0.0 <5.61.0',
    programs: [
      'webpack',
      'webpack-cli',
      'react-scripts',
      'react-app-rewired',
      'craco',
      'vue-cli-service',
      'ng',
      'docusaurus',
      'vuepress',
      'gatsby',
      'build-storybook',
      'preact',
      'umi',
      'mix',
      'encore',
      'razzle',
      'nest',
    ],
  },
];
