/** Chainlit (https://docs.chainlit.io/deploy/overview): its program runs the file that answers messages. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'chainlit',
  title: 'Chainlit',
  role: 'server',
  language: 'python',
  dependencies: ['chainlit'],
};

export const framework: PythonFramework = {
  makes: {},
  pages: {
    command: (file) => ['chainlit', 'run', file, '--headless'],
    port: 8000,
    variables: { port: 'CHAINLIT_PORT', host: 'CHAINLIT_HOST' },
    env: {},
    folders: ['.chainlit', 'public'],
    files: ['app.py', 'main.py', 'chat.py', 'ui.py'],
  },
};
