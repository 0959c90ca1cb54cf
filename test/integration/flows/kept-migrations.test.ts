import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { committedProject } from '../../support/committed.ts';

type Files = Readonly<Record<string, string>>;

const image = (command: string) =>
  `FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\nEXPOSE 8300\n${command}\n`;
const direct = 'CMD ["node", "server.js"]';
const services = (more = '', own = '') =>
  `services:\n  web:\n    build: .\n    ports: ["8300:8300"]\n    environment: { DATABASE_URL: "postgres://clerk:ink@base/pier" }\n${own}  base:\n    image: postgres:16\n    environment: { POSTGRES_USER: clerk, POSTGRES_PASSWORD: ink, POSTGRES_DB: pier }\n${more}`;

const said = async (files: Files) => {
  const manifest = {
    name: 'pier',
    scripts: { start: 'node server.js', 'db:migrate': 'knex migrate:latest' },
    engines: { node: '24' },
    dependencies: { knex: '3.1.0', pg: '8.16.0' },
  };
  const cwd = committedProject({
    'package.json': JSON.stringify(manifest),
    'knexfile.js': "module.exports = { client: 'pg', connection: process.env.DATABASE_URL };\n",
    'migrations/1.js': 'exports.up = (knex) => knex.schema.createTable("a", (t) => t.increments());\n',
    'server.js':
      "const knex = require('knex')(require('./knexfile'));\nrequire('node:http').createServer(async (q, r) => r.end(String(await knex('a')))).listen(8300);\n",
    ...files,
  });
  const { plan } = (await generate({ cwd })).context;
  return (plan.kept?.notWritten ?? []).filter(({ what }) => what.includes('up to date'));
};

describe('migrations of the code that a kept set does not apply', () => {
  it.each<[string, Files]>([
    ['an image alone', { Dockerfile: image(direct) }],
    ['a compose file with its database', { Dockerfile: image(direct), 'compose.yaml': services() }],
    [
      'a command of the compose file',
      { Dockerfile: image('CMD ["sh"]'), 'compose.yaml': services('', '    command: ["node", "server.js"]\n') },
    ],
  ])('are named, with what applies them: %s', async (_, files) => {
    const [note] = await said(files);
    expect(note?.why).toMatch(/migrate/);
    expect(note?.next).toContain('service_completed_successfully');
  });

  it.each<[string, Files]>([
    ['the image does it at its start', { Dockerfile: image('CMD npm run db:migrate && node server.js') }],
    [
      'a service does it',
      {
        Dockerfile: image(direct),
        'compose.yaml': services('  migrate:\n    build: .\n    command: npm run db:migrate\n'),
      },
    ],
    [
      'a script starts the program',
      {
        Dockerfile: image('ENTRYPOINT ["./begin.sh"]\nCMD ["node", "server.js"]'),
        'begin.sh': '#!/bin/sh\nexec "$@"\n',
      },
    ],
  ])('are not where %s', async (_, files) => {
    expect(await said(files)).toEqual([]);
  });
});
