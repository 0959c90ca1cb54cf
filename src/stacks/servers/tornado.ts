/** Tornado (https://www.tornadoweb.org/en/stable/guide/running.html): its applications and servers listen by a method. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'tornado',
  title: 'Tornado',
  role: 'server',
  language: 'python',
  uses: ['tornado.web', 'tornado.httpserver', 'tornado.websocket'],
};

export const framework: PythonFramework = {
  makes: {},
  listens: [{ call: '.listen', port: { name: 'port', at: 0 }, host: { name: 'address', at: 1 } }],
};
