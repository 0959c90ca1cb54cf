/**
 * Writes `schemas/*.schema.json` from the zod schemas of the model and of the specification: `npm run gen`;
 * with `--check` it fails where one is out of date. The package carries them, so that editors and other programs can read our JSON.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CheckReport } from '../src/model/check.ts';
import { Config } from '../src/model/config.ts';
import { VerifyReport } from '../src/model/contract.ts';
import { Facts } from '../src/model/facts.ts';
import { PinReport } from '../src/model/pinning.ts';
import { PlanSchema } from '../src/model/plan.ts';
import { ScanReport } from '../src/model/scan.ts';
import { DeployReport, PushReport, SignReport, TagReport } from '../src/model/shipping.ts';
import { ScanIgnore } from '../src/ship/scan/ignore.ts';
import { Evidence } from '../src/spec/evidence.ts';
import { Manifest } from '../src/spec/manifest.ts';

const root = join(fileURLToPath(import.meta.url), '../..');
const check = process.argv.includes('--check');

/** `input` is what a person writes (fields with a default may be missing); `output` is what Dockwright prints. */
const documents: readonly { name: string; title: string; io: 'input' | 'output'; schema: z.ZodType }[] = [
  { name: 'config', title: 'dockwright.json, or the key `dockwright` of package.json', io: 'input', schema: Config },
  { name: 'facts', title: 'what `dockwright inspect --json` prints of an app', io: 'output', schema: Facts },
  { name: 'plan', title: 'what `dockwright plan --json` prints', io: 'output', schema: PlanSchema },
  { name: 'check', title: 'what `dockwright check --json` prints', io: 'output', schema: CheckReport },
  { name: 'verify', title: 'what `dockwright verify --json` prints', io: 'output', schema: VerifyReport },
  {
    name: 'deploy',
    title: 'what `dockwright deploy --json` prints of an application',
    io: 'output',
    schema: DeployReport,
  },
  { name: 'pin', title: 'what `dockwright pin --json` prints of an application', io: 'output', schema: PinReport },
  { name: 'sign', title: 'what `dockwright sign --json` prints of an application', io: 'output', schema: SignReport },
  { name: 'push', title: 'what `dockwright push --json` prints of an application', io: 'output', schema: PushReport },
  { name: 'scan', title: 'what `dockwright scan --json` prints of an application', io: 'output', schema: ScanReport },
  { name: 'tag', title: 'what `dockwright tag --json` prints of an application', io: 'output', schema: TagReport },
  { name: 'scan-ignore', title: 'scan-ignore.json', io: 'input', schema: ScanIgnore },
  { name: 'manifest', title: 'specs/assertions.json', io: 'input', schema: Manifest },
  { name: 'evidence', title: 'the record of what Dafny and TLC proved', io: 'output', schema: Evidence },
];

let stale = false;
for (const { name, title, io, schema } of documents) {
  const path = join(root, 'schemas', `${name}.schema.json`);
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  const text = `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (check) {
    console.error(`${relative(root, path)} is out of date: run \`npm run gen\``);
    stale = true;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${relative(root, path)}`);
  }
}
if (stale) process.exit(1);
