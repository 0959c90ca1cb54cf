import { describe, expect, it } from 'vitest';
import { factsOf, ownVariables } from '../../../support/facts.ts';

const variables = async (main: string, more: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    ownVariables(await factsOf({ 'requirements.txt': 'flask\ngunicorn\n', 'app.py': main, ...more })).map(
      ({ name, required, default: value }) => [name, value ?? required],
    ),
  );
const flask = 'import os\nfrom flask import Flask\napp = Flask(__name__)\n';

describe('functions that read the variable of a name', () => {
  it.each([
    [
      'one that raises',
      `${flask}def need(name):\n    value = os.environ.get(name)\n    if value is None:\n        raise RuntimeError(name)\n    return value\nkey = need("SIGNING_KEY")\n`,
      { SIGNING_KEY: true },
    ],
    [
      'one with a default by the call',
      `${flask}def env(name, default=None):\n    return os.getenv(name, default)\na = env("LOG_LEVEL", "info")\nb = env("THEME")\n`,
      { LOG_LEVEL: 'info', THEME: false },
    ],
    [
      'a method, by keywords',
      `${flask}class Config:\n    def __init__(self):\n        self.url = self.get(key="API_URL")\n    def get(self, key: str):\n        value = os.getenv(key=key)\n        if value is None:\n            raise TypeError(key)\n        return value\n`,
      { API_URL: true },
    ],
    [
      'one with a default of its own',
      `${flask}def flag(name):\n    return os.environ.get(name, "off") == "on"\nbeta = flag("BETA")\n`,
      { BETA: 'off' },
    ],
    ['a name by keyword', `${flask}level = os.getenv(key="LEVEL", default="1")\n`, { LEVEL: '1' }],
  ])('are followed: %s', async (_, main, expected) => {
    expect(await variables(main)).toEqual(expected);
  });

  it('are followed into other modules', async () => {
    const more = {
      'shop/__init__.py': '',
      'shop/env.py': 'import os\n\ndef required(name):\n    return os.environ[name]\n',
    };
    expect(await variables(`from shop.env import required\n${flask}token = required("BOT_TOKEN")\n`, more)).toEqual({
      BOT_TOKEN: true,
    });
  });

  it.each([
    ['a function that reads nothing', `${flask}def need(name):\n    return name\nkey = need("SIGNING_KEY")\n`],
    ['a name that is computed', `${flask}def need(name):\n    return os.environ[name]\nkey = need(str(1))\n`],
    ['one of that name elsewhere', `from other import need\n${flask}key = need("SIGNING_KEY")\n`],
  ])('are none: %s', async (_, main) => {
    expect(await variables(main)).toEqual({});
  });
});

describe('the key of a client that is not made without', () => {
  it.each([
    [
      'that it is given',
      `${flask}from openai import OpenAI\nclient = OpenAI(api_key=os.getenv("SHOP_AI_KEY"))\n`,
      { SHOP_AI_KEY: true },
    ],
    [
      'by a name',
      `${flask}from openai import AsyncOpenAI\nKEY = os.environ.get("MODEL_KEY")\nclient = AsyncOpenAI(api_key=KEY)\n`,
      { MODEL_KEY: true },
    ],
    [
      'the token of a bot that a function makes, by a constant of another module',
      `${flask}from aiogram import Bot\nimport config\ndef main():\n    bot = Bot(token=config.TOKEN)\n`,
      { BOT_TOKEN: true },
    ],
    [
      'the token of a bot that runs',
      `${flask}import discord\nclient = discord.Client()\nclient.run(os.getenv("TOKEN"))\n`,
      { TOKEN: true },
    ],
    ['that it reads by itself', `${flask}from openai import OpenAI\nclient = OpenAI()\n`, { OPENAI_API_KEY: true }],
    [
      'in their order',
      `${flask}from twilio.rest import Client\nclient = Client(os.getenv("SID"), os.getenv("AUTH"))\n`,
      { SID: true, AUTH: true },
    ],
  ])('is demanded: %s', async (_, main, expected) => {
    const config = main.includes('config.') ? { 'config.py': 'import os\nTOKEN = os.environ.get("BOT_TOKEN")\n' } : {};
    expect(await variables(main, config)).toEqual(expected);
  });

  it.each([
    [
      'one with a default',
      `${flask}from openai import OpenAI\nclient = OpenAI(api_key=os.getenv("KEY", "none"))\n`,
      { KEY: false },
    ],
    [
      'one that a function makes when it is asked',
      `${flask}from openai import OpenAI\n\ndef client():\n    return OpenAI(api_key=os.getenv("KEY"))\n`,
      { KEY: false },
    ],
    [
      'one of a branch',
      `${flask}from openai import OpenAI\nif os.getenv("KEY"):\n    client = OpenAI(api_key=os.getenv("KEY"))\n`,
      { KEY: false },
    ],
    [
      'a client of the application',
      `${flask}from shop import OpenAI\nclient = OpenAI(api_key=os.getenv("KEY"))\n`,
      { KEY: false },
    ],
    [
      'another argument',
      `${flask}from openai import OpenAI\nclient = OpenAI(api_key="x", base_url=os.getenv("BASE"))\n`,
      { BASE: false },
    ],
  ])('is not: %s', async (_, main, expected) => {
    expect(await variables(main)).toEqual(expected);
  });
});

it('the key of another party is left to its owner, whatever it is called', async () => {
  const found = ownVariables(
    await factsOf({
      'requirements.txt': 'flask\ngunicorn\n',
      'app.py': `${flask}from openai import OpenAI\nclient = OpenAI(api_key=os.getenv("SHOP_AI"))\n`,
    }),
  );
  expect(found).toMatchObject([{ name: 'SHOP_AI', secret: true, required: true, external: 'openai' }]);
});
