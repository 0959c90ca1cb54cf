/** Dash (https://dash.plotly.com/deployment): the attribute `server` of its objects is an application of Flask. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'dash',
  title: 'Dash',
  role: 'server',
  language: 'python',
  dependencies: ['dash'],
};

const listening = {
  port: { name: 'port', at: 1 },
  host: { name: 'host', at: 0 },
  usual: { port: 8050, host: '127.0.0.1' },
  variables: { port: 'PORT', host: 'HOST' },
} as const;

export const framework: PythonFramework = {
  makes: { 'dash.Dash': 'wsgi' },
  attribute: 'server',
  listens: [
    { call: '.run', ...listening },
    { call: '.run_server', ...listening },
  ],
};
