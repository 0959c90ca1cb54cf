/** nixpacks.toml and nixpacks.json: how Nixpacks builds an image, with Debian packages and variables that set versions. */
import { WEB } from '../model/process-names.ts';
import type { HintDetection, PlatformFile } from './contract.ts';
import { positionsIn, tableOf } from './support/table.ts';

export const detection: HintDetection = {
  name: 'nixpacks',
  title: 'nixpacks.toml',
  files: ['nixpacks.toml', 'nixpacks.json'],
  place: 'application',
  page: 'https://nixpacks.com/docs/configuration/file',
};

export const hint: PlatformFile = {
  read: (file) => {
    const table = tableOf(file);
    const built = ['phases', 'build', 'cmds'];
    const packages = ['phases', 'setup', 'aptPkgs'];
    // several commands are one line each, in order
    const lines = positionsIn(table, built).flatMap((position) => table.text([...built, position]) ?? []);
    return [
      ...table.fact('process', ['start', 'cmd'], WEB),
      ...(lines.length > 0 ? [table.given('build', built, lines.join(' && '))] : []),
      ...positionsIn(table, packages).flatMap((position) => table.fact('package', [...packages, position])),
      ...table.fact('version', ['variables', 'NIXPACKS_NODE_VERSION'], 'node'),
      ...table.fact('version', ['variables', 'NODE_VERSION'], 'node'),
    ];
  },
};
