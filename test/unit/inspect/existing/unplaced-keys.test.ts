import { describe, expect, it } from 'vitest';
import { app, factsOf, text } from './support.ts';

/** The facts of a set with these lines in the service of the application, and in that of its database. */
async function factsWith(own: readonly string[], ofDatabase: readonly string[] = []) {
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
  return facts;
}

/** What is left out of it. */
async function left(own: readonly string[], ofDatabase: readonly string[] = []) {
  const facts = await factsWith(own, ofDatabase);
  return (facts?.leftOut ?? []).map(({ what, why, from }) => ({ what, why, line: from[0]?.line, file: from[0]?.file }));
}

describe('keys of a compose file that a generated one has no place for', () => {
  it.each([
    ['cap_add', ['cap_add: [NET_ADMIN]'], 'no extra capabilities'],
    ['devices', ['devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]'], 'no access to devices'],
    ['platform', ['platform: linux/amd64'], 'platforms in the key'],
    ['container_name', ['container_name: till-1'], 'only one of them on a machine'],
    ['labels', ['labels:', '  proxy.auth.users: "till:$$apr1$$x"'], 'holds a secret, or comes from a variable'],
    ['labels', ['labels: { api_token: hunter22hunter }'], 'holds a secret'],
    ['hostname', ['hostname: "${NAME:-till}"'], 'comes from a variable'],
    ['network_mode', ['network_mode: host'], 'network of their deployment'],
  ])('are left out with their line: %s', async (key, lines, why) => {
    const rows = (await left(lines)).filter(({ what }) => what === `${key} of till`);
    expect(rows).toEqual([
      { what: `${key} of till`, why: expect.stringContaining(why), line: 5, file: 'compose.yaml' },
    ]);
  });

  it('are left out of a service of the catalogue, too', async () => {
    const rows = await left([], ['cap_add: [SYS_NICE]', 'devices: ["/dev/fuse:/dev/fuse"]']);
    expect(rows.map(({ what, line }) => [what, line])).toEqual([
      ['cap_add of db', 8],
      ['devices of db', 9],
    ]);
  });

  it('are none where nothing is set, nor what a generated file says in its own words', async () => {
    const lines = ['labels: {}', 'cap_add: []', 'privileged: false', 'restart: always', 'init: true'];
    expect(await left(lines)).toEqual([]);
  });

  it('tell no value', async () => {
    const facts = await factsWith(['labels: { auth_password: "hunter22" }']);
    expect(JSON.stringify([facts?.leftOut, facts?.carried])).not.toContain('hunter22');
  });
});

describe('services beside the application that a generated set does not start', () => {
  const none = 'no code that uses it was found';
  it.each([
    ['confluentinc/cp-kafka:7.6.0', 'start no Apache Kafka: if the app uses it, keep your files'],
    ['docker.elastic.co/elasticsearch/elasticsearch:8.15.0', 'start no Elasticsearch'],
    ['clickhouse/clickhouse-server:24-alpine', 'start no ClickHouse'],
    ['provectuslabs/kafka-ui:latest', none],
    ['adminer', none],
  ])('are left out with the true reason: %s', async (image, why) => {
    const Dockerfile = text('FROM node:22', 'COPY . .', 'CMD ["node", "server.js"]');
    const compose = text('services:', '  till:', '    build: .', '  other:', `    image: ${image}`);
    const [facts] = await factsOf({ ...app, Dockerfile, 'compose.yaml': compose });
    expect(facts?.leftOut).toMatchObject([{ what: 'service other', why: expect.stringContaining(why) }]);
  });
});

describe('keys of a compose file that a generated service has as they are written', () => {
  it.each([
    ['extra_hosts', ['extra_hosts: ["host.docker.internal:host-gateway"]'], ['host.docker.internal=host-gateway']],
    ['labels', ['labels:', '  proxy.enable: "true"'], { 'proxy.enable': 'true' }],
    ['ulimits', ['ulimits: { nofile: 65536 }'], { nofile: 65536 }],
    ['sysctls', ['sysctls: { net.core.somaxconn: 1024 }'], { 'net.core.somaxconn': '1024' }],
    ['dns', ['dns: 1.1.1.1'], ['1.1.1.1']],
    ['shm_size', ['shm_size: 256mb'], '256m'],
    ['stop_grace_period', ['stop_grace_period: 90s'], '1m30s'],
  ])('go on with their line: %s', async (key, lines, value) => {
    const own = await factsWith(lines);
    expect(own?.carried).toMatchObject([{ key, value, from: [{ file: 'compose.yaml', line: 5 }] }]);
    expect(own?.leftOut ?? []).toEqual([]);
    const ofDatabase = (await factsWith([], lines))?.services.find(({ service }) => service === 'postgres');
    expect(ofDatabase?.existing?.keys).toMatchObject([{ key, value, from: [{ line: 8 }] }]);
  });

  it('are none where nothing is set, nor what gives a container something of the host', async () => {
    const facts = await factsWith(['labels: []', 'dns: []', 'privileged: true', 'devices: ["/dev/fuse:/dev/fuse"]']);
    expect(facts?.carried).toBeUndefined();
  });
});
