import { expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';

const main = 'import os\nfrom fastapi import FastAPI\napp = FastAPI()\n';
const notes = async (code: string) =>
  (await factsOf({ 'requirements.txt': 'fastapi\nuvicorn\nredis\n', 'main.py': main + code })).notes.flatMap(
    ({ code: name, message }) => (name === 'local-address' ? [message] : []),
  );

it.each([
  ['CELERY_BROKER_URL = "redis://localhost:6379/0"', 'main.py:4 connects to redis on localhost'],
  [
    'engine = connect("postgresql+asyncpg://shop:secret@127.0.0.1/shop")',
    'main.py:4 connects to postgresql+asyncpg on',
  ],
  ['client = Client(host="mongodb://localhost")', 'main.py:4 connects to mongodb on localhost'],
])('an address of this machine is said, without what it holds: %s', async (code, message) => {
  const [said, ...more] = await notes(`${code}\n`);
  expect(said).toContain(message);
  expect(said).not.toContain('secret');
  expect(more).toEqual([]);
});

it.each([
  'url = os.getenv("REDIS_URL", "redis://localhost:6379")',
  'url = os.environ.get("REDIS_URL") or "redis://localhost:6379"',
  'url = "redis://cache:6379"',
  'url = "http://localhost:3000"',
  'text = "see redis://localhost"',
])('a default, and what is elsewhere, is none: %s', async (code) => expect(await notes(`${code}\n`)).toEqual([]));
