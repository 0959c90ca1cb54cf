/** Quart (https://quart.palletsprojects.com/): an ASGI application with the API of Flask. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'quart',
  title: 'Quart',
  role: 'server',
  language: 'python',
  dependencies: ['quart'],
};

export const framework: PythonFramework = {
  makes: {
    'quart.Quart': 'asgi',
    'quart.app.Quart': 'asgi',
  },
  decorator: 'route',
  runs: true,
};
