import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryDocker } from '../docker.ts';
import type { Scanned, Scanner, ScanRequest } from './contract.ts';
import { readSarif } from './sarif.ts';
import { ifInstalled, scanLimits, scannerFailed, versionIn } from './support.ts';

async function scan({ archive, folder, signal }: ScanRequest): Promise<Scanned> {
  const file = join(folder, 'scout.sarif');
  const result = await tryDocker(['scout', 'cves', '--format', 'sarif', '--output', file, `archive://${archive}`], {
    timeoutMs: scanLimits.scan,
    signal,
  });
  if (result.code !== 0 || !existsSync(file))
    throw scannerFailed('Docker Scout', result, 'It needs a login: `docker login`.');
  return {
    database: { state: 'remote' },
    findings: readSarif('Docker Scout', readFileSync(file, 'utf8')),
    secrets: [],
  };
}

export const scout: Scanner = {
  name: 'scout',
  title: 'Docker Scout',
  page: 'https://docs.docker.com/scout/install/',
  version: async (signal) => {
    const result = await ifInstalled(tryDocker(['scout', 'version'], { timeoutMs: scanLimits.moment, signal }));
    return result?.code === 0 ? (versionIn(result.stdout) ?? '') : undefined;
  },
  scan,
};
