#!/usr/bin/env bun
import { parseArgs } from 'node:util';
import manifest from '../package.json';
import { describe, parseCsv } from './csv.ts';

const usage = `csv-tool [--json] [FILE]

Describes the columns of FILE, or of standard input: how many cells are filled, and their sum where all are numbers.

  --json      one JSON document instead of a table
  --version   the version
  --help      this text

Exit codes: 0 fine, 1 nothing to read, 2 used wrongly.`;

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean' }, version: { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

const { values, positionals } = options();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (values.version) {
  console.log(manifest.version);
  process.exit(0);
}
if (positionals.length > 1) {
  console.error(`one file at a time\n\n${usage}`);
  process.exit(2);
}

const [file] = positionals;
if (file !== undefined && !(await Bun.file(file).exists())) {
  console.error(`${file} does not exist`);
  process.exit(1);
}
const found = describe(parseCsv(await (file === undefined ? Bun.stdin : Bun.file(file)).text()));
if (values.json) console.log(JSON.stringify(found));
else {
  console.log(`${found.rows} rows`);
  for (const { name, filled, sum } of found.columns) {
    console.log(`${name}\t${filled} filled${sum === undefined ? '' : `\tsum ${sum}`}`);
  }
}
