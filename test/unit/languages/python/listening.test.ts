import { describe, expect, it } from 'vitest';
import { pythonDetails } from '../../../../src/stacks/python.ts';
import { factsOf, said } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;
const installed = (...names: string[]): Files => ({
  'requirements.txt': names.map((name) => `${name}==1.0.0\n`).join(''),
});

/** What starts, and where it listens. */
async function opened(files: Files): Promise<readonly unknown[]> {
  const { archetype, commands, port, host } = await factsOf(files);
  const start = 'value' in commands.start ? commands.start.value.argv.join(' ') : 'none';
  return [said(archetype), start, said(port), host?.value];
}

const guarded = (body: string) => `\n\nif __name__ == "__main__":\n    ${body}\n`;

describe('a program that opens a port by itself', () => {
  it.each([
    [
      'aiohttp, with the variable and its default',
      {
        ...installed('aiohttp'),
        'main.py': `import os\nfrom aiohttp import web\napp = web.Application()${guarded('web.run_app(app, port=int(os.getenv("PORT", "9000")))')}`,
      },
      ['web-service', 'python main.py', { number: 9000, variable: 'PORT' }, undefined],
    ],
    [
      'aiohttp in a package that another module starts, by a constant of its settings',
      {
        ...installed('aiohttp'),
        'shop/__init__.py': '',
        'shop/config.py': 'import os\nLISTEN = int(os.environ.get("SHOP_PORT") or 8085)\n',
        'shop/server.py':
          'from aiohttp import web\nfrom shop import config\ndef serve():\n    web.run_app(web.Application(), host="0.0.0.0", port=config.LISTEN)\n',
        'shop/__main__.py': `from shop.server import serve${guarded('serve()')}`,
      },
      ['web-service', 'python -m shop', { number: 8085, variable: 'SHOP_PORT' }, { address: '0.0.0.0' }],
    ],
    [
      'aiohttp in a folder whose modules do without its name, though it has a mark of a package',
      {
        ...installed('aiohttp'),
        'app/__init__.py': '',
        'app/config.py': 'PORT = 8081\n',
        'app/app.py': `from aiohttp import web\nfrom config import PORT${guarded('web.run_app(web.Application(), port=PORT)')}`,
      },
      ['web-service', 'python app/app.py', { number: 8081 }, undefined],
    ],
    [
      'Tornado, by an option of the command line',
      {
        ...installed('tornado'),
        'server.py': `from tornado.options import define, options\nimport tornado.web\ndefine("port", default=8888)\ndef main():\n    tornado.web.Application([]).listen(options.port)${guarded('main()')}`,
      },
      ['web-service', 'python server.py', { number: 8888 }, undefined],
    ],
    [
      'gRPC, by an address that is put together',
      {
        ...installed('grpcio'),
        'server.py': `import os, grpc\ndef serve():\n    port = os.environ.get("GRPC_PORT", "50051")\n    server = grpc.server(None)\n    server.add_insecure_port(f"[::]:{port}")\n    server.wait_for_termination()${guarded('serve()')}`,
      },
      ['web-service', 'python server.py', { number: 50051, variable: 'GRPC_PORT' }, undefined],
    ],
    [
      'the library of Python, by the default of a parameter',
      {
        'requirements.txt': '',
        'main.py': `from http.server import HTTPServer, BaseHTTPRequestHandler\ndef run(port=8099):\n    HTTPServer(("", port), BaseHTTPRequestHandler).serve_forever()${guarded('run()')}`,
      },
      ['web-service', 'python main.py', { number: 8099 }, { address: '' }],
    ],
    [
      'Gradio, by the variables that it reads itself',
      { ...installed('gradio'), 'app.py': 'import gradio as gr\ndemo = gr.Blocks()\ndemo.launch()\n' },
      [
        'web-service',
        'python app.py',
        { number: 7860, variable: 'GRADIO_SERVER_PORT' },
        { address: '127.0.0.1', variable: 'GRADIO_SERVER_NAME' },
      ],
    ],
    [
      'NiceGUI behind both names of its module',
      {
        ...installed('nicegui'),
        'main.py':
          'from nicegui import ui\nui.label("x")\nif __name__ in {"__main__", "__mp_main__"}:\n    ui.run(title="x")\n',
      },
      ['web-service', 'python main.py', { number: 8080 }, undefined],
    ],
    [
      'Streamlit, by its own program',
      {
        ...installed('streamlit'),
        'Home.py': 'import streamlit as st\nfrom charts import chart\nst.title("x")\n',
        'charts.py': 'import streamlit as st\ndef chart():\n    st.write("x")\n',
        'pages/1_Sales.py': 'import streamlit as st\nst.title("y")\n',
      },
      [
        'web-service',
        'streamlit run Home.py',
        { number: 8501, variable: 'STREAMLIT_SERVER_PORT' },
        { address: '0.0.0.0', variable: 'STREAMLIT_SERVER_ADDRESS' },
      ],
    ],
  ])('is %s', async (_what, files: Files, expected) => expect(await opened(files)).toEqual(expected));

  it('serves by its own server, or by an attribute of its object', async () => {
    const sanic = { ...installed('sanic'), 'main.py': 'from sanic import Sanic\napp = Sanic("shop")\n' };
    expect((await opened(sanic))[1]).toBe('sanic main:app --host 0.0.0.0 --port 8000');
    const dash = {
      ...installed('dash', 'gunicorn'),
      'app.py': 'import dash\napp = dash.Dash(__name__)\nserver = app.server\n',
    };
    expect((await opened(dash))[1]).toBe('gunicorn --worker-tmp-dir /dev/shm --threads 4 app:server');
    const falcon = { ...installed('falcon'), 'app.py': 'import falcon.asgi\napp = falcon.asgi.App()\n' };
    expect((await opened(falcon))[1]).toBe('uvicorn app:app');
  });

  it('is not what only asks others, waits in a queue of a socket, or answers by an object', async () => {
    const client = {
      ...installed('aiohttp'),
      'main.py': `import aiohttp\nasync def main():\n    async with aiohttp.ClientSession() as s:\n        pass${guarded('main()')}`,
    };
    expect((await opened(client)).slice(0, 2)).toEqual(['data-pipeline', 'python main.py']);
    const queue = {
      ...installed('tornado'),
      'main.py': `import socket, tornado.web\ns = socket.socket()\ns.listen(5)${guarded('print(s)')}`,
    };
    expect((await opened(queue))[0]).toBe('data-pipeline');
    const both = {
      ...installed('fastapi', 'uvicorn', 'gradio'),
      'main.py': 'import gradio\nfrom fastapi import FastAPI\napp = FastAPI()\n',
      'try_it.py': 'import gradio\ngradio.Blocks().launch()\n',
    };
    expect((await opened(both))[1]).toBe('uvicorn main:app');
  });

  it('says that nothing outside reaches an address of the machine itself', async () => {
    const { notes } = await factsOf({
      ...installed('bottle'),
      'main.py':
        'import bottle\n@bottle.route("/")\ndef index():\n    return "x"\nbottle.run(host="localhost", port=8080)\n',
    });
    expect(notes.find(({ code }) => code === 'listens-inside')?.from).toEqual([expect.objectContaining({ line: 5 })]);
  });

  it('is asked by what it speaks', async () => {
    const files = {
      ...installed('grpcio'),
      'server.py': `import grpc\nserver = grpc.server(None)\nserver.add_insecure_port("[::]:50051")\nserver.wait_for_termination()\n`,
    };
    expect((await generatedFor(files))('Dockerfile')).toContain('socket.create_connection');
    const pages = {
      ...installed('streamlit'),
      'app.py': 'import streamlit as st\nst.title("x")\n',
      '.streamlit/config.toml': '[theme]\nbase = "dark"\n',
    };
    const text = await generatedFor(pages);
    expect(text('Dockerfile')).toContain('/_stcore/health');
    expect(text('Dockerfile')).toContain('COPY .streamlit ./.streamlit');
    expect(text('Dockerfile')).toContain('STREAMLIT_SERVER_HEADLESS');
    expect(text('.dockerignore')).toContain('.streamlit/secrets.toml');
  });
});

describe('a program that serves an object and does more', () => {
  const api = 'from fastapi import FastAPI\napp = FastAPI()\n';
  const bot = 'from aiogram import Bot, Dispatcher\ndp = Dispatcher()\n';
  it.each([
    [
      'a bot beside its API in one loop',
      {
        'main.py': `import asyncio, uvicorn\n${bot}${api}async def main():\n    server = uvicorn.Server(uvicorn.Config(app, host="0.0.0.0", port=8090))\n    await asyncio.gather(dp.start_polling(Bot("x")), server.serve())${guarded('asyncio.run(main())')}`,
      },
      ['web-service', 'python main.py', { number: 8090 }, { address: '0.0.0.0' }],
    ],
    [
      'a bot that is kept alive by pages of Flask',
      {
        'keep_alive.py':
          'from threading import Thread\nfrom flask import Flask\napp = Flask("")\n@app.route("/")\ndef home():\n    return "x"\ndef run():\n    app.run(host="0.0.0.0", port=8080)\ndef keep_alive():\n    Thread(target=run).start()\n',
        'main.py':
          'import discord\nfrom keep_alive import keep_alive\nclient = discord.Client()\nkeep_alive()\nclient.run("x")\n',
      },
      ['web-service', 'python main.py', { number: 8080 }, { address: '0.0.0.0' }],
    ],
    [
      'handlers of a file that starts what another one makes',
      {
        'bot.py': `import uvicorn, config\n${api}def main():\n    uvicorn.run(app, host=config.HOST, port=config.PORT)\n`,
        'config.py': 'import os\nHOST = os.getenv("APP_HOST", "0.0.0.0")\nPORT = int(os.getenv("APP_PORT", "5000"))\n',
        'run.py': `from bot import main, app\n@app.post("/hook")\ndef hook():\n    return 1${guarded('main()')}`,
      },
      [
        'web-service',
        'python run.py',
        { number: 5000, variable: 'APP_PORT' },
        { address: '0.0.0.0', variable: 'APP_HOST' },
      ],
    ],
  ])('starts as its author starts it: %s', async (_what, files: Files, expected) =>
    expect(await opened({ ...installed('fastapi', 'uvicorn', 'flask', 'aiogram', 'discord.py'), ...files })).toEqual(
      expected,
    ),
  );

  it.each([
    [
      'the object is all that there is',
      { 'main.py': `import uvicorn\n${api}${guarded('uvicorn.run(app, port=9000)')}` },
    ],
    [
      'the bot starts with the object',
      {
        'main.py': `import asyncio, uvicorn\n${bot}${api}async def start():\n    asyncio.create_task(dp.start_polling(Bot("x")))${guarded('uvicorn.run(app, port=9000)')}`,
      },
    ],
    [
      'the server imports it by its name',
      {
        'main.py': `import uvicorn\n${bot}${api}def poll():\n    dp.start_polling(1)${guarded('print(1)\n    uvicorn.run("main:app")')}`,
      },
    ],
    [
      'the bot is another program',
      {
        'main.py': `import uvicorn\n${api}${guarded('print(1)\n    uvicorn.run(app)')}`,
        'bot.py': `${bot}${guarded('dp.start_polling(1)')}`,
      },
    ],
  ])('is none: %s', async (_what, files: Files) => {
    expect((await opened({ ...installed('fastapi', 'uvicorn', 'aiogram'), ...files }))[1]).toBe('uvicorn main:app');
  });
});

describe('beside a server', () => {
  const api = { 'app/__init__.py': '', 'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' };
  const beside = async (files: Files) =>
    (await factsOf({ ...installed('fastapi', 'uvicorn', 'aiogram', 'pika'), ...api, ...files })).processes?.map(
      ({ name, command }) => `${name}: ${command.argv.join(' ')}`,
    );
  it('runs a bot and a consumer of the same repository', async () => {
    expect(
      await beside({
        'bot/__init__.py': '',
        'bot/main.py': `from aiogram import Dispatcher\ndp = Dispatcher()${guarded('dp.run_polling(1)')}`,
        'consume.py': `import pika${guarded('pika.channel.start_consuming()')}`,
      }),
    ).toEqual(['consume: python consume.py', 'bot: python -m bot.main']);
    const polling = `from aiogram import Dispatcher\ndp = Dispatcher()${guarded('dp.run_polling(1)')}`;
    expect(await beside({ 'sales/bot.py': polling, 'news/bot.py': polling })).toEqual([
      'bot: python -m news.bot',
      'sales-bot-py: python -m sales.bot',
    ]);
    // containers of the deployment have these names
    expect(await beside({ 'schedule.py': polling })).toEqual(['schedule-process: python schedule.py']);
  });
  it('runs no script that ends, and none that another module imports', async () => {
    expect(await beside({ 'seed.py': guarded('print(1)') })).toBe(undefined);
    const imported = { 'app/jobs.py': 'import asyncio\nasyncio.get_event_loop().run_forever()\n' };
    expect(await beside({ ...imported, 'app/other.py': 'from app import jobs\n' })).toBe(undefined);
  });
  it('takes the object that stands behind the main guard', async () => {
    const { commands } = await factsOf({
      ...installed('flask', 'gunicorn'),
      'app/__init__.py': 'from flask import Flask\ndef create_app(debug=False):\n    return Flask(__name__)\n',
      'main.py':
        'from app import create_app\nif __name__ == "__main__":\n    create_app(debug=True).run()\nelse:\n    app = create_app()\n',
    });
    expect(said(commands.start)).toMatchObject({ argv: expect.arrayContaining(['main:app']) });
  });
  it('holds connections of Socket.IO in the threads of one worker', async () => {
    const files = { 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' };
    const live = await factsOf({ ...installed('flask', 'gunicorn', 'flask-socketio'), ...files });
    expect(said(live.commands.start)).toMatchObject({ argv: expect.arrayContaining(['--threads', '100']) });
    expect(pythonDetails(live).limited).toBe(undefined);
    const green = await factsOf({ ...installed('flask', 'gunicorn', 'flask-socketio', 'eventlet'), ...files });
    expect(said(green.commands.start)).toMatchObject({ argv: expect.arrayContaining(['--worker-class', 'eventlet']) });
    expect(pythonDetails(green).added).toEqual([]);
    const open = await factsOf({ 'requirements.txt': 'flask\ngunicorn\nflask-socketio\neventlet\n', ...files });
    expect(pythonDetails(open).added).toMatchObject([{ requirement: expect.stringMatching(/^gunicorn==2[0-5]\./) }]);
    const plain = await factsOf({ ...installed('flask', 'gunicorn'), ...files });
    expect(pythonDetails(plain).limited).toMatchObject([{ name: 'WEB_CONCURRENCY', of: 'cpus' }]);
    expect(plain.variables.map(({ name }) => name)).toEqual(['FORWARDED_ALLOW_IPS']);
  });
});
