import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadContext } from '../../src/flows/context.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { scan } from '../../src/flows/scan.ts';
import { shippedOf } from '../../src/flows/shipped.ts';
import type { ScanReport } from '../../src/model/scan.ts';
import { fill } from '../support/folder.ts';
import { marketFiles } from '../support/workspaces.ts';
import { docker, withEngine } from './engine.ts';

const there = (program: string): string | undefined => {
  try {
    return execFileSync('which', [program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
};
const scannersThere = ['trivy', 'grype'].filter(there);
if (scannersThere.length === 0) console.warn('Neither Trivy nor Grype is there: scans with them are skipped.');

const top = mkdtempSync(join(tmpdir(), 'dockwright-scan-'));
const cwd = join(top, 'project');
const path = process.env['PATH'] ?? '';
const token = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3kM5'}`;
const image = 'dockwright-scan-test:local';

function put(file: string, content: string): string {
  const full = join(cwd, file);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

/** A PATH with docker and these scripts alone. */
function only(scripts: Readonly<Record<string, string>>): void {
  const folder = mkdtempSync(join(top, 'bin-'));
  symlinkSync(there('docker') ?? '', join(folder, 'docker'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env['PATH'] = folder;
}

const one = ({ result }: Awaited<ReturnType<typeof scan>>): ScanReport => {
  if (result.several) throw new Error('there is one application');
  return result.report;
};

withEngine('a scan of several applications', () => {
  it('looks at the image of each, and fails where one of them does', async () => {
    const [root, context] = ['market', 'context'].map((name) => join(top, name)) as [string, string];
    for (const folder of [root, context]) mkdirSync(folder);
    fill(root, marketFiles());
    await writeGeneration(await generate({ cwd: root, all: true }), { edits: true, env: false });
    fill(context, { Dockerfile: 'FROM scratch\nCOPY Dockerfile *.txt /\n' });
    const locals = shippedOf(await loadContext({ cwd: root, all: true })).map(({ local }) => local);
    try {
      await expect(scan({ cwd: root, all: true })).rejects.toMatchObject({ code: 'not-built', exit: 1 });
      for (const [at, local] of locals.entries()) {
        if (at === 1) writeFileSync(join(context, 'key.txt'), token);
        docker(['build', '--quiet', '--tag', local, context]);
      }
      only({});
      const sarif = join(top, 'market.sarif');
      const { code, result } = await scan({ cwd: root, all: true, sarif });
      if (!result.several) throw new Error('there are several applications');
      expect(code).toBe(1);
      expect(result.apps.map(({ app, secrets }) => [app, secrets.length])).toEqual(
        result.apps.map(({ app }, at) => [app, at === 0 ? 0 : 1]),
      );
      expect(JSON.parse(readFileSync(sarif, 'utf8')).runs.length).toBeGreaterThan(0);
      const [first] = result.apps;
      const alone = await scan({ cwd: root, app: first?.app ?? '' });
      expect(alone).toMatchObject({ code: 0, result: { several: true, apps: [{ app: first?.app }] } });
    } finally {
      process.env['PATH'] = path;
      docker(['image', 'rm', '--force', ...locals]);
    }
  });
});

withEngine('a scan', () => {
  beforeAll(() => {
    put(
      'package.json',
      '{"name":"dockwright-scan-test","version":"1.0.0","type":"module","scripts":{"start":"node server.js"}}',
    );
    put('server.js', "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n");
    put('lib/node_modules/lodash/package.json', '{"name":"lodash","version":"4.17.20"}');
    put(
      'Dockerfile',
      '# nothing but files\nFROM scratch\nWORKDIR /app\nCOPY lib ./\nCOPY server.js ./\nENV UPLOAD_TOKEN=q8Zr41xKpLm2\nCOPY key.txt ./\nCMD ["node", "server.js"]\n',
    );
    put('key.txt', token);
    docker(['build', '--quiet', '--tag', image, cwd]);
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(join(cwd, 'scan-ignore.json'), { force: true });
  });
  afterAll(() => {
    docker(['image', 'rm', '--force', image]);
    rmSync(top, { recursive: true, force: true });
  });

  describe.each(['trivy', 'grype'] as const)('with %s', (scanner) => {
    it.skipIf(!scannersThere.includes(scanner))(
      'names what is known with the line that brought it, and ends by the threshold',
      async () => {
        const sarif = join(top, `${scanner}.sarif`);
        const high = await scan({ cwd, scanner, failOn: 'high', sarif });
        expect(high.code).toBe(1);
        const report = one(high);
        expect(report).toMatchObject({
          scanner: { name: scanner },
          counts: { critical: 0, high: 1, medium: 0, low: 0 },
        });
        expect(report.findings).toMatchObject([
          {
            id: 'CVE-2021-23337',
            aliases: ['GHSA-35jh-r3h4-6jhm'],
            severity: 'high',
            package: 'lodash',
            version: '4.17.20',
            fixed: '4.17.21',
            path: '/app/node_modules/lodash/package.json',
            instruction: 'COPY lib ./',
            line: 4,
          },
        ]);
        expect(report.failed).toEqual(['1 known vulnerability is high or worse.', '2 secrets are in the image.']);
        expect(readFileSync(sarif, 'utf8')).toContain('"security-severity": "8.0"');
        put(
          'scan-ignore.json',
          JSON.stringify({ ignore: [{ id: 'GHSA-35jh-r3h4-6jhm', reason: 'not reached', expires: '2999-01-01' }] }),
        );
        expect(one(await scan({ cwd, scanner, failOn: 'high' }))).toMatchObject({
          findings: [],
          ignored: [{ reason: 'not reached' }],
        });
      },
    );
  });

  it('without a scanner looks for secrets, shows none of their values, and says what is missing', async () => {
    only({});
    const plain = await scan({ cwd });
    const report = one(plain);
    expect(plain.code).toBe(1);
    expect(report.scanner).toBeUndefined();
    expect(report.secrets.map((secret) => [secret.path, secret.instruction, secret.line])).toEqual([
      ['/app/key.txt', 'COPY key.txt ./', 7],
      ['configuration: ENV UPLOAD_TOKEN', 'ENV UPLOAD_TOKEN=********', 6],
    ]);
    expect(JSON.stringify(report)).not.toMatch(/ghp_|q8Zr/);
    expect(report.notProved.join()).toContain('Install Trivy');
    const reason = 'of this test';
    put('scan-ignore.json', JSON.stringify({ ignore: report.secrets.map(({ id }) => ({ id, reason })) }));
    expect((await scan({ cwd })).code).toBe(0);
    expect((await scan({ cwd, failOn: 'high' })).code).toBe(1);
    await expect(scan({ cwd, scanner: 'grype' })).rejects.toMatchObject({ code: 'scanner-missing', exit: 4 });
  });

  it('with a scanner that has no database, and cannot get one, is not proved', async () => {
    only({
      trivy:
        'case "$1" in version) echo "Version: 0.74.0";; *) echo "FATAL failed to download vulnerability DB: no such host" >&2; exit 1;; esac',
      grype:
        'case "$1" in version) echo \'{"version":"0.121.2"}\';; *) echo "ERROR failed to load vulnerability db: database does not exist" >&2; exit 1;; esac',
    });
    for (const scanner of ['trivy', 'grype'] as const)
      expect(one(await scan({ cwd, scanner }))).toMatchObject({
        database: { state: 'missing' },
        notProved: [expect.stringContaining('it has no vulnerability database')],
        failed: ['2 secrets are in the image.'],
      });
  });

  it('refuses a release that was tampered with, whether it was asked for or found', async () => {
    only({ trivy: 'echo "Version: 0.69.4"' });
    await expect(scan({ cwd, scanner: 'trivy' })).rejects.toMatchObject({ code: 'scanner-refused', exit: 4 });
    await expect(scan({ cwd })).rejects.toMatchObject({ code: 'scanner-refused', exit: 4 });
  });

  it('with an old database is not proved, with its date, and fails where it is strict', async () => {
    only({
      grype:
        'case "$1" in version) echo \'{"goVersion":"go1.26.8","version":"0.121.2"}\';; db) echo \'{"built":"2026-01-02T03:04:05Z"}\';; *) echo \'{"matches":[]}\';; esac',
    });
    put(
      'scan-ignore.json',
      JSON.stringify({
        ignore: ['secret:/app/key.txt', 'secret:configuration: ENV UPLOAD_TOKEN'].map((id) => ({
          id,
          reason: 'of this test',
        })),
      }),
    );
    const now = Date.parse('2026-01-20T00:00:00Z');
    const old = await scan({ cwd, now, failOn: 'low' });
    expect(old.code).toBe(0);
    expect(one(old)).toMatchObject({
      scanner: { version: '0.121.2' },
      database: { state: 'old', date: '2026-01-02T03:04:05Z' },
      notProved: [expect.stringContaining('2026-01-02')],
    });
    expect((await scan({ cwd, now, strict: true })).code).toBe(1);
    expect((await scan({ cwd, now: Date.parse('2026-01-03T00:00:00Z'), strict: true })).code).toBe(0);
  });

  it('with one that cannot scan takes another, and fails where that one was asked for', async () => {
    only({
      trivy: 'case "$1" in version) echo "Version: 0.74.0";; *) echo "it broke" >&2; exit 3;; esac',
      snyk: 'case "$1" in --version) echo 1.1299.0;; *) echo \'{"runs":[]}\';; esac',
    });
    expect(one(await scan({ cwd }))).toMatchObject({ scanner: { name: 'snyk' }, database: { state: 'remote' } });
    await expect(scan({ cwd, scanner: 'trivy' })).rejects.toMatchObject({
      code: 'scanner-failed',
      exit: 4,
      printed: ['it broke'],
    });
  });
});
