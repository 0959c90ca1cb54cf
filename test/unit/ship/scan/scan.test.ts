import { describe, expect, it } from 'vitest';
import { secretsIn, withoutSecretValues } from '../../../../src/catalog/secret-values.ts';
import type { Archive } from '../../../../src/engine/archive.ts';
import { sarifOf } from '../../../../src/formats/sarif.ts';
import type { ScanFinding, ScanReport } from '../../../../src/model/scan.ts';
import { readIgnore, withoutIgnored } from '../../../../src/ship/scan/ignore.ts';
import { compared, failures } from '../../../../src/ship/scan/limits.ts';
import { originsOf } from '../../../../src/ship/scan/origins.ts';
import type { ScanResult } from '../../../../src/ship/scan/scan.ts';
import { secretsOf } from '../../../../src/ship/scan/secrets.ts';

const token = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3kM5'}`;

const dockerfile = `FROM scratch AS files
COPY . .

FROM debian:13 AS base
WORKDIR /app

FROM base AS production
COPY --from=files /app/lib ./lib
ARG UPLOAD_TOKEN
RUN echo \\
    built
ENV A=1
`;

const base = [{ created_by: '# debian.sh' }, { created_by: 'CMD ["bash"]', empty_layer: true }];
const own = [
  { created_by: 'WORKDIR /app' },
  { created_by: 'COPY /app/lib ./lib # buildkit' },
  { created_by: 'ARG UPLOAD_TOKEN=q8Zr41xKpLm2', empty_layer: true },
  { created_by: 'RUN |1 UPLOAD_TOKEN=q8Zr41xKpLm2 /bin/sh -c echo     built # buildkit' },
  { created_by: 'ENV A=1', empty_layer: true },
];

function archiveOf(
  history: Archive['config']['history'],
  files: Readonly<Record<string, string>>[],
  env: string[] = [],
) {
  const layers = files.map((_, at) => ({ mediaType: 'tar', digest: `sha256:packed${at}`, size: 1 }));
  const archive: Pick<Archive, 'config' | 'layers' | 'readLayer'> = {
    config: {
      architecture: 'amd64',
      os: 'linux',
      config: { Env: env },
      rootfs: { diff_ids: files.map((_, at) => `sha256:unpacked${at}`) },
      ...(history ? { history } : {}),
    },
    layers,
    readLayer: async (layer, onEntry) => {
      for (const [name, text] of Object.entries(files[layers.indexOf(layer)] ?? {})) {
        const sink = onEntry({ name, size: text.length, type: 'file', mode: 0o644 });
        // as it comes: cut in two
        sink?.(Buffer.from(text.slice(0, 9)));
        sink?.(Buffer.from(text.slice(9)));
      }
      return 0;
    },
  };
  return archive as Archive;
}

describe('where a part of an image comes from', () => {
  it('is the instruction of its layer with its line, by either digest; of the base it is the FROM', () => {
    const { byDigest } = originsOf(archiveOf([...base, ...own], [{}, {}, {}, {}]), dockerfile, 'production');
    expect(byDigest('sha256:unpacked0')).toEqual({ instruction: 'FROM debian:13', line: 4 });
    expect(byDigest('sha256:packed1')).toEqual({ instruction: 'WORKDIR /app', line: 5 });
    expect(byDigest('sha256:unpacked2')).toEqual({ instruction: 'COPY /app/lib ./lib', line: 8 });
    expect(byDigest('sha256:packed3')).toEqual({
      instruction: 'RUN |1 UPLOAD_TOKEN=******** /bin/sh -c echo built',
      line: 10,
    });
    expect(byDigest('sha256:other')).toEqual({});
    expect(byDigest(undefined)).toEqual({});
  });

  it.each([
    ['another instruction', dockerfile.replace('ENV A=1', 'EXPOSE 80')],
    ['one more', `${dockerfile}\nUSER 1000\nUSER 1001\nUSER 1002\nUSER 1003`],
    ['another command', dockerfile.replace('echo \\\n    built', 'npm install')],
    ['no stage', ''],
  ])('has no line where the image was built from another Dockerfile: %s', (_, changed) => {
    const { byDigest } = originsOf(archiveOf([...base, ...own], [{}, {}, {}, {}]), changed, 'production');
    expect(byDigest('sha256:unpacked2')).toEqual({ instruction: 'COPY /app/lib ./lib' });
  });
});

describe('secrets in an image', () => {
  const look = (archive: Archive, file = dockerfile) => secretsOf(archive, originsOf(archive, file, 'production'));

  it('are found in every layer, also where a later one deletes the file, and in the configuration, without their values', async () => {
    const archive = archiveOf(
      [...base, ...own],
      [
        { 'etc/hosts': 'x' },
        {},
        { 'app/lib/a.js': `const key = "${token}";`, 'app/.env': 'PORT=1\nSESSION_SECRET=kq92JxLm40PzTT\n' },
        { 'app/lib/.wh.a.js': '', 'root/.netrc': 'machine a login b password Zx91kqLwQ' },
      ],
      ['A=1', 'DATABASE_URL=postgres://app:Zx91kqLw@db/app'],
    );
    const { secrets: found, unread } = await look(archive);
    expect(unread).toEqual([]);
    expect(found.map(({ path, what, line }) => [path, what, line])).toEqual([
      ['/app/.env', 'a secret, judging by its name', 8],
      ['/app/lib/a.js', 'a GitHub token', 8],
      ['/root/.netrc', 'a login', 10],
      ['configuration: ARG UPLOAD_TOKEN', 'a secret, judging by its name', 9],
      ['configuration: ENV DATABASE_URL', 'a URL with a password', undefined],
    ]);
    expect(JSON.stringify(found)).not.toMatch(/ghp_|kq92|Zx91|q8Zr/);
  });

  it('are none where others keep keys of trial, in examples, placeholders and references', async () => {
    const archive = archiveOf(base, [
      {
        'app/node_modules/a/test/key.js': token,
        'usr/share/doc/a': token,
        'app/tests/key.js': token,
        'app/.env.example': 'SESSION_SECRET=kq92JxLm40PzTT',
        'app/.env': 'SESSION_SECRET=changeme\nAPI_KEY=${API_KEY}\n# TOKEN=kq92JxLm40PzTT\nPUBLIC_KEY_PATH=/etc/key',
        'app/a.js':
          'if (text.includes("-----BEGIN PRIVATE KEY-----")) read(text); const css = "sk-fading-circle-of-many-many-words-and-more";',
        'app/b.js': 'AKIAIOSFODNN7EXAMPLE',
      },
    ]);
    expect(await look(archive)).toEqual({ secrets: [], unread: [] });
  });

  it('are not said to be missing in a layer that cannot be read', async () => {
    const archive = archiveOf(base, [{ 'a.txt': token }]);
    const packed = archive.layers.map((layer) => ({
      ...layer,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
    }));
    const { secrets, unread } = await look({ ...archive, layers: packed });
    expect(secrets).toEqual([]);
    expect(unread).toEqual(['Layer 1 is compressed with zstd, so it was not checked for secrets.']);
  });

  it.each([
    [`AWS_ACCESS_KEY_ID = "AKIAQ3EGR7XLMN2ZPW5T"`, 'an AWS key'],
    [`-----BEGIN RSA PRIVATE KEY-----\n${'Ab1+'.repeat(16)}\n`, 'a private key'],
    [`x npm_${'aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3kM5'} y`, 'an npm token'],
    ['stripe("sk_live_4eC39HqLyjWDarjtT1zdp7dc")', 'a Stripe key'],
  ])('are known by their form: %j', (text, what) => {
    expect(secretsIn(text)).toEqual([what]);
  });

  it('are hidden in a line of commands, and nothing else is', () => {
    expect(withoutSecretValues(`RUN curl -H ${token} https://user:Zx91kqLw@host/a && npm ci --omit=dev`)).toBe(
      'RUN curl -H ******** https://********@host && npm ci --omit=dev',
    );
    expect(withoutSecretValues('ENV API_KEY="a b c" PORT=3000 TOKEN=$OTHER')).toBe(
      'ENV API_KEY=******** PORT=3000 TOKEN=$OTHER',
    );
  });
});

const finding = (id: string, severity: ScanFinding['severity'], more: Partial<ScanFinding> = {}): ScanFinding => ({
  id,
  aliases: [],
  severity,
  package: 'lodash',
  version: '1',
  ...more,
});

const result = (findings: readonly ScanFinding[], more: Partial<ScanResult> = {}): ScanResult => ({
  image: 'shop:local',
  digest: 'sha256:1',
  scanner: { name: 'trivy', version: '0.74.0' },
  notProved: [],
  counts: { critical: 0, high: 0, medium: 0, low: 0 },
  findings: [...findings],
  secrets: [],
  dockerfile: 'Dockerfile',
  ...more,
});

describe('scan-ignore.json', () => {
  const entries = (ignore: unknown) => readIgnore(JSON.stringify({ ignore }));

  it.each([
    ['no reason', { id: 'CVE-1' }],
    ['an empty reason', { id: 'CVE-1', reason: '  ' }],
    ['no day', { id: 'CVE-1', reason: 'x', expires: 'tomorrow' }],
    ['a day that there is not', { id: 'CVE-1', reason: 'x', expires: '2026-13-40' }],
    ['an unknown key', { id: 'CVE-1', reason: 'x', until: '2026-01-01' }],
  ])('is refused with exit code 2: %s', (_, entry) => {
    expect(() => entries([entry])).toThrow(expect.objectContaining({ code: 'scan-ignore-invalid', exit: 2 }));
  });

  it('is no file, or none that is JSON', () => {
    expect(readIgnore(undefined)).toEqual([]);
    expect(() => readIgnore('{')).toThrow(expect.objectContaining({ code: 'scan-ignore-invalid', exit: 2 }));
  });

  it('takes out what it names by any of its names until its last day, and says what is over', () => {
    const found = {
      findings: [finding('CVE-1', 'high', { aliases: ['GHSA-1'] }), finding('CVE-2', 'low'), finding('CVE-3', 'low')],
      secrets: [{ id: 'secret:/a', path: '/a', what: 'a private key' }],
    };
    const list = entries([
      { id: 'GHSA-1', reason: 'not reached', expires: '2026-11-30' },
      { id: 'CVE-2', reason: 'not ours', expires: '2026-11-29' },
      { id: 'secret:/a', reason: 'a key of trial' },
      { id: 'CVE-9', reason: 'gone' },
    ]);
    const left = withoutIgnored(found, list, '2026-11-30');
    expect(left.findings.map(({ id }) => id)).toEqual(['CVE-2', 'CVE-3']);
    expect(left.secrets).toEqual([]);
    expect(left.ignored.map(({ id }) => id)).toEqual(['GHSA-1', 'secret:/a']);
    expect(left.expired).toEqual([{ id: 'CVE-2', reason: 'not ours', expires: '2026-11-29' }]);
  });
});

describe('a scan fails', () => {
  const none = { failOn: undefined, strict: false, fixable: false };

  it.each([
    ['nothing is said', none, [finding('A', 'critical', { fixed: '2' })], 0],
    ['the threshold is reached', { ...none, failOn: 'high' as const }, [finding('A', 'critical')], 1],
    ['the threshold is met', { ...none, failOn: 'high' as const }, [finding('A', 'high')], 1],
    [
      'the threshold is higher',
      { ...none, failOn: 'high' as const },
      [finding('A', 'medium'), finding('B', 'unknown')],
      0,
    ],
    ['a critical one has a fix', { ...none, fixable: true }, [finding('A', 'critical', { fixed: '2' })], 1],
    [
      'no critical one has a fix',
      { ...none, fixable: true },
      [finding('A', 'critical'), finding('B', 'high', { fixed: '2' })],
      0,
    ],
    [
      'a threshold takes the place of the fix',
      { ...none, failOn: 'critical' as const, fixable: true },
      [finding('A', 'critical')],
      1,
    ],
  ])('or not: %s', (_, limits, findings, count) => {
    expect(failures(result(findings), limits)).toHaveLength(count);
  });

  it('for a secret, for what is not proved where it is strict, and for a threshold without any scanner', () => {
    const secrets = [{ id: 'secret:/a', path: '/a', what: 'a private key' }];
    expect(failures(result([], { secrets }), none)).toEqual(['1 secret is in the image.']);
    const old = result([], { notProved: ['its database is of 2026-01-01'] });
    expect(failures(old, { ...none, failOn: 'low' })).toEqual([]);
    expect(failures(old, { ...none, strict: true })).toEqual(['Not proved: its database is of 2026-01-01']);
    const { scanner: _, ...without } = result([], { notProved: ['no scanner'] });
    expect(failures(without, none)).toEqual([]);
    expect(failures(without, { ...none, failOn: 'low' })).toEqual(['Not proved: no scanner']);
  });
});

describe('the image that was pushed last', () => {
  it('is compared by vulnerability and package, whatever the ignore file takes out', () => {
    const now = {
      result: result([finding('CVE-1', 'high'), finding('CVE-2', 'low')]),
      found: ['CVE-1 lodash', 'CVE-2 lodash', 'CVE-3 ws'],
    };
    const last = { digest: 'sha256:0', found: ['CVE-2 lodash', 'CVE-3 ws', 'CVE-4 ws'] };
    expect(compared(now, last).pushed).toEqual({
      digest: 'sha256:0',
      new: ['CVE-1 lodash'],
      fixed: ['CVE-4 ws'],
      still: ['CVE-2 lodash', 'CVE-3 ws'],
    });
    expect(compared(now, undefined).pushed).toBeUndefined();
  });
});

describe('SARIF', () => {
  it('has a rule with its score for each vulnerability, and a place in the Dockerfile for each result', () => {
    const report: ScanReport = {
      ...result(
        [
          finding('CVE-1', 'critical', { line: 8, fixed: '2', path: '/app/a' }),
          finding('CVE-1', 'critical', { package: 'ws' }),
          finding('CVE-2', 'medium'),
        ],
        {
          secrets: [{ id: 'secret:/a', path: '/a', what: 'a private key', line: 3 }],
          dockerfile: 'apps/my shop/Dockerfile',
        },
      ),
      failed: [],
    };
    const { version, runs } = JSON.parse(sarifOf([{ app: undefined, report }]));
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs;
    expect(
      tool.driver.rules.map((rule: { id: string; properties: Record<string, string> }) => [
        rule.id,
        rule.properties['security-severity'],
      ]),
    ).toEqual([
      ['CVE-1', '9.5'],
      ['CVE-2', '5.5'],
      ['secret-in-image', '9.5'],
    ]);
    expect(results.map((one: { ruleIndex: number; level: string }) => [one.ruleIndex, one.level])).toEqual([
      [0, 'error'],
      [0, 'error'],
      [1, 'warning'],
      [2, 'error'],
    ]);
    const places = results.map(
      (one: {
        locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
      }) => one.locations[0]?.physicalLocation,
    );
    expect(places[0]).toMatchObject({
      artifactLocation: { uri: 'apps/my%20shop/Dockerfile' },
      region: { startLine: 8 },
    });
    expect(places[1]).toMatchObject({ region: { startLine: 1 } });
    expect(
      new Set(results.map((one: { partialFingerprints: unknown }) => JSON.stringify(one.partialFingerprints))).size,
    ).toBe(4);
  });
});
