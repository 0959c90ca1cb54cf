import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { archetypeOf, readManifest } from '../../../src/spec/manifest.ts';
import { readSpecification } from '../../../src/spec/specification.ts';

const at = (text: string | Uint8Array, more: Record<string, string> = {}) =>
  memoryProject({ 'specs/assertions.json': text, ...more });

function refused(text: string): UserError {
  try {
    readManifest(at(text));
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a manifest', () => {
  it('may be missing', () => {
    expect(readManifest(memoryProject({}))).toBeUndefined();
  });

  it.each([
    ['', 'json-invalid', 1],
    ['{\n  "assertions": [\n', 'json-invalid', 3],
    ['[]', 'manifest-invalid', 1],
    ['{\n  "assertions": {}\n}', 'manifest-invalid', 2],
    ['{\n  "assertions": [\n    { "id": 7 }\n  ]\n}', 'manifest-invalid', 3],
    ['{\n  "assertions": [\n    { "natural": "x" }\n  ]\n}', 'manifest-invalid', 3],
    ['{\n  "boundaries": "api",\n  "assertions": []\n}', 'manifest-invalid', 2],
  ])('that is wrong is refused with its line: %j', (text, code, line) => {
    const error = refused(text);
    expect(error.code).toBe(code);
    expect(error.where).toMatchObject({ file: 'specs/assertions.json', line });
    expect(error.next.length).toBeGreaterThan(0);
  });

  it('lists every problem with its path', () => {
    const error = refused('{ "boundaries": 1, "assertions": [{ "id": 7 }, { "id": "A", "tags": [1] }] }');
    for (const path of ['boundaries', 'assertions[0].id', 'assertions[1].tags[0]'])
      expect(error.message).toContain(path);
  });

  it('with one id twice is refused with both lines', () => {
    const error = refused('{ "assertions": [\n{ "id": "A" },\n{ "id": "B" },\n{ "id": "A" }\n] }');
    expect(error.message).toContain(
      'specs/assertions.json:4 assertions[2].id: "A" is the id of an earlier assertion, line 2',
    );
  });

  it('that is nested like an attack is refused, and a long chain of dependencies is not', () => {
    expect(refused(`{"assertions":${'['.repeat(100_000)}`).code).toBe('json-too-deep');
    const chain = Array.from({ length: 100_000 }, (_, index) => ({
      id: `A-${index}`,
      dependencies: [`A-${index + 1}`],
    }));
    expect(readManifest(at(JSON.stringify({ assertions: chain })))?.problems).toEqual([]);
  });

  it('tells of cycles, of missing proofs and of keys that stand twice, and is used all the same', () => {
    const text =
      '{ "assertions": [\n{ "id": "A", "dependencies": ["B"] },\n{ "id": "B", "dependencies": ["A"], "formalSpec": { "file": "specs/none.dfy" } },\n{ "id": "C", "id": "D" }\n] }';
    const messages =
      readManifest(at(text))
        ?.problems.map((one) => one.message)
        .join('\n') ?? '';
    expect(messages).toContain('specs/none.dfy does not exist');
    expect(messages).toContain('depends on');
    expect(messages).toContain('the key "id" is repeated');
  });

  it('names its archetype as people write it', () => {
    expect(['CLI Tool', 'web_service', 'Web Service', 'web app', 'data-pipeline', 'Library'].map(archetypeOf)).toEqual([
      'cli-tool',
      'web-service',
      'web-service',
      'web-app',
      'data-pipeline',
      'library',
    ]);
    expect(['desktop-app', 'compiler', '', '__proto__', 'constructor'].map(archetypeOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of any bytes gives a result or a UserError', () => {
    const check = (bytes: Uint8Array | string) => {
      try {
        readSpecification(at(bytes), []);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 1000, seed: 3 });
    fc.assert(fc.property(fc.json(), check), { numRuns: 1000, seed: 4 });
    const wild = fc.record({
      archetype: fc.anything(),
      boundaries: fc.anything(),
      metadata: fc.anything(),
      assertions: fc.array(fc.anything()),
    });
    fc.assert(
      fc.property(wild, (value) => check(JSON.stringify(value) ?? '')),
      { numRuns: 1000, seed: 5 },
    );
  });
});

describe('what a manifest asks for', () => {
  const read = (manifest: object) =>
    readSpecification(at(JSON.stringify(manifest)), [{ word: 'redis', service: 'redis', kinds: ['cache', 'queue'] }])
      ?.specification.requirements ?? [];
  const durable = 'Orders are stored durably';

  it('carries the ids of all assertions behind it', () => {
    const requirements = read({
      assertions: [
        { id: 'A-002', natural: durable, status: 'confirmed' },
        { id: 'A-001', text: durable, status: 'confirmed' },
      ],
    });
    expect(requirements).toMatchObject([{ kind: 'persistence', certainty: 'clear', assertions: ['A-001', 'A-002'] }]);
    expect(requirements[0]?.from[0]).toMatchObject({
      file: 'specs/assertions.json',
      path: 'assertions[0].natural',
      line: 1,
    });
  });

  it('leaves out what was denied, refined or deferred, and only asks about what is not confirmed', () => {
    for (const status of ['denied', 'refined', 'deferred'])
      expect(read({ assertions: [{ id: 'A', natural: durable, status }] })).toEqual([]);
    for (const status of ['proposed', 'pending', 'inferred'])
      expect(read({ assertions: [{ id: 'A', natural: durable, status }] })).toMatchObject([{ certainty: 'unclear' }]);
  });

  it('is read in time from 20 000 sentences that ask for the same', () => {
    const assertions = Array.from({ length: 20_000 }, (_, index) => ({
      id: `A-${index}`,
      natural: durable,
      status: 'confirmed',
    }));
    const started = performance.now();
    expect(read({ assertions })[0]?.from).toHaveLength(20_000);
    // milliseconds; copying all places for each sentence took 50 s
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 60_000);

  it.each([
    'orders are stored durably ',
    'orders are never stored durably and ',
    'orders are not stored in a database, ',
    'orders are cached in Redis without ',
    'no order is lost except ',
  ])('is read in time from one sentence of 1 MB that matches at every word: %s', { timeout: 120_000 }, (part) => {
    const started = performance.now();
    read({ assertions: [{ id: 'A', natural: part.repeat(1e6 / part.length), status: 'confirmed' }] });
    // milliseconds; looking around each match anew took hours
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('comes from boundaries, constraints and tags too', () => {
    expect(read({ boundaries: ['external-payment-processor'], assertions: [] })).toMatchObject([
      { kind: 'external-api', name: 'payment-processor', certainty: 'clear' },
    ]);
    expect(read({ constraints: ['stateless', 'not-real-time'], assertions: [] })).toMatchObject([
      { kind: 'stateless' },
    ]);
    expect(read({ assertions: [{ id: 'A', natural: 'x', status: 'confirmed', tags: ['queue'] }] })).toMatchObject([
      { kind: 'queue', certainty: 'clear' },
    ]);
    expect(
      read({ assertions: [{ id: 'A', natural: 'Sessions are held in Redis', status: 'confirmed' }] }),
    ).toMatchObject([{ service: 'redis', certainty: 'unclear' }]);
  });
});

describe('a proof', () => {
  const manifest = (metadata: object, status = 'confirmed') =>
    JSON.stringify({ assertions: [{ id: 'A', natural: 'x', status }], metadata });
  const proof = (text: string, more: Record<string, string> = {}) =>
    readSpecification(at(text, more), [])?.specification;
  const dfy = { 'specs/dafny/a.dfy': 'method A() {}\n' };
  const hash = 'f1e3f8f6b9c1c0a0';

  it('is absent without files, and never claimed without evidence', () => {
    expect(proof(manifest({}))).toMatchObject({
      dafny: { status: 'absent' },
      tlc: { status: 'absent' },
      verified: { status: 'not-verified', by: 'none' },
    });
    expect(proof(manifest({}), dfy)).toMatchObject({ dafny: { status: 'not-verified', by: 'none' } });
  });

  it('is the manifest’s own word where that is newer than its last change, and all is confirmed', () => {
    const newer = { lastModified: '2026-01-01T00:00:00Z', lastVerified: '2026-01-02T00:00:00Z' };
    const older = { lastModified: '2026-01-03T00:00:00Z', lastVerified: '2026-01-02T00:00:00Z' };
    expect(proof(manifest(newer), dfy)).toMatchObject({
      dafny: { status: 'verified', by: 'manifest' },
      verified: { status: 'verified', at: '2026-01-02T00:00:00Z' },
    });
    expect(proof(manifest(older), dfy)).toMatchObject({
      dafny: { status: 'not-verified' },
      verified: { status: 'not-verified' },
    });
    expect(proof(manifest(newer, 'pending'), dfy)).toMatchObject({ dafny: { status: 'not-verified' } });
    expect(proof(manifest({ lastVerified: 'yesterday' }), dfy)).toMatchObject({ dafny: { status: 'not-verified' } });
  });

  it('is the record where the files are still what was proved', () => {
    const record = (sha: string, result = 'verified') =>
      JSON.stringify({
        version: 1,
        runs: [
          { tool: 'dafny', result, summary: 'said', at: '2026-01-05T00:00:00Z', files: { 'specs/dafny/a.dfy': sha } },
        ],
      });
    const good = createHash('sha256').update(dfy['specs/dafny/a.dfy']).digest('hex');
    const with_ = (sha: string, result?: string) =>
      proof(manifest({}), { ...dfy, '.dockwright/evidence.json': record(sha, result) })?.dafny;
    expect(with_(good)).toMatchObject({ status: 'verified', by: 'recorded', at: '2026-01-05T00:00:00Z' });
    expect(with_(hash)).toMatchObject({ status: 'not-verified', why: expect.stringContaining('specs/dafny/a.dfy') });
    expect(with_(good, 'failed')).toMatchObject({ status: 'not-verified' });
    // a file that came or went since is a change; a trace that TLC left beside a model is not
    const beside = (path: string) =>
      proof(manifest({}), { ...dfy, [path]: 'x', '.dockwright/evidence.json': record(good) })?.dafny.status;
    expect(beside('specs/dafny/b.dfy')).toBe('not-verified');
    expect(beside('specs/dafny/b_TTrace_1700000000.dfy')).toBe('verified');
    const gone = record(good).replace('"files":{', '"files":{"specs/dafny/gone.dfy":"00",');
    expect(proof(manifest({}), { ...dfy, '.dockwright/evidence.json': gone })?.dafny).toMatchObject({
      status: 'not-verified',
      why: expect.stringContaining('specs/dafny/gone.dfy'),
    });
    expect(() => proof(manifest({}), { '.dockwright/evidence.json': '{}' })).toThrow(UserError);
  });
});
