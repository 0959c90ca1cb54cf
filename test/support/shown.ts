import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { artifacts } from '../../src/artifacts/registry.gen.ts';
import { hints } from '../../src/hints/registry.gen.ts';
import { languages } from '../../src/languages/registry.gen.ts';
import { builders } from '../../src/stacks/builders/registry.gen.ts';
import { fullStacks } from '../../src/stacks/fullstack/registry.gen.ts';
import { pythonManagers } from '../../src/stacks/managers/python.registry.gen.ts';
import { managers } from '../../src/stacks/managers/registry.gen.ts';
import { pythonMigrators } from '../../src/stacks/migrators/python.registry.gen.ts';
import { migrators } from '../../src/stacks/migrators/registry.gen.ts';
import { packageKinds } from '../../src/stacks/packages/registry.gen.ts';
import { pythonRuntimes } from '../../src/stacks/runtimes/python.registry.gen.ts';
import { runtimes } from '../../src/stacks/runtimes/registry.gen.ts';
import { pythonFrameworks } from '../../src/stacks/servers/python.registry.gen.ts';
import { sites } from '../../src/stacks/sites/registry.gen.ts';
import { repository } from './projects.ts';

type Named = { readonly name: string };

/** The rooms whose every file or folder is shown by a project in `fixtures/ROOM/NAME.json`, with what is in them. */
const rooms: Readonly<Record<string, readonly Named[]>> = {
  languages,
  'stacks/runtimes': [...runtimes, ...pythonRuntimes],
  'stacks/managers': [...managers, ...pythonManagers],
  'stacks/builders': builders,
  'stacks/fullstack': fullStacks,
  'stacks/sites': sites,
  'stacks/migrators': [...migrators, ...pythonMigrators],
  // those of other languages are shown by fixtures/wiring
  'stacks/servers': pythonFrameworks,
  'stacks/packages': packageKinds,
  hints,
  artifacts,
};

const Fixture = z.strictObject({
  files: z.record(z.string(), z.string()).describe('a small project: text by path'),
  gives: z
    .record(z.string(), z.array(z.string()).min(1))
    .describe('texts that generated or edited files must have, by path'),
});

export type Shown = { readonly path: string } & z.infer<typeof Fixture>;

const namesIn = (room: string): readonly string[] => {
  const folder = join(repository, 'fixtures', room);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json'));
};

const pathOf = (room: string, name: string): string => `fixtures/${room}/${name}.json`;

/** Every fixture of these rooms. */
export const shown: readonly Shown[] = Object.keys(rooms).flatMap((room) =>
  namesIn(room).map((name) => {
    const path = pathOf(room, name);
    return { path, ...Fixture.parse(JSON.parse(readFileSync(join(repository, path), 'utf8'))) };
  }),
);

/** A sentence for each file of a room that nothing shows yet, and for each fixture that shows nothing. */
export function missing(): readonly string[] {
  const absent = Object.entries(rooms).flatMap(([room, entries]) =>
    entries
      .filter(({ name }) => !namesIn(room).includes(name))
      .map(
        ({ name }) => `${pathOf(room, name)} is missing: { "files": a small project, "gives": what must come of it }`,
      ),
  );
  const strays = Object.entries(rooms).flatMap(([room, entries]) =>
    namesIn(room)
      .filter((name) => !entries.some((entry) => entry.name === name))
      .map((name) => `${pathOf(room, name)} shows nothing that is in src/${room}`),
  );
  const empty = shown.flatMap(({ path, files, gives }) => [
    ...(Object.keys(files).length === 0 ? [`${path}: put a small project that uses it into "files"`] : []),
    ...(Object.keys(gives).length === 0 ? [`${path}: put what generated files must have into "gives"`] : []),
  ]);
  return [...absent, ...strays, ...empty];
}
