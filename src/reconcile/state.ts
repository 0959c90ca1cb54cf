import { posix } from 'node:path';
import { UserError } from '../model/errors.ts';
import { reservedIn } from '../model/reserved.ts';
import { visibleJson } from '../model/visible.ts';
import { z } from '../model/zod.ts';

/** The folder that holds what was generated last; committed with the project. */
const stateFolder = '.dockwright';
const stateFile = `${stateFolder}/state.json`;

/** Whether a path lies in the folder of what was generated last. */
export const isStatePath = (path: string): boolean => path.startsWith(`${stateFolder}/`);

/** `generated`: made by us. `adopted`: was there before, and the base is what would have been generated at that moment. */
const stateSchema = () =>
  z.strictObject({
    version: z.literal(1),
    files: z.record(
      z.string(),
      z.strictObject({
        sha256: z.string(),
        kind: z.enum(['generated', 'adopted']),
        replaced: z.string().optional().describe('sha256 of the text of the author that it replaced'),
      }),
    ),
    kept: z
      .array(z.string())
      .optional()
      .describe('files that stay as their author wrote them; nothing of them is kept here'),
    applications: z
      .record(
        z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
        z.strictObject({ root: z.string(), sha256: z.string().describe('of the plan that it was generated from') }),
      )
      .optional()
      .describe('those of several applications of the repository that are deployed, by the names of their services'),
  });

/** One text that was generated last. `replaced` is the text of the author that stood there before: it goes on being evidence. */
export type LastText = {
  readonly content: string;
  readonly kind: 'generated' | 'adopted';
  readonly replaced?: string;
};

/** What was generated last: the texts by path. Free of times, versions, line numbers and host facts. */
export type LastGenerated = ReadonlyMap<string, LastText>;

/** The folder of the texts that were generated last. */
export const baseFolder = `${stateFolder}/last`;

/** The folder of the texts of the author that were replaced. */
export const replacedFolder = `${stateFolder}/replaced`;

const basePath = (path: string) => `${baseFolder}/${path}`;
const replacedPath = (path: string) => `${replacedFolder}/${path}`;

/** Reads the state through a function that reads the project's files. No state is an empty one; a broken one is a UserError. */
export function readState(read: (path: string) => string | undefined, sha256: (text: string) => string): LastGenerated {
  const text = read(stateFile);
  if (text === undefined) return new Map();
  const state = parse(text);
  const last = new Map<string, LastText>();
  for (const [path, entry] of Object.entries(state.files)) {
    if (!isGenerated(path)) throw broken(`it names ${path}, which Dockwright never writes`);
    const content = textOf(read, sha256, basePath(path), entry.sha256);
    const replaced =
      entry.replaced === undefined ? undefined : textOf(read, sha256, replacedPath(path), entry.replaced);
    last.set(path, { content, kind: entry.kind, ...(replaced === undefined ? {} : { replaced }) });
  }
  return last;
}

/** The files of the author that the last run found and left as they are; empty where the state is missing or broken. */
export function readKept(read: (path: string) => string | undefined): ReadonlySet<string> {
  const text = read(stateFile);
  return new Set(text === undefined ? [] : (parse(text).kept ?? []));
}

/** One of several applications of a repository that was generated earlier. `plan`: what it was generated from, as JSON; absent: it was changed by hand. */
export type LastApplication = { readonly root: string; readonly plan?: string };

/** The folder of the plans of the applications. */
export const planFolder = `${stateFolder}/applications`;

const planPath = (name: string) => `${planFolder}/${name}.json`;

/** The applications that were generated earlier, by name; empty where the repository holds one. */
export function readApplications(
  read: (path: string) => string | undefined,
  sha256: (text: string) => string,
): ReadonlyMap<string, LastApplication> {
  const text = read(stateFile);
  const rows = text === undefined ? {} : (parse(text).applications ?? {});
  return new Map(
    Object.entries(rows).map(([name, { root, sha256: hash }]) => {
      const plan = read(planPath(name));
      return [name, { root, ...(plan !== undefined && sha256(plan) === hash ? { plan } : {}) }];
    }),
  );
}

/** A text of the state, which is as it was written. */
function textOf(
  read: (path: string) => string | undefined,
  sha256: (text: string) => string,
  path: string,
  hash: string,
): string {
  const content = read(path);
  if (content !== undefined && sha256(content) === hash) return content;
  throw broken(`${path} ${content === undefined ? 'is missing' : 'was changed by hand'}`);
}

/** Whether a path is one that a generated file can have: inside the project, and in no reserved folder. */
const isGenerated = (path: string): boolean =>
  path !== '' &&
  !posix.isAbsolute(path) &&
  posix.normalize(path) === path &&
  path.split('/')[0] !== '..' &&
  reservedIn(path) === undefined;

function parse(text: string): z.infer<ReturnType<typeof stateSchema>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(`${stateFile} is not valid JSON`);
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > 1) throw newer(version);
  const parsed = stateSchema().safeParse(value);
  if (!parsed.success) throw broken(`${stateFile} does not have the format that this version of Dockwright writes`);
  return parsed.data;
}

const broken = (message: string) =>
  new UserError({
    code: 'state-broken',
    message: `The record of the last generation cannot be read: ${message}`,
    where: { file: stateFile },
    next: [
      'Restore the folder from version control: `git checkout -- .dockwright`',
      'Or delete the folder: existing files then count as yours and are left unchanged',
    ],
  });

/** The files of the state with other texts of some generated files, and nothing else changed. */
export function restated(
  read: (path: string) => string | undefined,
  sha256: (text: string) => string,
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const text = read(stateFile);
  if (text === undefined || texts.size === 0) return new Map();
  const state = parse(text);
  const files = Object.fromEntries(
    Object.entries(state.files).map(([path, entry]) => {
      const content = texts.get(path);
      return [path, content === undefined ? entry : { ...entry, sha256: sha256(content) }];
    }),
  );
  return new Map([
    [stateFile, `${visibleJson(JSON.stringify({ ...state, files }, null, 2))}\n`],
    ...[...texts].map(([path, content]): [string, string] => [basePath(path), content]),
  ]);
}

const newer = (version: number) =>
  new UserError({
    code: 'state-newer',
    message: `The record of the last generation has format ${version}; this Dockwright supports format 1`,
    where: { file: stateFile },
    next: ['Update Dockwright: a newer version generated these files'],
  });

/** The files of the state as they have to be written: path → content. Sorted, so that a review shows only what changed. */
export function stateFiles(
  last: LastGenerated,
  sha256: (text: string) => string,
  kept: readonly string[] = [],
  applications: ReadonlyMap<string, Required<LastApplication>> = new Map(),
): ReadonlyMap<string, string> {
  const plans = [...applications].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = plans.map(([name, { root, plan }]) => [name, { root, sha256: sha256(plan) }]);
  const more = rows.length > 0 ? { applications: Object.fromEntries(rows) } : {};
  const texts = [...last].sort(([a], [b]) => (a < b ? -1 : 1));
  const files = Object.fromEntries(
    texts.map(([path, { content, kind, replaced }]) => [
      path,
      { sha256: sha256(content), kind, ...(replaced === undefined ? {} : { replaced: sha256(replaced) }) },
    ]),
  );
  return new Map([
    [
      stateFile,
      `${visibleJson(JSON.stringify({ version: 1, files, ...(kept.length > 0 ? { kept } : {}), ...more }, null, 2))}\n`,
    ],
    ...texts.flatMap(([path, { content, replaced }]): [string, string][] => [
      [basePath(path), content],
      ...(replaced === undefined ? [] : [[replacedPath(path), replaced] satisfies [string, string]]),
    ]),
    ...plans.map(([name, { plan }]): [string, string] => [planPath(name), plan]),
  ]);
}
