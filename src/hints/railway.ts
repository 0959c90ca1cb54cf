/** railway.json and railway.toml of Railway: how a service is built, started and checked. */
import { WEB } from '../model/process-names.ts';
import type { HintDetection, PlatformFile } from './contract.ts';
import { positionsIn, tableOf } from './support/table.ts';

export const detection: HintDetection = {
  name: 'railway',
  title: 'railway.json',
  files: ['railway.json', 'railway.toml'],
  place: 'application',
  page: 'https://docs.railway.com/reference/config-as-code',
};

export const hint: PlatformFile = {
  read: (file) => {
    const table = tableOf(file);
    // a Dockerfile says it all
    if (table.text(['build', 'builder'])?.toUpperCase() === 'DOCKERFILE') return [];
    const before = ['deploy', 'preDeployCommand'];
    return [
      ...table.fact('process', ['deploy', 'startCommand'], WEB),
      ...table.fact('build', ['build', 'buildCommand']),
      ...table.fact('release', before),
      ...positionsIn(table, before)
        .slice(0, 1)
        .flatMap((position) => table.fact('release', [...before, position])),
      ...table.fact('health', ['deploy', 'healthcheckPath']),
    ];
  },
};
