/** Create React App (https://create-react-app.dev): always `build`, files with a hash in `static`; REACT_APP_ variables are written into the code. */
import { posix } from 'node:path';
import { readData } from '../../project/data.ts';
import type { Detection, Site } from '../contract.ts';
import { basePath } from '../support/site.ts';

export const detection: Detection = {
  name: 'react-scripts',
  title: 'Create React App',
  role: 'site',
  dependencies: ['react-scripts'],
  programs: ['react-scripts'],
};

export const site: Site = {
  home: () => '.',
  output: () => 'build',
  assets: () => 'static',
  base: ({ project, root }) => basePath(readData(project, posix.join(root, 'package.json'))?.text(['homepage'])),
  prefixes: () => ['REACT_APP_'],
  port: () => 3000,
  dev: () => ['react-scripts', 'start'],
  writes: ['node_modules/.cache'],
  caches: ['node_modules/.cache'],
  pages: () => 'one',
};
