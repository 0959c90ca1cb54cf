import { describe, expect, it } from 'vitest';
import { followingValue } from '../../../src/artifacts/limits.ts';
import { bytes } from '../../../src/formats/compose/index.ts';
import { heapOf, memoryForHeap } from '../../../src/plan/memory.ts';
import { generatedFor } from '../../support/texts.ts';

const production = async (files: Readonly<Record<string, string>>): Promise<string> =>
  (await generatedFor(files))('docker-compose.prod.yml');

const go = (version: string) => ({
  'go.mod': `module example.com/app\n\ngo ${version}\n`,
  'main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n',
});
const flask = (requirements: string, more = '', version = '3.13') => ({
  'requirements.txt': `flask\n${requirements}`,
  '.python-version': `${version}\n`,
  'app.py': `from flask import Flask\n${more}\napp = Flask(__name__)\n`,
});
const node = (start: string) => ({
  'package.json': JSON.stringify({ name: 'app', version: '1.0.0', type: 'module', scripts: { start } }),
  'server.js':
    "import { createServer } from 'node:http';\ncreateServer((_, answer) => answer.end()).listen(process.env.PORT ?? 3000);\n",
});

describe('variables that follow the limits', () => {
  it.each([
    ['a program in Go', go('1.27'), ['GOMEMLIMIT: 460MiB'], ['GOMAXPROCS']],
    ['one of a Go that counts the cores of the machine', go('1.22'), ['GOMEMLIMIT: 460MiB', 'GOMAXPROCS: "1"'], []],
    [
      'a pool of processes',
      flask('', 'from multiprocessing import Pool\nworkers = Pool()'),
      ['PYTHON_CPU_COUNT: "1"'],
      [],
    ],
    ['a count of cores', flask('', 'import os\nworkers = os.cpu_count() * 2'), ['PYTHON_CPU_COUNT: "1"'], []],
    ['a library of arrays', flask('numpy\n'), ['OMP_NUM_THREADS: "1"'], ['PYTHON_CPU_COUNT']],
    ['one with threads of its own', flask('polars\n'), ['POLARS_MAX_THREADS: "1"'], ['OMP_NUM_THREADS']],
  ])('are those of %s', async (_, files, has, lacks) => {
    const text = await production(files);
    for (const line of has) expect(text).toContain(line);
    for (const name of lacks) expect(text).not.toContain(name);
  });

  it.each([
    ['what counts nothing', flask('')],
    ['a Python that cannot be told', flask('', 'import os\nworkers = os.cpu_count()', '3.12')],
    ['V8, which reads the limit of its container', node('node server.js')],
    ['what the source reads itself', flask('numpy\n', "import os\nn = os.environ['OMP_NUM_THREADS']")],
  ])('are none for %s', async (_, files) => {
    expect(await production(files)).not.toMatch(/OMP_NUM_THREADS: "1"|PYTHON_CPU_COUNT|NODE_OPTIONS|MEMLIMIT/);
  });

  it.each([
    [{ of: 'cpus' }, { cpus: 0.5, memory: '512M' }, '1'],
    [{ of: 'cpus' }, { cpus: 2.5, memory: '512M' }, '3'],
    [{ of: 'memory', share: 0.9 }, { cpus: 1, memory: '1G' }, '921MiB'],
    [{ of: 'memory' }, { cpus: 1, memory: 'much' }, undefined],
  ] as const)('%o of %o is %s', (variable, limits, value) => {
    expect(followingValue(variable, limits)).toBe(value);
  });

  it.each([
    ['512M', 512 * 2 ** 20],
    ['1.5g', 1.5 * 2 ** 30],
    ['100', 100],
    ['64kb', 64 * 2 ** 10],
    ['M', undefined],
  ])('reads %s', (text, size) => expect(bytes(text)).toBe(size?.toString()));
});

describe('the memory of a program that says how large its heap may grow', () => {
  it.each([
    ['in a flag', 'node --max-old-space-size=2048 server.js', '3G'],
    ['in a flag with its value apart', 'node --max-old-space-size 1024 server.js', '2G'],
    ['before the program', 'NODE_OPTIONS=--max_old_space_size=4096 node server.js', '5G'],
    ['and that fits', 'node --max-old-space-size=256 server.js', '512M'],
    ['nowhere', 'node server.js', '512M'],
  ])('is larger than that: %s', async (_, start, memory) => {
    expect(await production(node(start))).toContain(`memory: ${memory}, pids`);
  });

  it('is read from any of the words', () => {
    expect(heapOf(['node', '--max-old-space-size'])).toBeUndefined();
    expect(heapOf(['--max-old-space-size=100', '--max-old-space-size=900'])).toBe(900);
    expect(memoryForHeap(100)).toBeUndefined();
  });
});
