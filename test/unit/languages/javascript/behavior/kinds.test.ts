import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

/** The kind of an application whose one source is `text`, in the module system that it is written in. */
const kindOf = async (text: string, more: object = {}) => {
  const isModule = /^import /m.test(text);
  const manifest = {
    name: 'shop',
    ...(isModule ? { type: 'module' } : {}),
    scripts: { start: 'node index.js' },
    engines: { node: '24' },
    ...more,
  };
  return said((await factsOf({ 'package.json': JSON.stringify(manifest), 'index.js': text })).archetype);
};

describe('what kind of application it is', () => {
  it.each([
    [
      'a bot of Telegram',
      "const { Telegraf } = require('telegraf');\nconst bot = new Telegraf(process.env.BOT_TOKEN);\nbot.on('text', (c) => c.reply('x'));\nbot.launch();",
    ],
    [
      'a bot of another library',
      "import { Bot } from 'grammy';\nconst bot = new Bot(process.env.BOT_TOKEN);\nbot.command('start', (c) => c.reply('hello'));\nbot.start();",
    ],
    [
      'a bot of Slack over a socket',
      "const { App } = require('@slack/bolt');\nconst app = new App({ token: process.env.T, socketMode: true, appToken: process.env.A });\n(async () => { await app.start(); })();",
    ],
    [
      'a consumer of Kafka',
      "import { Kafka } from 'kafkajs';\nconst consumer = new Kafka({ brokers: ['k:9092'] }).consumer({ groupId: 'g' });\nawait consumer.connect();\nawait consumer.subscribe({ topic: 't' });\nawait consumer.run({ eachMessage: async () => {} });",
    ],
    [
      'a subscriber of MQTT',
      "const mqtt = require('mqtt');\nconst client = mqtt.connect('mqtt://broker');\nclient.on('message', (topic) => console.log(topic));\nclient.subscribe('a/#');",
    ],
    [
      'a subscriber of NATS',
      "import { connect } from 'nats';\nconst nc = await connect({ servers: 'nats://nats' });\nfor await (const m of nc.subscribe('jobs')) console.log(m.subject);",
    ],
    [
      'a watcher of files',
      "import chokidar from 'chokidar';\nchokidar.watch('inbox').on('add', (path) => console.log(path));",
    ],
    [
      'a scheduler with a database',
      "const Agenda = require('agenda');\nconst agenda = new Agenda({ db: { address: process.env.MONGO_URL } });\n(async () => { await agenda.start(); await agenda.every('3 minutes', 'tidy'); })();",
    ],
    [
      'a poller of a queue',
      "import { SQSClient, ReceiveMessageCommand } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nwhile (true) await sqs.send(new ReceiveMessageCommand({ QueueUrl: process.env.Q, WaitTimeSeconds: 20 }));",
    ],
    ['a timer that plans itself', "const tick = async () => { console.log('x'); setTimeout(tick, 1000); };\ntick();"],
    [
      'a timer that plans itself, whatever came of it',
      "import { work } from 'some-work';\nasync function loop() {\n  try { await work(); } finally { setTimeout(() => loop(), 5000); }\n}\nloop();",
    ],
    [
      'a client of WebSockets',
      "import WebSocket from 'ws';\nconst socket = new WebSocket('wss://prices.test');\nsocket.on('message', (m) => console.log(String(m)));",
    ],
    [
      'a bot of a library that is not known here',
      "import SlackBot from 'slackbots';\nconst bot = new SlackBot({ token: process.env.T });\nbot.on('message', (m) => console.log(m));",
    ],
    [
      'a client of a server that is not known here',
      "const { Client } = require('some-home-server');\nconst client = new Client();\nclient.on('connect', () => console.log('up'));\nclient.on('error', console.log);",
    ],
    [
      'a listener to what another sends',
      "import { source } from 'price-feed';\nsource.addEventListener('update', (u) => console.log(u));",
    ],
  ])('is a worker: %s', async (_, text) => {
    expect(await kindOf(text)).toBe('worker');
  });

  it.each([
    [
      'a script that fills a database',
      "const { PrismaClient } = require('@prisma/client');\nconst prisma = new PrismaClient();\nasync function main() { await prisma.user.createMany({ data: [] }); }\nmain().finally(async () => { await prisma.$disconnect(); });",
    ],
    [
      'a generator of a file',
      "import { writeFile } from 'node:fs/promises';\nconst all = await (await fetch('https://x.test/all')).json();\nawait writeFile('sitemap.xml', all.join());",
    ],
    [
      'a task that tries again where it failed',
      "const run = async (n) => { try { await fetch('https://x.test'); } catch { if (n < 3) setTimeout(() => run(n + 1), 100); } };\nrun(0);",
    ],
    [
      'a task that asks until it is done',
      "const ask = async () => { const r = await fetch('https://x.test'); if (r.ok) return; setTimeout(ask, 100); };\nask();",
    ],
    [
      'a report by mail',
      "import nodemailer from 'nodemailer';\nawait nodemailer.createTransport({ host: 'mail' }).sendMail({ to: 'a@b.test' });",
    ],
    [
      'a reader of a file of a package, to its end',
      "import csv from 'csv-parser';\nimport { createReadStream } from 'node:fs';\ncreateReadStream('a.csv').pipe(csv()).on('data', console.log).on('end', () => console.log('done'));",
    ],
    [
      'a task that talks to the process that started it',
      "const chalk = require('chalk');\nprocess.on('message', (m) => console.log(chalk.red(m)));\nconsole.log('done');",
    ],
  ])('is a job: %s', async (_, text) => {
    expect(await kindOf(text)).toBe('data-pipeline');
  });

  it.each([
    [
      'a bot that gets its updates over HTTP',
      "const { Telegraf } = require('telegraf');\nconst bot = new Telegraf(process.env.BOT_TOKEN);\nrequire('express')().use(bot.webhookCallback('/hook')).listen(process.env.PORT || 3000);",
    ],
    [
      'a consumer that answers who asks for its health',
      "import { createServer } from 'node:http';\nimport { Worker } from 'bullmq';\nnew Worker('mail', async () => {});\ncreateServer((q, r) => r.end('ok')).listen(8080);",
    ],
  ])('is a service: %s', async (_, text) => {
    expect(await kindOf(text)).toBe('web-service');
  });
});
