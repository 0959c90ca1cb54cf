import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { type GenerateOptions, type Generation, generate, inspectProject, UserError } from '../../../src/index.ts';

/** A small service that everything is fine with: each row of the matrix spoils one thing of it. */
export const sound: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify(
    {
      name: 'tea-shop',
      version: '1.0.0',
      type: 'module',
      scripts: { start: 'node src/index.js' },
      dependencies: { express: '^4.21.2' },
      engines: { node: '22' },
    },
    null,
    2,
  )}\n`,
  'package-lock.json': `${JSON.stringify(
    {
      name: 'tea-shop',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'tea-shop', version: '1.0.0', dependencies: { express: '^4.21.2' }, engines: { node: '22' } },
        'node_modules/express': { version: '4.21.2', license: 'MIT' },
      },
    },
    null,
    2,
  )}\n`,
  'src/index.js': `import express from 'express';

const app = express();
app.get('/', (_request, response) => response.send('tea'));
app.listen(Number(process.env.PORT ?? 3000));
`,
};

/** Three assertions, in the form that specs/assertions.json has. */
export const specification = (assertions: readonly object[] = []): string =>
  `${JSON.stringify({ version: '1.0', archetype: 'web-service', assertions }, null, 2)}\n`;

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty temporary folder; it goes away after the test. */
export function emptyFolder(name = 'hostile'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `dockwright-${name}-`)));
  made.push(folder);
  return folder;
}

/** The sound project in a temporary folder, with other files over it; undefined takes a file away. */
export function project(over: Readonly<Record<string, string | Uint8Array | undefined>> = {}): string {
  const root = emptyFolder();
  for (const [path, content] of Object.entries({ ...sound, ...over }))
    if (content !== undefined) put(root, path, content);
  return root;
}

export function put(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** A file of 100 MB that takes no room on the disk: all of it is one hole. */
export function putHuge(root: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  const file = openSync(join(root, path), 'w');
  ftruncateSync(file, 100 * 1024 * 1024);
  closeSync(file);
}

/** What is in a folder, as far as a user would miss it: kinds, modes, sizes, where links lead, and the texts. */
export function contents(root: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  // as bytes: a name need not be text
  const look = (folder: Buffer, inside: string): void => {
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      const full = Buffer.concat([folder, Buffer.from('/'), name]);
      const kind = lstatSync(full);
      const path = join(inside, name.toString('latin1'));
      if (kind.isDirectory()) look(full, path);
      const text = kind.isSymbolicLink() ? readlinkSync(full) : kind.isFile() && kind.size < 1e6 ? hashOf(full) : '';
      found[path] = `${kind.mode.toString(8)} ${kind.isDirectory() ? '' : kind.size} ${text}`;
    }
  };
  look(Buffer.from(root), '');
  return found;
}

function hashOf(file: Buffer): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return 'closed';
  }
}

/** Most time of the processor that any bad input may take, milliseconds; of the clock four times as much, as a machine may be busy. */
export const patience = 5_000;

type Options = Partial<GenerateOptions>;

/** Generates without writing, the way a user looks: inspect, then generate. The folder must be as before, and it must be quick. */
export async function preview(root: string, options: Options = {}): Promise<Generation> {
  const before = contents(root);
  const started = performance.now();
  const used = process.cpuUsage();
  const { output: _output, accept: _accept, ...rest } = options;
  const look = async () => {
    await inspectProject({ cwd: root, ...rest });
    return generate({ cwd: root, ...options });
  };
  const [looked] = await Promise.allSettled([look()]);
  const { user, system } = process.cpuUsage(used);
  const took = Math.max((user + system) / 1000, (performance.now() - started) / 4);
  if (took > patience) throw new Error(`it took ${Math.round(took)} ms`);
  if (JSON.stringify(contents(root)) !== JSON.stringify(before)) throw new Error('looking changed the folder');
  if (looked.status === 'rejected') throw looked.reason;
  return looked.value;
}

/** The error that generating ends with: it has to be one that tells a user what, where and what next. */
export async function refused(root: string, options: Options = {}): Promise<UserError> {
  const error = await preview(root, options).then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error;
  if (error.next.length === 0 || error.next.some((step) => step.trim() === '')) throw new Error('it says no next step');
  if (error.message.length > 3_000) throw new Error(`the message has ${error.message.length} characters`);
  return error;
}

/** The text of a generated file. */
export function textOf(generation: Generation, path: string): string {
  const found = generation.artifacts.find((artifact) => artifact.path === path);
  if (!found) throw new Error(`there is no ${path} among ${generation.artifacts.map((one) => one.path).join(', ')}`);
  return found.content;
}

const nobody = 65_534;

/** Does something as a user who lacks a right on a path: root may do everything, and becomes nobody for as long. */
export async function without<T>(
  rights: readonly ('read' | 'write')[],
  path: string,
  act: () => Promise<T>,
): Promise<T> {
  const lacking = (rights.includes('read') ? 0o444 : 0) | (rights.includes('write') ? 0o222 : 0);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const folder of made) openFor(folder);
  const { mode } = statSync(path);
  chmodSync(path, mode & ~lacking);
  if (isRoot) process.seteuid?.(nobody);
  try {
    return await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(path, mode);
  }
}

/** Temporary folders are closed to others, who shall come as far as the path that is meant. */
function openFor(folder: string): void {
  chmodSync(folder, 0o777);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFor(join(folder, entry.name));
    else if (entry.isFile()) chmodSync(join(folder, entry.name), 0o666);
  }
}
