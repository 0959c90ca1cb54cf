/** webpack (https://webpack.js.org/configuration): `output.path`, otherwise dist, if its settings have a plugin that writes or copies a page. */
import type { Detection } from '../contract.ts';
import { bundledSite } from '../support/webpack.ts';

export const detection: Detection = {
  name: 'webpack',
  title: 'webpack',
  role: 'site',
  dependencies: ['webpack'],
  programs: ['webpack'],
};

export const site = bundledSite({
  program: 'webpack',
  configs: ['webpack.config', '.webpack/webpack.config', '.webpack/webpackfile'].flatMap((name) =>
    ['js', 'mjs', 'cjs', 'ts', 'cts', 'mts'].map((ending) => `${name}.${ending}`),
  ),
  pages: ['HtmlWebpackPlugin', 'HtmlBundlerPlugin'],
  server: 'webpack-dev-server',
});
