/** Bottle (https://bottlepy.org/docs/stable/deployment.html): an object of WSGI, or one that the library keeps itself and `run()` serves. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'bottle',
  title: 'Bottle',
  role: 'server',
  language: 'python',
  dependencies: ['bottle'],
};

export const framework: PythonFramework = {
  makes: { 'bottle.Bottle': 'wsgi', 'bottle.default_app': 'wsgi', 'bottle.app': 'wsgi' },
  decorator: 'route',
  runs: true,
  listens: [
    {
      call: 'bottle.run',
      port: { name: 'port' },
      host: { name: 'host' },
      usual: { port: 8080, host: '127.0.0.1' },
    },
  ],
};
