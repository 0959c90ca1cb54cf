import { describe, expect, it } from 'vitest';
import { app, factsOf, text } from './support.ts';

/** What is left out of a set with these lines in the service of the application, and in that of its database. */
async function left(own: readonly string[], ofDatabase: readonly string[] = []) {
  const compose = text(
    'services:',
    '  till:',
    '    build: .',
    '    ports: ["3000:3000"]',
    ...own.map((line) => `    ${line}`),
    '  db:',
    '    image: postgres:17',
    '    environment: { POSTGRES_USER: a, POSTGRES_PASSWORD: b, POSTGRES_DB: a }',
    ...ofDatabase.map((line) => `    ${line}`),
  );
  const Dockerfile = text('FROM node:22', 'WORKDIR /app', 'COPY . .', 'CMD ["node", "server.js"]');
  const [facts] = await factsOf({ ...app, Dockerfile, 'compose.yaml': compose });
  return (facts?.leftOut ?? []).map(({ what, why, from }) => ({ what, why, line: from[0]?.line, file: from[0]?.file }));
}

describe('keys of a compose file that a generated one has no place for', () => {
  it.each([
    [
      'extra_hosts',
      ['extra_hosts: ["host.docker.internal:host-gateway"]'],
      'only resolve the names of their deployment',
    ],
    ['labels', ['labels:', '  traefik.enable: "true"'], 'a proxy that reads them'],
    ['cap_add', ['cap_add: [NET_ADMIN]'], 'no extra capabilities'],
    ['ulimits', ['ulimits: { nofile: 65536 }'], 'default limits of the engine'],
    ['devices', ['devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]'], 'no access to devices'],
    ['platform', ['platform: linux/amd64'], 'platforms in the key'],
    ['sysctls', ['sysctls: { net.core.somaxconn: 1024 }'], 'kernel settings'],
    ['dns', ['dns: 1.1.1.1'], 'resolved by the engine'],
    ['network_mode', ['network_mode: host'], 'network of their deployment'],
  ])('are left out with their line: %s', async (key, lines, why) => {
    const rows = (await left(lines)).filter(({ what }) => what === `${key} of till`);
    expect(rows).toEqual([
      { what: `${key} of till`, why: expect.stringContaining(why), line: 5, file: 'compose.yaml' },
    ]);
  });

  it('are left out of a service of the catalogue, too', async () => {
    const rows = await left([], ['shm_size: 256mb', 'labels: [backup=daily]']);
    expect(rows.map(({ what, line }) => [what, line])).toEqual([
      ['shm_size of db', 8],
      ['labels of db', 9],
    ]);
  });

  it('are none where nothing is set, nor what a generated file says in its own words', async () => {
    const lines = ['labels: {}', 'cap_add: []', 'privileged: false', 'restart: always', 'init: true'];
    expect(await left(lines)).toEqual([]);
  });

  it('tell no value', async () => {
    expect(JSON.stringify(await left(['labels: { auth: "hunter22" }']))).not.toContain('hunter22');
  });
});
