import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

async function botOf(files: Files, dependency: string) {
  const manifest = {
    ...{ name: 'bot', type: 'module', scripts: { start: 'node index.ts' }, engines: { node: '24' } },
    dependencies: { [dependency]: '1' },
  };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), ...files });
  const required = facts.variables.filter((one) => one.required).map(({ name }) => name);
  return { kind: said(facts.archetype), required, port: said(facts.port) };
}

const config = "export const config = { chat: { token: process.env.TOKEN ?? '', prefix: process.env.PREFIX } };\n";
const worker = (...required: string[]) => ({ kind: 'worker', required, port: undefined });

describe('what a bot signs in with', () => {
  it.each([
    [
      'a field that the constructor is handed',
      'discord.js',
      "import { Client } from 'discord.js';\nimport { config } from './config.ts';\nclass Bot {\n  private client = new Client({ intents: [] });\n  constructor(private readonly token: string) {}\n  start() {\n    return this.client.login(this.token);\n  }\n}\nnew Bot(config.chat.token).start();\n",
    ],
    [
      'settings that a class keeps',
      'telegraf',
      "import { Telegraf } from 'telegraf';\nimport { config } from './config.ts';\nclass Chat {\n  bot: Telegraf;\n  constructor(private settings: { token: string }) {\n    this.bot = new Telegraf(this.settings.token);\n  }\n}\nawait new Chat(config.chat).bot.launch();\n",
    ],
    [
      'an object of settings',
      'node-telegram-bot-api',
      "import TelegramBot from 'node-telegram-bot-api';\nimport { config } from './config.ts';\nconst bot = new TelegramBot(config.chat.token, { polling: true });\nbot.on('message', () => {});\n",
    ],
    [
      'a text around it',
      'oceanic.js',
      "import { Client } from 'oceanic.js';\nimport { config } from './config.ts';\nconst client = new Client({ auth: `Bot ${config.chat.token}` });\nclient.connect();\n",
    ],
  ])('is required: %s', async (_, dependency, text) => {
    expect(await botOf({ 'index.ts': text, 'config.ts': config }, dependency)).toEqual(worker('TOKEN'));
  });

  it('is more than one for Slack, and its port is none where it connects to Slack', async () => {
    const text =
      "import { App } from '@slack/bolt';\nclass Config {\n  bot = process.env.BOT_TOKEN;\n  app = process.env.APP_TOKEN;\n}\nconst config = new Config();\nconst port = Number(process.env.PORT) || 4000;\nconst app = new App({ token: config.bot, appToken: config.app, socketMode: true, port });\nawait app.start(port);\n";
    expect(await botOf({ 'index.ts': text }, '@slack/bolt')).toEqual(worker('APP_TOKEN', 'BOT_TOKEN'));
  });

  it('is none that a server does without: Slack asks the one that listens', async () => {
    const text =
      "import { App } from '@slack/bolt';\nconst settings = { token: process.env.BOT_TOKEN, signingSecret: process.env.SIGNING_SECRET };\nconst app = new App(settings);\nawait app.start(process.env.PORT || 3000);\n";
    expect(await botOf({ 'index.ts': text }, '@slack/bolt')).toEqual({
      kind: 'web-service',
      required: ['BOT_TOKEN', 'SIGNING_SECRET'],
      port: { number: 3000, variable: 'PORT' },
    });
  });

  it.each([
    [
      'it signs in where it is set alone',
      "import { Bot } from 'grammy';\nimport { config } from './config.ts';\nif (config.chat.token) new Bot(config.chat.token).start();\n",
    ],
    [
      'it goes back without it',
      "import { Bot } from 'grammy';\nimport { config } from './config.ts';\nfunction notify() {\n  if (!config.chat.token) return;\n  new Bot(config.chat.token).start();\n}\nnotify();\n",
    ],
    [
      'it is switched on',
      "import { Bot } from 'grammy';\nimport { config } from './config.ts';\nfunction startBot() {\n  new Bot(config.chat.token).start();\n}\nif (config.chat.prefix) startBot();\n",
    ],
    [
      'another package has such a method',
      "import { Bot } from './own.ts';\nimport { config } from './config.ts';\nnew Bot(config.chat.token).login(config.chat.token);\n",
    ],
  ])('stays optional where %s', async (_, text) => {
    const own = {
      'own.ts': 'export class Bot {\n  constructor(private token: string) {}\n  login(token: string) {}\n}\n',
    };
    const { required } = await botOf({ 'index.ts': text, 'config.ts': config, ...own }, 'grammy');
    expect(required).toEqual([]);
  });
});
