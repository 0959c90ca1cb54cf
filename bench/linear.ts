/**
 * Measures how reading grows with what is read: each kind of input at a quarter, at half and at its full size, by the command line as it is built
 * (`npm run build`, then `npm run bench:linear`, or `npm run bench:linear NAME …`). The time is that of the processor, which other work on the machine
 * does not lengthen. Fails where a bound does not hold, or where twice the input takes more than 2.3 times the time. Writes its part of README.md.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cli, root } from './measure.ts';

type Files = Readonly<Record<string, string>>;

/** One kind of input: what it is at a size, and what it may take at its full one. Seconds and megabytes. */
type Kind = {
  readonly name: string;
  readonly what: string;
  readonly full: number;
  readonly seconds: number;
  readonly memory?: number;
  readonly files: (size: number) => Files;
  /** puts what is no file into the folder */
  readonly more?: (folder: string, size: number) => void;
};

const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: Math.round(count) }, (_, index) => write(index)).join('');

const plain = "require('node:http').createServer((q, r) => r.end('ok')).listen(3000);\n";

const project = (more: Files = {}, manifest: object = {}): Files => ({
  'package.json': JSON.stringify({ name: 'mini', version: '1.0.0', scripts: { start: 'node server.js' }, ...manifest }),
  'package-lock.json': JSON.stringify({ name: 'mini', version: '1.0.0', lockfileVersion: 3, packages: { '': {} } }),
  'server.js': plain,
  ...more,
});

/** A part of a bundle on one line, of about 43 letters. */
const bundled = (at: number) => `const v${at}=process.env.VAR_${at % 900}||"${at}";`;

const specification = (sentences: readonly string[], id = (at: number) => `A-${at + 1}`): string =>
  JSON.stringify({
    archetype: 'web-service',
    assertions: sentences.map((natural, at) => ({ id: id(at), natural, status: 'confirmed', tags: [] })),
  });

const lockOf = (packages: number): string =>
  JSON.stringify({
    name: 'mini',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: Object.fromEntries([
      ['', {}],
      ...Array.from({ length: packages }, (_, at) => [
        `node_modules/package-${at}`,
        { version: '1.0.0', integrity: `sha512-${'a'.repeat(86)}==`, engines: { node: '>=18' }, dev: true },
      ]),
    ]),
  });

const flask = 'import os\nfrom flask import Flask\napp = Flask(__name__)\n';
const python = (source: string): Files => ({ 'requirements.txt': 'flask==3.1.0\n', 'app.py': `${flask}${source}` });
const go = (source: string, begin = ''): Files => ({
  'go.mod': 'module example.com/mini\n\ngo 1.24\n',
  'main.go': `package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\n${source}\nfunc main() {\n${begin}\tos.Getenv("A")\n\thttp.ListenAndServe(":8080", nil)\n}\n`,
});

const modulesOf = (count: number, imports: (at: number) => readonly number[]): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      at === 0 ? 'server.js' : `m${at}.js`,
      `${imports(at)
        .filter((to) => to < count && to !== at)
        .map((to) => `require('./m${to}.js');`)
        .join('\n')}\n${at === 0 ? plain : `module.exports = ${at};\n`}`,
    ]),
  );

const kinds: readonly Kind[] = [
  {
    name: 'bundle',
    what: 'a bundle on one line, in letters',
    full: 1_700_000,
    seconds: 2,
    memory: 250,
    files: (size) => project({ 'server.js': plain + times(size / 43, bundled) }),
  },
  {
    name: 'imports',
    what: 'modules with 30 imports each',
    full: 3000,
    seconds: 2,
    files: (size) =>
      project(modulesOf(size, (at) => Array.from({ length: 30 }, (_, more) => (at * 7 + more * 31 + 1) % size))),
  },
  {
    name: 'circle',
    what: 'modules in a circle',
    full: 10_000,
    seconds: 4,
    files: (size) => project(modulesOf(size, (at) => [at + 1])),
  },
  {
    name: 'lockfile',
    what: 'packages of a lockfile',
    full: 20_000,
    seconds: 2,
    memory: 300,
    files: (size) => project({ 'package-lock.json': lockOf(size) }),
  },
  {
    name: 'assertions',
    what: 'assertions of a specification',
    full: 10_000,
    seconds: 1,
    files: (size) =>
      project({
        'specs/assertions.json': specification(
          Array.from({ length: size }, (_, at) => `Orders of kind ${at} are kept for ${at} days`),
        ),
      }),
  },
  {
    name: 'sentence',
    what: 'letters of one assertion',
    full: 1_000_000,
    seconds: 1,
    files: (size) =>
      project({ 'specs/assertions.json': specification([times(size / 25, () => 'orders are never not kept ')]) }),
  },
  {
    name: 'digits',
    what: 'digits of an id of an assertion',
    full: 60_000,
    seconds: 1,
    files: (size) =>
      project({ 'specs/assertions.json': specification(['Orders are kept'], () => `A-${'1'.repeat(size)}`) }),
  },
  {
    name: 'page',
    what: 'letters of a page with tags that do not end',
    full: 400_000,
    seconds: 1,
    files: (size) => ({ 'index.html': times(size / 10, () => '"<script<i') }),
  },
  {
    name: 'npmrc',
    what: 'lines of an .npmrc',
    full: 40_000,
    seconds: 1,
    files: (size) => project({ '.npmrc': times(size, () => '\n\t') }),
  },
  {
    name: 'scripts',
    what: 'scripts that run the next one twice',
    full: 40,
    seconds: 1,
    files: (size) =>
      project(
        {},
        {
          scripts: Object.fromEntries([
            ['start', 'npm run s0 && node server.js'],
            ...Array.from({ length: size }, (_, at) => [`s${at}`, `npm run s${at + 1} && npm run s${at + 1}`]),
            [`s${size}`, 'echo done'],
          ]),
        },
      ),
  },
  {
    name: 'constants',
    what: 'constants that double the one before',
    full: 40,
    seconds: 1,
    files: (size) =>
      project({
        'server.js': `const a0 = 'x';\n${times(size, (at) => `const a${at + 1} = a${at} + a${at};\n`)}process.env[a${size}];\nconst b = process.env.B ?? a${size};\n${plain}`,
      }),
  },
  {
    name: 'stars',
    what: 'stars of a pattern for workspaces',
    full: 400,
    seconds: 1,
    files: (size) => ({
      ...project({}, { private: true, workspaces: [`${'*a'.repeat(size)}*b`] }),
      [`${'a'.repeat(200)}/package.json`]: '{"name":"a"}',
    }),
  },
  {
    name: 'ignore',
    what: 'stars of a line of an ignore file',
    full: 400,
    seconds: 1,
    files: (size) => project({ '.gitignore': `${'*a'.repeat(size)}*b\n`, ['a'.repeat(200)]: '' }),
  },
  {
    name: 'engines',
    what: 'ranges of engines',
    full: 20_000,
    seconds: 2,
    memory: 400,
    files: (size) =>
      project({}, { engines: { node: Array.from({ length: size }, (_, at) => `>=${at}`).join(' || ') } }),
  },
  {
    name: 'python',
    what: 'functions of a module in Python',
    full: 5_000,
    seconds: 6,
    files: (size) =>
      python(times(size, (at) => `def f${at}(a):\n    return a or os.getenv("V${at % 900}", "${at}")\n`)),
  },
  {
    name: 'python-modules',
    what: 'modules in Python that import each other',
    full: 2_000,
    seconds: 4,
    files: (size) => ({
      ...python('import m0\n'),
      ...Object.fromEntries(
        Array.from({ length: size }, (_, at) => [
          `m${at}.py`,
          `import m${at + 1}\nfrom m${(at * 7) % size} import x\n`,
        ]),
      ),
    }),
  },
  {
    name: 'python-deep',
    what: 'brackets inside each other in Python',
    full: 200_000,
    seconds: 1,
    files: (size) => python(`x = ${'['.repeat(size)}${']'.repeat(size)}\n`),
  },
  {
    name: 'python-constants',
    what: 'constants in Python that double the one before',
    full: 400,
    seconds: 1,
    files: (size) =>
      python(
        `a0 = "x"\n${times(size, (at) => `a${at + 1} = a${at} + a${at}\n`)}os.getenv("B", a${size})\nos.getenv(a22)\n`,
      ),
  },
  {
    name: 'go',
    what: 'functions of a program in Go',
    full: 4_000,
    seconds: 6,
    files: (size) =>
      go(times(size, (at) => `func f${at}(a string) string {\n\treturn a + os.Getenv("V${at % 900}")\n}\n\n`)),
  },
  {
    name: 'go-packages',
    what: 'packages in Go that import the next one',
    full: 5_000,
    seconds: 6,
    files: (size) => ({
      ...go('', '\t_ = p0.X\n'),
      ...Object.fromEntries(
        Array.from({ length: size }, (_, at) => [
          `p${at}/p.go`,
          `package p${at}\n\nimport _ "example.com/mini/p${at + 1}"\n\nvar X = ${at}\n`,
        ]),
      ),
    }),
  },
  {
    name: 'go-deep',
    what: 'brackets inside each other in Go',
    full: 200_000,
    seconds: 1,
    files: (size) => go(`var x = ${'('.repeat(size)}1${')'.repeat(size)}\n`),
  },
  {
    name: 'go-constants',
    what: 'constants in Go that double the one before',
    full: 400,
    seconds: 1,
    files: (size) =>
      go(
        `const a0 = "x"\n${times(size, (at) => `const a${at + 1} = a${at} + a${at}\n`)}`,
        `\tos.Getenv(a${size})\n\tos.Getenv(a22)\n`,
      ),
  },
  {
    name: 'aliases',
    what: 'aliases of YAML, each of ten of the one before',
    full: 40,
    seconds: 1,
    files: (size) =>
      project({
        'docker-compose.yml': `x-0: &a0 x\n${times(size, (at) => `x-${at + 1}: &a${at + 1} [${Array.from({ length: 10 }, () => `*a${at}`).join(', ')}]\n`)}services:\n  db:\n    image: postgres:17\n`,
      }),
  },
  {
    name: 'links',
    what: 'links in circles',
    full: 2_000,
    seconds: 1,
    files: () => project(),
    more: (folder, size) => {
      for (let at = 0; at < size; at += 1) {
        symlinkSync(`link-${(at + 1) % size}`, join(folder, `link-${at}`));
        symlinkSync('.', join(folder, `here-${at}`));
      }
    },
  },
  {
    name: 'fifos',
    what: 'FIFOs, and links to devices that do not end',
    full: 200,
    seconds: 1,
    files: () => project(),
    more: (folder, size) => {
      execFileSync(
        'mkfifo',
        Array.from({ length: size }, (_, at) => join(folder, `fifo-${at}.js`)),
      );
      for (let at = 0; at < size; at += 1) symlinkSync('/dev/zero', join(folder, `device-${at}.js`));
      execFileSync('mkfifo', [join(folder, '.npmrc')]);
      symlinkSync('/dev/zero', join(folder, '.env.example'));
    },
  },
  {
    name: 'description',
    what: 'letters of a description',
    full: 10_000_000,
    seconds: 2,
    memory: 400,
    files: (size) => project({}, { description: 'a'.repeat(size) }),
  },
];

type Sample = { readonly seconds: number; readonly memory: number };

/** Longer than any bound. */
const limit = 20_000;

/** What one preview took; undefined: it did not end in time. */
function sample(kind: Kind, size: number): Sample | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'dockwright-linear-'));
  try {
    for (const [path, content] of Object.entries(kind.files(size))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    kind.more?.(folder, size);
    const usage = `${folder}-usage`;
    const probe = `${folder}-probe.cjs`;
    writeFileSync(
      probe,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())));`,
    );
    const run = spawnSync(process.execPath, ['--require', probe, cli, '--dry-run'], {
      cwd: folder,
      stdio: 'ignore',
      timeout: limit,
      killSignal: 'SIGKILL',
    });
    if (run.signal) return undefined;
    const used = JSON.parse(readFileSync(usage, 'utf8')) as NodeJS.ResourceUsage;
    return { seconds: (used.userCPUTime + used.systemCPUTime) / 1e6, memory: (used.maxRSS * 1024) / 1e6 };
  } finally {
    for (const path of [folder, `${folder}-usage`, `${folder}-probe.cjs`])
      rmSync(path, { recursive: true, force: true });
  }
}

type Row = {
  readonly kind: Kind;
  readonly samples: readonly (Sample | undefined)[];
  readonly wrong: readonly string[];
};

/** The better of two runs: what else the machine does only ever adds to one. */
function best(kind: Kind, size: number): Sample | undefined {
  const all = [sample(kind, size), sample(kind, size)].filter((one) => one !== undefined);
  const seconds = Math.min(...all.map((one) => one.seconds));
  return all.length === 0 ? undefined : { seconds, memory: Math.min(...all.map((one) => one.memory)) };
}

function measured(kind: Kind): Row {
  const samples = [4, 2, 1].map((part) => best(kind, Math.round(kind.full / part)));
  const [, half, full] = samples;
  const wrong = [
    ...(!full ? [`did not end in ${limit / 1000} s`] : []),
    ...(full && full.seconds > kind.seconds ? [`${full.seconds.toFixed(2)} s, and ${kind.seconds} s are allowed`] : []),
    ...(full && kind.memory !== undefined && full.memory > kind.memory
      ? [`${full.memory.toFixed(0)} MB, and ${kind.memory} MB are allowed`]
      : []),
    ...(half && full && full.seconds > 2.3 * half.seconds
      ? [`twice the input takes ${(full.seconds / half.seconds).toFixed(2)} times as long`]
      : []),
  ];
  return { kind, samples, wrong };
}

const number = (value: number): string => value.toLocaleString('en-US');

function tableOf(rows: readonly Row[]): string {
  const cell = (one: Sample | undefined) =>
    one ? `${one.seconds.toFixed(2)} s, ${one.memory.toFixed(0)} MB` : 'no end';
  return [
    '| Input | Full size | A quarter | Half | Full | Allowed |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ kind: { what, full, seconds, memory }, samples }) =>
        `| ${what} | ${number(full)} | ${samples.map(cell).join(' | ')} | ${seconds} s${memory === undefined ? '' : `, ${memory} MB`} |`,
    ),
  ].join('\n');
}

const asked = process.argv.slice(2);
const rows = kinds
  .filter(({ name }) => asked.length === 0 || asked.includes(name))
  .map((kind) => {
    const row = measured(kind);
    console.log(
      `${kind.name}: ${row.samples.map((one) => (one ? `${one.seconds.toFixed(2)} s ${one.memory.toFixed(0)} MB` : '–')).join(', ')} ${row.wrong.join('; ')}`,
    );
    return row;
  });

const readme = join(root, 'bench/README.md');
const [opening, closing] = ['<!-- linear: `npm run bench:linear` writes this table -->', '<!-- end of linear -->'];
if (asked.length === 0) {
  const text = readFileSync(readme, 'utf8');
  const [start, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (start === -1 || end === -1) throw new Error('bench/README.md has no place for the table');
  writeFileSync(readme, `${text.slice(0, start + opening.length)}\n\n${tableOf(rows)}\n\n${text.slice(end)}`);
}
process.exitCode = rows.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
