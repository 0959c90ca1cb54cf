import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;
const installed = (...names: string[]): Files => ({
  'requirements.txt': names.map((name) => `${name}==1.0.0\n`).join(''),
});
const server = { 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' };

/** The processes beside the server, by what starts them. */
async function beside(files: Files): Promise<readonly string[]> {
  const { processes = [], archetype } = await factsOf({
    ...installed('fastapi', 'uvicorn', 'redis'),
    ...server,
    ...files,
  });
  expect('value' in archetype && archetype.value).toBe('web-service');
  return processes.map(({ name, command }) => `${name}: ${command.argv.join(' ')}`);
}

describe('a queue beside a server', () => {
  it.each([
    [
      'Dramatiq, in two modules',
      {
        'shop/__init__.py': '',
        'shop/mail.py': 'import dramatiq\n@dramatiq.actor\ndef send(x):\n    pass\n',
        'shop/bills.py': 'from dramatiq import actor\n@actor(max_retries=3)\ndef bill(x):\n    pass\n',
      },
      ['worker: dramatiq shop.bills shop.mail'],
    ],
    [
      'arq',
      { 'jobs.py': 'from arq.connections import RedisSettings\nclass WorkerSettings:\n    functions = []\n' },
      ['worker: arq jobs.WorkerSettings'],
    ],
    ['Huey', { 'tasks.py': 'from huey import RedisHuey\nq = RedisHuey("x")\n' }, ['worker: huey_consumer tasks.q']],
    [
      'taskiq with a schedule',
      {
        'tasks.py':
          'from taskiq import TaskiqScheduler\nfrom taskiq_redis import ListQueueBroker\nbroker = ListQueueBroker("x")\nscheduler = TaskiqScheduler(broker, [])\n',
      },
      ['worker: taskiq worker tasks:broker', 'scheduler: taskiq scheduler tasks:scheduler'],
    ],
    [
      'RQ without a program of its own',
      { 'tasks.py': 'import rq\nhigh = rq.Queue("high", connection=None)\nlow = rq.Queue("low", connection=None)\n' },
      ['worker: rq worker high low'],
    ],
    [
      'RQ with a program of the application',
      {
        'tasks.py': 'from rq import Queue\nq = Queue(connection=None)\n',
        'worker.py': 'from rq import Worker\nif __name__ == "__main__":\n    Worker(["default"]).work()\n',
      },
      ['worker: python worker.py'],
    ],
    [
      'Celery with a schedule',
      { 'tasks.py': 'from celery import Celery\napp = Celery("x")\napp.conf.beat_schedule = {}\n' },
      [
        'worker: celery --app tasks:app worker --loglevel INFO',
        'beat: celery --app tasks:app beat --loglevel INFO --schedule /tmp/celerybeat-schedule --pidfile=',
      ],
    ],
    ['a broker in memory', { 'tasks.py': 'from taskiq import InMemoryBroker\nbroker = InMemoryBroker()\n' }, []],
    ['a queue of another library', { 'tasks.py': 'from queue import Queue\nq = Queue()\n' }, []],
  ])('is %s', async (_what, files: Files, expected) => expect(await beside(files)).toEqual(expected));

  it('is what the author starts, where a Procfile says so', async () => {
    const files = {
      ...installed('dramatiq'),
      'tasks.py': 'import dramatiq\n@dramatiq.actor\ndef send(x):\n    pass\n',
      Procfile: 'web: uvicorn main:app\nworker: dramatiq tasks --processes 2\n',
    };
    expect(await beside({ ...files, ...installed('fastapi', 'uvicorn', 'dramatiq') })).toEqual([
      'worker: dramatiq tasks --processes 2',
    ]);
  });

  it('finds its server by the variable of its program, or by that of the sources', async () => {
    const files = {
      ...installed('fastapi', 'uvicorn', 'rq', 'redis'),
      ...server,
      'tasks.py': 'import rq\nq = rq.Queue(connection=None)\n',
    };
    const { variables } = await factsOf(files);
    expect(variables.find(({ name }) => name === 'RQ_REDIS_URL')).toMatchObject({ service: 'redis', part: 'url' });
    const { variables: own } = await factsOf({ ...files, 'worker.py': 'import rq\nrq.Worker([]).work()\n' });
    expect(own.some(({ name }) => name === 'RQ_REDIS_URL')).toBe(false);
  });
});

it('a worker gets what the app reads, and nothing that only the server of the app does', async () => {
  const files = {
    ...installed('fastapi', 'uvicorn', 'celery', 'redis'),
    'main.py': 'import os\nfrom fastapi import FastAPI\nLEVEL = os.getenv("LEVEL")\napp = FastAPI()\n',
    'tasks.py': 'from celery import Celery\nqueue = Celery("x")\n',
  };
  const compose = (await generatedFor(files))('docker-compose.yml');
  const [app = '', worker = ''] = compose.split(/^ {2}worker:$/m);
  expect([app.includes('FORWARDED_ALLOW_IPS'), app.includes('LEVEL')]).toEqual([true, true]);
  expect([worker.includes('FORWARDED_ALLOW_IPS'), worker.includes('LEVEL')]).toEqual([false, true]);
});
