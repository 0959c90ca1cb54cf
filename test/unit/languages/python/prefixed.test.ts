import { describe, expect, it } from 'vitest';
import { factsOf, ownVariables } from '../../../support/facts.ts';

const app = 'import os\nfrom flask import Flask\n\napp = Flask(__name__)\n';

/** What each variable points to. */
async function pointing(requirements: string, ...names: readonly string[]) {
  const reads = names.map((name) => `os.environ["${name}"]\n`).join('');
  const variables = ownVariables(
    await factsOf({ 'requirements.txt': `flask\n${requirements}\n`, 'app.py': app + reads }),
  );
  return variables.map(({ service, part }) => (service === undefined ? '' : `${service} ${part}`));
}

describe('a variable of a service', () => {
  it.each([
    [
      'behind a word of the application',
      'asyncpg',
      ['QUOIN_POSTGRES_HOST', 'QUOIN_POSTGRES_DB'],
      ['postgres host', 'postgres name'],
    ],
    ['behind two', 'redis', ['MY_SHOP_REDIS_HOST'], ['redis host']],
    [
      'with a name of another habit',
      'psycopg',
      ['POSTGRES_SERVER', 'SQL_DATABASE', 'PG_USER'],
      ['postgres host', 'postgres name', 'postgres user'],
    ],
  ])('is known %s', async (_, requirements, names, points) => {
    expect(await pointing(requirements, ...names)).toEqual(points);
  });

  it('is not known where nothing uses the service, or two could be meant', async () => {
    expect(await pointing('requests', 'SHOP_CASSANDRA_HOST')).toEqual(['']);
    expect(await pointing('psycopg\nmysqlclient', 'SHOP_DB_HOST')).toEqual(['']);
  });
});
