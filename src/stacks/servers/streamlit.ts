/** Streamlit (https://docs.streamlit.io/develop/api-reference/configuration/config.toml): its program runs a file of pages. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'streamlit',
  title: 'Streamlit',
  role: 'server',
  language: 'python',
  dependencies: ['streamlit'],
};

export const framework: PythonFramework = {
  makes: {},
  pages: {
    command: (file) => ['streamlit', 'run', file],
    port: 8501,
    variables: { port: 'STREAMLIT_SERVER_PORT', host: 'STREAMLIT_SERVER_ADDRESS' },
    env: { STREAMLIT_SERVER_HEADLESS: 'true', STREAMLIT_BROWSER_GATHER_USAGE_STATS: 'false' },
    health: '/_stcore/health',
    folders: ['.streamlit'],
    files: ['streamlit_app.py', 'app.py', 'main.py', 'Home.py', 'home.py', 'dashboard.py', 'ui.py'],
  },
};
