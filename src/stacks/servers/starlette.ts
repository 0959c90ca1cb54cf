/** Starlette (https://www.starlette.dev/): an ASGI application. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'starlette',
  title: 'Starlette',
  role: 'server',
  language: 'python',
  dependencies: ['starlette'],
};

export const framework: PythonFramework = {
  makes: {
    'starlette.applications.Starlette': 'asgi',
  },
  decorator: 'route',
};
