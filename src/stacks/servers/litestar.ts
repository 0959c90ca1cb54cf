/** Litestar (https://docs.litestar.dev/latest/topics/deployment/docker.html): an ASGI application. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'litestar',
  title: 'Litestar',
  role: 'server',
  language: 'python',
  dependencies: ['litestar'],
};

export const framework: PythonFramework = {
  makes: {
    'litestar.Litestar': 'asgi',
    'litestar.app.Litestar': 'asgi',
  },
};
