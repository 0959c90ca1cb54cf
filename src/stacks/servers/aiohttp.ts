/** aiohttp (https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.run_app): a client library too, so that only its server counts. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'aiohttp',
  title: 'aiohttp',
  role: 'server',
  language: 'python',
  uses: ['aiohttp.web'],
};

export const framework: PythonFramework = {
  makes: {},
  listens: [
    { call: 'aiohttp.web.run_app', port: { name: 'port' }, host: { name: 'host' }, usual: { port: 8080 }, stops: true },
    {
      call: 'aiohttp.web.TCPSite',
      port: { name: 'port', at: 2 },
      host: { name: 'host', at: 1 },
      usual: { port: 8080 },
    },
  ],
};
