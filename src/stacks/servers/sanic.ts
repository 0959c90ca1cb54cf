/** Sanic (https://sanic.dev/en/guide/running/running.html): it has a server of its own, which finds the object by its name. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'sanic',
  title: 'Sanic',
  role: 'server',
  language: 'python',
  dependencies: ['sanic'],
};

export const framework: PythonFramework = {
  makes: { 'sanic.Sanic': 'asgi' },
  server: 'sanic',
};
