/** Django (https://docs.djangoproject.com/en/stable/howto/deployment/): the application in `wsgi.py`, otherwise the one in `asgi.py`. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'django',
  title: 'Django',
  role: 'server',
  language: 'python',
  dependencies: ['django'],
};

export const framework: PythonFramework = {
  makes: {
    'django.core.wsgi.get_wsgi_application': 'wsgi',
    'django.core.asgi.get_asgi_application': 'asgi',
    // Channels puts the application behind one that tells protocols apart (https://channels.readthedocs.io/en/stable/deploying.html)
    'channels.routing.ProtocolTypeRouter': 'asgi',
  },
};
