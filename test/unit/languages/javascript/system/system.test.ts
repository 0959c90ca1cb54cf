import { describe, expect, it } from 'vitest';
import { factsOf, factsOfSource, manifest } from '../../../../support/facts.ts';

const packagesOf = async (source: string, more: Readonly<Record<string, string>> = {}) =>
  (await factsOfSource(source, more)).runPackages?.map(({ value }) => value);

describe('packages of the distribution', () => {
  it.each([
    [
      'execFile, promisified',
      "import { execFile } from 'node:child_process';\nimport { promisify } from 'node:util';\nconst run = promisify(execFile);\nawait run('git', ['log']);",
      ['git'],
    ],
    [
      'spawn of CommonJS, by an address that a variable gives',
      "const cp = require('child_process');\ncp.spawn(process.env.FFMPEG_PATH || 'ffmpeg', ['-i', 'a']);",
      ['ffmpeg'],
    ],
    [
      'a line of shell with a pipe',
      "import { exec } from 'child_process';\nexport const dump = (file: string) => exec(`pg_dump --clean | zip ${file} -`);",
      ['postgresql-client', 'zip'],
    ],
    ["Bun's own shell", "import { $ } from 'bun';\nawait $`tesseract ${file} out`;", ['tesseract-ocr']],
    ['Bun.spawn', "Bun.spawn(['pdftotext', 'a.pdf']);", ['poppler-utils']],
    ['execa', "import { execa } from 'execa';\nawait execa('soffice', ['--headless']);", ['libreoffice-nogui']],
    ['cross-spawn', "import spawn from 'cross-spawn';\nspawn('rsync', ['a', 'b']);", ['rsync']],
  ])('are those of programs that the code starts: %s', async (_, source, expected) => {
    expect(await packagesOf(source)).toEqual(expected);
  });

  it('are those of programs of a shell script that the code starts', async () => {
    const source = "import { execFileSync } from 'node:child_process';\nexecFileSync('bash', ['scripts/backup.sh']);";
    const script = '#!/bin/sh\nset -e\nfor name in a b; do :; done\nmysqldump shop | gzip > /tmp/a.gz\n';
    expect(await packagesOf(source, { 'scripts/backup.sh': script })).toEqual(['default-mysql-client']);
  });

  it.each([
    ['fluent-ffmpeg', "import ffmpeg from 'fluent-ffmpeg';\nffmpeg('a');", ['ffmpeg']],
    [
      'gm, which takes the programs of another where it is told so',
      "import gm from 'gm';\nconst im = gm.subClass({ imageMagick: true });\nim('a');",
      ['imagemagick'],
    ],
    [
      'sharp with text',
      "import sharp from 'sharp';\nawait sharp(Buffer.from(`<svg><text>${word}</text></svg>`)).png();",
      ['fontconfig', 'fonts-dejavu-core'],
    ],
    [
      'a canvas with text',
      "import { createCanvas } from 'canvas';\ncreateCanvas(1, 1).getContext('2d').fillText('a', 0, 0);",
      ['fontconfig', 'fonts-dejavu-core'],
    ],
    ['simple-git', "import { simpleGit } from 'simple-git';\nsimpleGit();", ['git']],
  ])('are those that a known package calls or loads: %s', async (_, source, expected) => {
    expect(await packagesOf(source)).toEqual(expected);
  });

  it.each([
    [
      'pictures without text',
      "import sharp from 'sharp';\nimport mail from 'nodemailer';\nmail.send({ text: 'a' });\nsharp('a').resize(3);",
    ],
    [
      'a package that brings the program',
      "import ffmpeg from 'fluent-ffmpeg';\nimport path from 'ffmpeg-static';\nffmpeg('a').setFfmpegPath(path);",
    ],
    ['a function of the same name', "import { spawn } from './spawn.ts';\nspawn('git');"],
    [
      'the program of the runtime itself',
      "import { fork, spawn } from 'node:child_process';\nspawn(process.execPath, ['a.js']);\nfork('git');",
    ],
    ['programs of a desktop', "import { exec } from 'node:child_process';\nexec('xdg-open http://localhost');"],
  ])('are none for %s', async (_, source) => {
    const facts = await factsOfSource(source, { 'src/spawn.ts': 'export const spawn = (name: string) => name;\n' });
    expect(facts.runPackages).toBeUndefined();
    expect(facts.notes.map(({ code }) => code)).not.toContain('program-unknown');
  });

  it('are asked for where nothing here knows the program', async () => {
    const { notes } = await factsOfSource(
      "import { execFile } from 'node:child_process';\nexecFile('acme-print', []);",
    );
    expect(notes.find(({ code }) => code === 'program-unknown')?.message).toMatch(
      /src\/index\.ts:2 starts `acme-print`.*"system"/,
    );
  });

  it('are what the configuration names besides, for each step', async () => {
    const files = {
      'package.json': manifest(),
      'src/index.ts': "Bun.serve({ port: 3000, fetch: () => new Response('a') });\n",
    };
    expect((await factsOf(files, { system: ['tzdata'] })).runPackages?.map(({ value, by }) => [value, by])).toEqual([
      ['tzdata', 'config'],
    ]);
    const { runPackages, buildPackages } = await factsOf(files, { system: { build: ['protobuf-compiler'] } });
    expect([runPackages, buildPackages?.map(({ value }) => value)]).toEqual([undefined, ['protobuf-compiler']]);
  });
});

describe('a shell', () => {
  it.each([
    ["import { execSync } from 'node:child_process';\nexecSync(line);", 'a line'],
    ["import { spawn } from 'node:child_process';\nspawn(program, [], { shell: true });", 'an option'],
    ["import { spawn } from 'node:child_process';\nspawn('tar', ['c']);", 'a program on the path'],
  ])('is known by where it is called: %s (%s)', async (source) => {
    expect((await factsOfSource(source)).shell?.value).toBeDefined();
  });

  it.each([
    "import { execa } from 'execa';\nawait execa(program);",
    "import { spawn } from 'node:child_process';\nspawn(program, [], { shell: false });",
  ])('is none otherwise: %s', async (source) => {
    expect((await factsOfSource(source)).shell).toBeUndefined();
  });
});

describe('a build that asks git for the version', () => {
  const builtBy = (program: string) =>
    factsOf({
      'package.json': JSON.stringify({
        name: 'shop',
        type: 'module',
        scripts: { build: 'node scripts/build.mjs', start: 'node dist/index.js' },
      }),
      'scripts/build.mjs': program,
      'src/index.js': "import { createServer } from 'node:http';\ncreateServer().listen(3000);",
    });

  it.each([
    ['a line of shell', "import { execSync } from 'node:child_process';\nexecSync('git describe --tags --always');"],
    [
      'a list of arguments, after another question',
      "import { execFileSync } from 'node:child_process';\nexecFileSync('git', ['rev-parse', 'HEAD']);\nexecFileSync('git', ['describe', '--abbrev=0']);",
    ],
    ['execa', "import { execaSync } from 'execa';\nexecaSync('git', ['describe']);"],
  ])('is told apart: %s', async (_, program) => {
    const { asksGit, asksVersion } = await builtBy(program);
    expect([asksGit?.value, asksVersion?.value]).toEqual([
      expect.stringContaining('git'),
      expect.stringContaining('git describe'),
    ]);
  });

  it('from one that asks for the commit', async () => {
    const program = "import { execSync } from 'node:child_process';\nexecSync('git rev-parse --short HEAD');";
    const { asksGit, asksVersion } = await builtBy(program);
    expect([asksGit?.value, asksVersion]).toEqual([expect.stringContaining('git rev-parse'), undefined]);
  });
});
