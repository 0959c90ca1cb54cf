import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { volumeNotes } from '../../../src/flows/volumes.ts';

let root: string;
const put = (path: string, content: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** An app that uses a database, deployed as this version does it. */
async function deployed(driver: string, source: string): Promise<void> {
  const name = { name: 'till', version: '1.0.0' };
  put('package.json', JSON.stringify({ ...name, scripts: { start: 'node main.js' }, dependencies: { [driver]: '8' } }));
  const packages = {
    '': { ...name, dependencies: { [driver]: '8' } },
    [`node_modules/${driver}`]: { version: '8.0.0' },
  };
  put('package-lock.json', JSON.stringify({ ...name, lockfileVersion: 3, packages }));
  put('main.js', `${source}\nrequire('node:http').createServer((_, answer) => answer.end()).listen(3000);\n`);
  await writeGeneration(await generate({ cwd: root }), { edits: false, env: false });
}

/** As if an older version of ours had written the file: what was generated last says the same. */
function older(from: string, to: string): void {
  const text = read('docker-compose.yml').replaceAll(from, to);
  put('docker-compose.yml', text);
  put('.dockwright/last/docker-compose.yml', text);
  const state = JSON.parse(read('.dockwright/state.json'));
  state.files['docker-compose.yml'].sha256 = createHash('sha256').update(text).digest('hex');
  put('.dockwright/state.json', JSON.stringify(state));
}

const pg = "const { Pool } = require('pg');\nnew Pool({ connectionString: process.env.DATABASE_URL });";
const mongo = "const { MongoClient } = require('mongodb');\nnew MongoClient(process.env.MONGO_URL);";
const mysql = "require('mysql2').createPool(process.env.DATABASE_URL);";
const redis = "require('redis').createClient({ url: process.env.REDIS_URL }).connect();";

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-running-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a database that was deployed by an older version of Dockwright', () => {
  it.each([
    ['pg', pg, 'postgres:17-alpine', 'postgres:16-alpine'],
    ['mongodb', mongo, 'mongo:8', 'mongo:7'],
    ['mysql2', mysql, 'mariadb:11', 'mariadb:10'],
  ])('goes on with the version that made its data: %s', async (driver, source, usual, before) => {
    await deployed(driver, source);
    older(usual, before);
    const generation = await generate({ cwd: root });
    expect(generation.context.warnings.join('\n')).toContain(
      `stays on ${before}, because its volume has data of that version; new deployments get ${usual}`,
    );
    await writeGeneration(generation, { edits: false, env: false });
    expect(read('docker-compose.yml')).toContain(`image: ${before}\n`);
  });

  it.each([
    ['redis', redis, 'redis:8-alpine', 'redis:7-alpine'],
    ['pg', pg, 'postgres:17-alpine', 'postgres:17'],
  ])('moves on where the new one reads them: %s', async (driver, source, usual, before) => {
    await deployed(driver, source);
    older(usual, before);
    const generation = await generate({ cwd: root });
    expect(generation.context.warnings.join('\n')).not.toMatch(/stays on|ran /);
    await writeGeneration(generation, { edits: false, env: false });
    expect(read('docker-compose.yml')).toContain(`image: ${usual}\n`);
  });
});

describe('another version of a database by its owner', () => {
  it('gets a volume where that version keeps its data, and is warned of', async () => {
    await deployed('pg', pg);
    put('docker-compose.yml', read('docker-compose.yml').replace('postgres:17-alpine', 'postgres:18-alpine'));
    const generation = await generate({ cwd: root });
    expect(generation.context.warnings.join('\n')).toContain(
      'db ran postgres:17-alpine before and would now run postgres:18-alpine, which cannot read the data of PostgreSQL 17 in the volume db-data.',
    );
    await writeGeneration(generation, { edits: false, env: false });
    expect(read('docker-compose.yml')).toContain('postgres:18-alpine');
    expect(read('docker-compose.yml')).toContain('db-data:/var/lib/postgresql]');
    const again = await generate({ cwd: root });
    expect(again.context.warnings.join('\n')).not.toContain('would now run');
  });

  it('by the key is warned of, too', async () => {
    await deployed('pg', pg);
    const { context } = await generate({ cwd: root, set: { 'services.postgres.image': 'postgres:16' } });
    expect(context.warnings.join('\n')).toContain('db ran postgres:17-alpine before and would now run postgres:16');
  });
});

describe('a volume of an earlier start', () => {
  const notes = async (there: readonly string[]) => {
    const { context, folder } = await generate({ cwd: root });
    return volumeNotes(context, folder, undefined, async () => new Set(there));
  };

  it.each([
    ['pg', pg, 'db'],
    ['mongodb', mongo, 'db'],
    ['mysql2', mysql, 'db'],
  ])('is named where its password is gone: %s', async (driver, source, host) => {
    await deployed(driver, source);
    expect((await notes([`till_${host}-data`])).join('')).toContain(
      `${host} keeps the password that it was created with, and rejects a new one`,
    );
  });

  it('is not where its password is there, where it is of another project, and before the first run', async () => {
    await deployed('pg', pg);
    expect(await notes(['other_db-data'])).toEqual([]);
    rmSync(join(root, '.dockwright'), { recursive: true });
    for (const file of ['docker-compose.yml', 'docker-compose.dev.yml', 'docker-compose.prod.yml', 'Dockerfile'])
      rmSync(join(root, file));
    expect(await notes(['till_db-data'])).toEqual([]);
    await writeGeneration(await generate({ cwd: root }), { edits: false, env: true });
    expect(await notes(['till_db-data'])).toEqual([]);
  });
});
