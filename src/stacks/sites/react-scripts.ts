/** Create React App (https://create-react-app.dev): always `build`, hashed files in `static`; REACT_APP_ variables are written into the code. */
import { posix } from 'node:path';
import { readData } from '../../project/data.ts';
import type { Detection, Site } from '../contract.ts';
import { proxiesOfMiddleware, withoutLogin } from '../support/dev-proxy.ts';
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
  // the setting takes whatever has no file and asks for no page; a file of the app names paths
  proxies: (source) => {
    const target = readData(source.project, posix.join(source.root, 'package.json'))?.text(['proxy']);
    const whole = target === undefined ? [] : [{ path: '/', target: withoutLogin(target), strips: false }];
    return [...whole, ...proxiesOfMiddleware(source, 'src/setupProxy.js')];
  },
  writes: ['node_modules/.cache'],
  caches: ['node_modules/.cache'],
  pages: () => 'one',
};
