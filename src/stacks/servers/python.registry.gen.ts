// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

/** How each is recognised, by name. */
export const pythonFrameworks: readonly Detection[] = [
  {
    "name": "aiohttp",
    "title": "aiohttp",
    "role": "server",
    "language": "python",
    "uses": [
      "aiohttp.web"
    ]
  },
  {
    "name": "blacksheep",
    "title": "BlackSheep",
    "role": "server",
    "language": "python",
    "dependencies": [
      "blacksheep"
    ]
  },
  {
    "name": "bottle",
    "title": "Bottle",
    "role": "server",
    "language": "python",
    "dependencies": [
      "bottle"
    ]
  },
  {
    "name": "chainlit",
    "title": "Chainlit",
    "role": "server",
    "language": "python",
    "dependencies": [
      "chainlit"
    ]
  },
  {
    "name": "dash",
    "title": "Dash",
    "role": "server",
    "language": "python",
    "dependencies": [
      "dash"
    ]
  },
  {
    "name": "django",
    "title": "Django",
    "role": "server",
    "language": "python",
    "dependencies": [
      "django"
    ]
  },
  {
    "name": "falcon",
    "title": "Falcon",
    "role": "server",
    "language": "python",
    "dependencies": [
      "falcon"
    ]
  },
  {
    "name": "fastapi",
    "title": "FastAPI",
    "role": "server",
    "language": "python",
    "dependencies": [
      "fastapi"
    ],
    "includes": [
      "starlette"
    ]
  },
  {
    "name": "flask",
    "title": "Flask",
    "role": "server",
    "language": "python",
    "dependencies": [
      "flask"
    ]
  },
  {
    "name": "gradio",
    "title": "Gradio",
    "role": "server",
    "language": "python",
    "dependencies": [
      "gradio"
    ]
  },
  {
    "name": "grpc",
    "title": "gRPC",
    "role": "server",
    "language": "python",
    "uses": [
      "grpc",
      "grpc.aio"
    ]
  },
  {
    "name": "litestar",
    "title": "Litestar",
    "role": "server",
    "language": "python",
    "dependencies": [
      "litestar"
    ]
  },
  {
    "name": "nicegui",
    "title": "NiceGUI",
    "role": "server",
    "language": "python",
    "dependencies": [
      "nicegui"
    ]
  },
  {
    "name": "python-http",
    "title": "http.server",
    "role": "server",
    "language": "python",
    "uses": [
      "http.server",
      "socketserver",
      "wsgiref.simple_server"
    ]
  },
  {
    "name": "quart",
    "title": "Quart",
    "role": "server",
    "language": "python",
    "dependencies": [
      "quart"
    ]
  },
  {
    "name": "sanic",
    "title": "Sanic",
    "role": "server",
    "language": "python",
    "dependencies": [
      "sanic"
    ]
  },
  {
    "name": "starlette",
    "title": "Starlette",
    "role": "server",
    "language": "python",
    "dependencies": [
      "starlette"
    ]
  },
  {
    "name": "streamlit",
    "title": "Streamlit",
    "role": "server",
    "language": "python",
    "dependencies": [
      "streamlit"
    ]
  },
  {
    "name": "tornado",
    "title": "Tornado",
    "role": "server",
    "language": "python",
    "uses": [
      "tornado.web",
      "tornado.httpserver",
      "tornado.websocket"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<PythonFramework>>> = {
  'aiohttp': async () => (await import('./aiohttp.ts')).framework,
  'blacksheep': async () => (await import('./blacksheep.ts')).framework,
  'bottle': async () => (await import('./bottle.ts')).framework,
  'chainlit': async () => (await import('./chainlit.ts')).framework,
  'dash': async () => (await import('./dash.ts')).framework,
  'django': async () => (await import('./django.ts')).framework,
  'falcon': async () => (await import('./falcon.ts')).framework,
  'fastapi': async () => (await import('./fastapi.ts')).framework,
  'flask': async () => (await import('./flask.ts')).framework,
  'gradio': async () => (await import('./gradio.ts')).framework,
  'grpc': async () => (await import('./grpc.ts')).framework,
  'litestar': async () => (await import('./litestar.ts')).framework,
  'nicegui': async () => (await import('./nicegui.ts')).framework,
  'python-http': async () => (await import('./python-http.ts')).framework,
  'quart': async () => (await import('./quart.ts')).framework,
  'sanic': async () => (await import('./sanic.ts')).framework,
  'starlette': async () => (await import('./starlette.ts')).framework,
  'streamlit': async () => (await import('./streamlit.ts')).framework,
  'tornado': async () => (await import('./tornado.ts')).framework,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadPythonFramework = async (name: string): Promise<PythonFramework | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
