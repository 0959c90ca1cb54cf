import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;
const installed = (...names: string[]): Files => ({
  'requirements.txt': names.map((name) => `${name}==1.0.0\n`).join(''),
});

/** What kind of application these files are, and what starts. */
async function started(files: Files): Promise<readonly unknown[]> {
  const { archetype, commands } = await factsOf(files);
  return ['value' in archetype && archetype.value, 'value' in commands.start && commands.start.value.argv.join(' ')];
}

const guarded = (body: string) => `def main():\n    ${body}\n\nif __name__ == "__main__":\n    main()\n`;

describe('a program that answers no requests', () => {
  it.each([
    [
      'a bot of Discord',
      { ...installed('discord.py'), 'bot.py': 'import discord\nclient = discord.Client()\nclient.run("x")\n' },
      ['worker', 'python bot.py'],
    ],
    [
      'a bot that polls',
      {
        ...installed('python-telegram-bot'),
        'src/shop/__init__.py': '',
        'src/shop/__main__.py': `from telegram.ext import Application\n${guarded('Application.builder().build().run_polling()')}`,
      },
      ['worker', 'python -m shop'],
    ],
    [
      'a consumer',
      { ...installed('pika'), 'consume.py': guarded('channel.start_consuming()') },
      ['worker', 'python consume.py'],
    ],
    [
      'an endless loop',
      { ...installed('schedule'), 'run.py': 'import time\nwhile True:\n    time.sleep(1)\n' },
      ['worker', 'python run.py'],
    ],
    [
      'a scheduler that blocks',
      {
        ...installed('apscheduler'),
        'clock.py':
          'from apscheduler.schedulers.blocking import BlockingScheduler\ns = BlockingScheduler()\ns.start()\n',
      },
      ['worker', 'python clock.py'],
    ],
    [
      'a worker of Celery',
      {
        ...installed('celery'),
        'shop/__init__.py': '',
        'shop/tasks.py': 'from celery import Celery\nqueue = Celery("x")\n',
      },
      ['worker', 'celery --app shop.tasks:queue worker --loglevel INFO'],
    ],
    ['a job', { ...installed('requests'), 'main.py': guarded('print(1)') }, ['data-pipeline', 'python main.py']],
    [
      'a tool',
      { ...installed('click'), 'cli.py': `import click\n${guarded('click.echo("x")')}` },
      ['cli-tool', 'python cli.py'],
    ],
  ])('is %s', async (_what, files: Files, expected) => expect(await started(files)).toEqual(expected));

  it('is not a module that only others import, nor one beside an object that answers', async () => {
    const server = { 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' };
    const job = { 'job.py': guarded('print(1)') };
    expect(await started({ ...installed('fastapi', 'uvicorn'), ...server, ...job })).toEqual([
      'web-service',
      'uvicorn main:app',
    ]);
    const [kind] = await started({ ...installed('requests'), 'slug.py': 'def slug(x):\n    return x\n' });
    expect(kind).toBe(false);
  });
});

describe('a queue beside a server', () => {
  const files: Files = {
    ...installed('fastapi', 'uvicorn', 'celery', 'redis'),
    'shop/__init__.py': '',
    'shop/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
    'shop/tasks.py':
      'import os\nfrom celery import Celery\nqueue = Celery("x", broker=os.environ["REDIS_URL"])\nqueue.conf.beat_schedule = {"a": {"task": "t", "schedule": 5.0}}\n',
  };

  it('has a worker, and a clock of which there is one', async () => {
    const { processes } = await factsOf(files);
    expect(processes).toMatchObject([
      { name: 'worker', command: { argv: ['celery', '--app', 'shop.tasks:queue', 'worker', '--loglevel', 'INFO'] } },
      { name: 'beat', single: true },
    ]);
    const compose = (await generatedFor(files))('docker-compose.yml');
    expect(compose).toContain('"--app", "shop.tasks:queue", "worker"');
    expect(compose).toContain('"--schedule", "/tmp/celerybeat-schedule"');
  });

  it('has no clock where nothing runs in time', async () => {
    const plain = { ...files, 'shop/tasks.py': 'from celery import Celery\nqueue = Celery("x")\n' };
    expect((await factsOf(plain)).processes?.map(({ name }) => name)).toEqual(['worker']);
  });
});

describe('packages that this version cannot install', () => {
  it.each([
    ['Poetry without a lockfile', { 'pyproject.toml': '[tool.poetry]\nname = "x"\nversion = "1"\n' }, 'Poetry'],
    ['Pipenv without a lockfile', { Pipfile: '[packages]\n' }, 'Pipenv'],
    ['nothing named', { 'pyproject.toml': '[tool.ruff]\nline-length = 100\n' }, 'lists the dependencies'],
  ])('are refused by name: %s', async (_what, more, words) => {
    const { blocker } = await factsOf({ 'main.py': guarded('print(1)'), ...more });
    expect(blocker?.message).toContain(words);
    expect(blocker?.next.length).toBeGreaterThan(0);
  });
});
