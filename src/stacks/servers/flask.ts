/** Flask (https://flask.palletsprojects.com/en/stable/deploying/): a WSGI application. Its own server, which `app.run()` starts, is only for development. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'flask',
  title: 'Flask',
  role: 'server',
  language: 'python',
  dependencies: ['flask'],
};

export const framework: PythonFramework = {
  makes: {
    'flask.Flask': 'wsgi',
    'flask.app.Flask': 'wsgi',
  },
  decorator: 'route',
  runs: true,
};
