import type { ComposeInput, ComposeRefusal, Place } from './model.ts';
import { invalid, newBudget, type WorkBudget } from './nodes.ts';
import { isOfHost, isOutside, isRemote, joinPath } from './paths.ts';
import { type ComposeFile, readComposeFile } from './read.ts';

/** No compose file is larger; reading one takes time. Characters. */
const MAX_SIZE = 256 * 1024;
/** How many files may be read, one that is named twice counted twice. */
const MAX_FILES = 200;

/** What is gathered while the files are read. */
export type Files = {
  readonly budget: WorkBudget;
  readonly refused: ComposeRefusal[];
  readonly unread: ComposeRefusal[];
  readonly asWritten: boolean;
  /** the files that were read, with their texts */
  readonly texts: ReadonlyMap<string, string>;
  /** reads a file by root-relative path; the node that names it is for the message */
  readonly open: (path: string, from: Place | undefined) => ComposeFile;
};

export function openFiles(input: ComposeInput): Files {
  const budget = newBudget();
  const texts = new Map<string, string>();
  const known = new Map<string, { readonly file: ComposeFile; readonly size: number }>();
  let count = 0;
  const open = (path: string, from: Place | undefined): ComposeFile => {
    const at = from ?? { file: path, line: 1 };
    count += 1;
    if (count > MAX_FILES) throw invalid(`More than ${MAX_FILES} compose files are listed.`, at, 'compose-too-large');
    const before = known.get(path);
    if (before) {
      budget.spend(before.size, at);
      return before.file;
    }
    const text = isOutside(path) ? undefined : input.read(path);
    if (text === undefined) throw missing(path, at);
    if (text.length > MAX_SIZE) throw invalid(`${path} is larger than 256 KiB.`, at, 'compose-too-large');
    texts.set(path, text);
    let size = 0;
    const file = readComposeFile(text, path, {
      spend: (nodes, place) => {
        size += nodes;
        budget.spend(nodes, place);
      },
    });
    known.set(path, { file, size });
    return file;
  };
  return { budget, refused: [], unread: [], asWritten: input.asWritten ?? false, texts, open };
}

const missing = (path: string, at: Place) =>
  invalid(
    `${path} could not be read: it is not a file of the project, or a link that points outside it.`,
    at,
    'compose-missing',
  );

/** Why a file that is named is never read; undefined where it may be. `path` is as it was written, in `base`. */
export function whyNotRead(base: string, path: string): string | undefined {
  if (isRemote(path)) return `It is a remote file: ${path}`;
  if (isOfHost(path) || isOutside(joinPath(base, path))) return `It is outside the project: ${path}`;
  return undefined;
}

/** A name of a project as compose writes it: lower case, without what a name may not hold. */
export function normalName(name: string): string {
  return (name.toLowerCase().match(/[a-z0-9_-]+/g) ?? []).join('').replace(/^[_-]+/, '');
}
