import fs, { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/flows/check.ts';

const manifest = (more: object) => JSON.stringify({ name: 'shop', engines: { node: '24' }, ...more });

/** How often a file is opened while something runs. */
async function timesOpened(file: string, run: () => Promise<unknown>): Promise<number> {
  const { readFileSync } = fs;
  let count = 0;
  fs.readFileSync = ((...args: Parameters<typeof readFileSync>) => {
    if (args[0] === file) count += 1;
    return readFileSync(...args);
  }) as typeof readFileSync;
  syncBuiltinESMExports();
  try {
    await run();
    return count;
  } finally {
    fs.readFileSync = readFileSync;
    syncBuiltinESMExports();
  }
}

describe('check reads a project once', () => {
  it.each([
    ['where everything is known', { scripts: { start: 'node index.js' } }, true],
    ['where a question is open', { scripts: { start: 'next start' } }, false],
  ])('%s', async (_, more, isKnown) => {
    const root = mkdtempSync(join(tmpdir(), 'dockwright-once-'));
    try {
      writeFileSync(join(root, 'package.json'), manifest(more));
      if (isKnown) writeFileSync(join(root, 'index.js'), "require('node:http').createServer().listen(3000);\n");
      const opened = await timesOpened(join(root, 'package.json'), async () => {
        const report = await check({ cwd: root });
        expect(JSON.stringify(report.items).includes('not generated yet')).toBe(isKnown);
      });
      expect(opened).toBe(1);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
