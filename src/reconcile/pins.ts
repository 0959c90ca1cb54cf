import { posix } from 'node:path';
import { isWorkflowFile } from '../formats/actions.ts';
import { type References, type ReferringKind, referencesIn, withPins } from '../formats/references/index.ts';
import type { Artifact } from '../model/artifact.ts';
import { UserError } from '../model/errors.ts';
import { visibleJson } from '../model/visible.ts';
import { z } from '../model/zod.ts';

/** The file of the pins; committed with the project. */
export const pinsPath = '.dockwright/pins.json';

/** What images and actions are pinned to, by their names with their versions: digests and commits. */
export type Pins = { readonly images: Table; readonly actions: Table };
type Table = Readonly<Record<string, string>>;

const noPins: Pins = { images: {}, actions: {} };

const pinsSchema = () =>
  z.strictObject({
    version: z.literal(1),
    images: z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/)),
    actions: z.record(z.string(), z.string().regex(/^[0-9a-f]{40}$/)),
  });

/** Reads the pins; none where there is no file. A broken one is a UserError. */
export function readPins(read: (path: string) => string | undefined): Pins {
  const text = read(pinsPath);
  if (text === undefined) return noPins;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = pinsSchema().safeParse(value);
  if (parsed.success) return { images: parsed.data.images, actions: parsed.data.actions };
  throw new UserError({
    code: 'pins-broken',
    message: `${pinsPath} does not have the format that this version of Dockwright writes.`,
    where: { file: pinsPath },
    next: ['Restore it from version control, or delete it and run `dockwright pin`.'],
  });
}

const ordered = (table: Table): Table => Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The text of the file of the pins; sorted, so that a review shows only what changed. */
export const pinsText = ({ images, actions }: Pins): string =>
  `${visibleJson(JSON.stringify({ version: 1, images: ordered(images), actions: ordered(actions) }, null, 2))}\n`;

/** The pin of a reference by its name with its version. */
export function pinIn({ images, actions }: Pins, kind: 'image' | 'action', key: string): string | undefined {
  const table = kind === 'image' ? images : actions;
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/**
 * A text that is generated with its pins. What the file on disk says of the same image or action counts more: a pin that somebody moved or took out there
 * is no difference to be merged.
 */
export function pinnedText(kind: ReferringKind, text: string, pins: Pins, onDisk: string | undefined): string {
  const own = new Map(
    onDisk === undefined
      ? []
      : referencesIn(kind, onDisk).references.flatMap(({ kind: of, key, pin }) =>
          key === undefined ? [] : [[`${of} ${key}`, pin ?? null] as const],
        ),
  );
  return withPins(kind, text, ({ kind: of, key }) => {
    if (key === undefined) return undefined;
    return own.has(`${of} ${key}`) ? own.get(`${of} ${key}`) : pinIn(pins, of, key);
  });
}

type Found = { readonly path: string; readonly kind: ReferringKind; readonly found: References };

/** Without the images that a compose file beside has built, and those of the services that it builds. */
export function withoutBuilt<T extends Found>(files: readonly T[]): readonly T[] {
  const inFolder = (path: string, text: string) => `${posix.dirname(path)} ${text}`;
  const built = new Set(files.flatMap(({ path, found }) => found.built.map((text) => inFolder(path, text))));
  return files.map((file) => {
    const isBuilt = (text: string | undefined) => text !== undefined && built.has(inFolder(file.path, text));
    const isOther = ({ text, service, key }: { text: string; service?: string; key?: string | undefined }) =>
      file.kind !== 'compose' || ![text, service, key].some(isBuilt);
    const { references, left } = file.found;
    return {
      ...file,
      found: { ...file.found, references: references.filter(isOther), left: left.filter(isOther) },
    };
  });
}

/** What the files of a project with pins name without one, such as a newer tag since; nothing where there are no pins at all. */
export function withoutPin(
  artifacts: readonly Pick<Artifact, 'kind' | 'path' | 'content'>[],
  pins: Pins,
): readonly string[] {
  if (hasNone(pins)) return [];
  const files = artifacts.flatMap((artifact): Found[] => {
    const kind = referringArtifact(artifact);
    return kind ? [{ path: artifact.path, kind, found: referencesIn(kind, artifact.content) }] : [];
  });
  const found = withoutBuilt(files)
    .flatMap((file) => file.found.references)
    .flatMap(({ key, pin }) => (key === undefined || pin !== undefined ? [] : [key]));
  return [...new Set(found)].sort();
}

/** Whether nothing is pinned. */
export const hasNone = ({ images, actions }: Pins): boolean => Object.keys({ ...images, ...actions }).length === 0;

/** The kind of a generated file that may name images and actions; undefined: it names none. */
export function referringArtifact({ kind, path }: Pick<Artifact, 'kind' | 'path'>): ReferringKind | undefined {
  if (kind === 'dockerfile' || kind === 'compose') return kind;
  return isWorkflow(path) ? 'workflow' : undefined;
}

/** Whether a file is a workflow or an action of GitHub. */
export const isWorkflow = (path: string): boolean =>
  isWorkflowFile(path) || /^(?:\.github\/actions\/(?:[^/]+\/)*)?action\.ya?ml$/.test(path);
