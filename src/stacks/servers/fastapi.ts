/** FastAPI (https://fastapi.tiangolo.com/deployment/docker/): an ASGI application. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'fastapi',
  title: 'FastAPI',
  role: 'server',
  language: 'python',
  dependencies: ['fastapi'],
  includes: ['starlette'],
};

export const framework: PythonFramework = {
  makes: {
    'fastapi.FastAPI': 'asgi',
    'fastapi.applications.FastAPI': 'asgi',
  },
};
