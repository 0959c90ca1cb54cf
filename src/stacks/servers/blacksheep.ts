/** BlackSheep (https://www.neoteroi.dev/blacksheep/): an ASGI application. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'blacksheep',
  title: 'BlackSheep',
  role: 'server',
  language: 'python',
  dependencies: ['blacksheep'],
};

export const framework: PythonFramework = {
  makes: { 'blacksheep.Application': 'asgi', 'blacksheep.server.Application': 'asgi' },
};
