/** Rspack (https://rspack.rs/config): `output.path`, otherwise dist, if its settings have a plugin that writes or copies a page. */
import type { Detection } from '../contract.ts';
import { bundledSite } from '../support/webpack.ts';

export const detection: Detection = {
  name: 'rspack',
  title: 'Rspack',
  role: 'site',
  dependencies: ['@rspack/cli'],
  programs: ['rspack'],
};

export const site = bundledSite({
  program: 'rspack',
  configs: ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'].map((ending) => `rspack.config.${ending}`),
  pages: ['HtmlRspackPlugin', 'HtmlWebpackPlugin'],
  server: '@rspack/dev-server',
});
