/** The servers of Python's own library (https://docs.python.org/3/library/http.server.html). */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'python-http',
  title: 'http.server',
  role: 'server',
  language: 'python',
  uses: ['http.server', 'socketserver', 'wsgiref.simple_server'],
};

const address = { name: 'server_address', at: 0 };

export const framework: PythonFramework = {
  makes: {},
  listens: [
    { call: 'http.server.HTTPServer', address },
    { call: 'http.server.ThreadingHTTPServer', address },
    { call: 'socketserver.TCPServer', address, isHttp: false },
    { call: 'socketserver.ThreadingTCPServer', address, isHttp: false },
    { call: 'wsgiref.simple_server.make_server', host: { name: 'host', at: 0 }, port: { name: 'port', at: 1 } },
  ],
};
