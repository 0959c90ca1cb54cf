/** Falcon (https://falcon.readthedocs.io/en/stable/deploy/): its objects speak WSGI or ASGI, by the module that makes them. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'falcon',
  title: 'Falcon',
  role: 'server',
  language: 'python',
  dependencies: ['falcon'],
};

export const framework: PythonFramework = {
  makes: { 'falcon.App': 'wsgi', 'falcon.API': 'wsgi', 'falcon.asgi.App': 'asgi' },
};
