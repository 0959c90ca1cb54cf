import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { repository } from './projects.ts';

const folder = join(repository, 'fixtures/services');

const Fixture = z.strictObject({
  files: z.record(z.string(), z.string()).describe('a small project that uses the service'),
  compose: z.array(z.string()).describe('texts that its compose file must have'),
});

/** fixtures/services/NAME.json: a project that uses the service, and what must come of it. */
export const serviceFixtures: readonly ({ readonly name: string } & z.infer<typeof Fixture>)[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({
    name: basename(file, '.json'),
    ...Fixture.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
  }));

/** A sentence for each fixture of a service that shows nothing yet. */
export const emptyServiceFixtures: readonly string[] = serviceFixtures.flatMap(({ name, files, compose }) => [
  ...(Object.keys(files).length === 0
    ? [`fixtures/services/${name}.json: put a small project that uses it into "files"`]
    : []),
  ...(compose.length === 0 ? [`fixtures/services/${name}.json: put texts of its compose file into "compose"`] : []),
]);
