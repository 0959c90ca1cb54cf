/** Gradio (https://www.gradio.app/docs/gradio/blocks#launch): `launch()` serves what the program puts together. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'gradio',
  title: 'Gradio',
  role: 'server',
  language: 'python',
  dependencies: ['gradio'],
};

export const framework: PythonFramework = {
  makes: {},
  listens: [
    {
      call: '.launch',
      port: { name: 'server_port' },
      host: { name: 'server_name' },
      usual: { port: 7860, host: '127.0.0.1' },
      variables: { port: 'GRADIO_SERVER_PORT', host: 'GRADIO_SERVER_NAME' },
    },
  ],
};
