import { run } from '../exec.ts';
import type { Scanned, Scanner, ScanRequest } from './contract.ts';
import { readSarif } from './sarif.ts';
import { ifInstalled, scanLimits, scannerFailed, startedAs, versionIn } from './support.ts';

async function scan({ archive, signal }: ScanRequest): Promise<Scanned> {
  const result = await run(
    ['snyk', 'container', 'test', `docker-archive:${archive}`, '--sarif'],
    startedAs('snyk', signal, scanLimits.scan),
  );
  // 1: it found something
  if (result.code > 1) throw scannerFailed('Snyk', result, 'It needs a login: `snyk auth`.');
  return { database: { state: 'remote' }, findings: readSarif('Snyk', result.stdout), secrets: [] };
}

export const snyk: Scanner = {
  name: 'snyk',
  title: 'Snyk',
  page: 'https://docs.snyk.io/developer-tools/snyk-cli/install-or-update-the-snyk-cli',
  version: async (signal) => {
    const result = await ifInstalled(run(['snyk', '--version'], startedAs('snyk', signal)));
    return result?.code === 0 ? (versionIn(result.stdout) ?? '') : undefined;
  },
  scan,
};
