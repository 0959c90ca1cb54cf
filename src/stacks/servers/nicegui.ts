/** NiceGUI (https://nicegui.io/documentation/run): `ui.run()` serves the pages of the program. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'nicegui',
  title: 'NiceGUI',
  role: 'server',
  language: 'python',
  dependencies: ['nicegui'],
};

export const framework: PythonFramework = {
  makes: {},
  listens: [
    { call: 'nicegui.ui.run', port: { name: 'port' }, host: { name: 'host' }, usual: { port: 8080 }, stops: true },
  ],
};
