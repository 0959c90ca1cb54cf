import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paxRecords, readTar } from '../../../src/engine/tar.ts';

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function entries(bytes: Buffer, size: number) {
  const found = new Map<string, string>();
  const total = await readTar(inChunks(bytes, size), (header) => {
    if (header.type !== 'file') return undefined;
    found.set(header.name, '');
    return (chunk) => found.set(header.name, (found.get(header.name) ?? '') + chunk.toString());
  });
  return { found: Object.fromEntries(found), total };
}

describe('readTar', () => {
  const long = `${'deep/'.repeat(30)}${'n'.repeat(120)}.txt`;
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dockwright-tar-'));
    mkdirSync(join(folder, 'in', 'deep/'.repeat(30)), { recursive: true });
    writeFileSync(join(folder, 'in', 'a.txt'), 'one');
    writeFileSync(join(folder, 'in', 'empty'), '');
    writeFileSync(join(folder, 'in', 'block'), 'x'.repeat(512));
    writeFileSync(join(folder, 'in', long), 'far');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['gnu', 'pax', 'ustar'])('reads what tar writes as %s, in chunks of any size', async (format) => {
    const names = format === 'ustar' ? ['a.txt', 'empty', 'block'] : ['a.txt', 'empty', 'block', long];
    const args = ['--format', format, '-C', join(folder, 'in'), '-cf', '-', ...names];
    const bytes = execFileSync('tar', args);
    const expected = Object.fromEntries(
      names.map((name) => [name, { 'a.txt': 'one', empty: '', block: 'x'.repeat(512), [long]: 'far' }[name]]),
    );
    for (const size of [1, 7, 511, 512, 513, 100_000]) {
      const { found, total } = await entries(bytes, size);
      expect(found).toEqual(expected);
      expect(total).toBe(bytes.length);
    }
  });

  it('reads nothing from nothing', async () => {
    expect(await entries(Buffer.alloc(0), 10)).toEqual({ found: {}, total: 0 });
    expect(await entries(Buffer.alloc(1024), 10)).toEqual({ found: {}, total: 1024 });
  });
});

describe('paxRecords', () => {
  it('counts bytes, not letters', () => {
    const record = (text: string) => {
      const bytes = Buffer.byteLength(text) + 1;
      const length = bytes + 1 + String(bytes + 3).length;
      return `${length} ${text}\n`;
    };
    const records = paxRecords(Buffer.from(record('path=größe/ü') + record('size=12')));
    expect([...records]).toEqual([
      ['path', 'größe/ü'],
      ['size', '12'],
    ]);
  });
  it('ends at what it cannot read', () => {
    expect([...paxRecords(Buffer.from('no length'))]).toEqual([]);
  });
});
