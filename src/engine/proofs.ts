import { copyFileSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { tempFolder } from './temp.ts';

/** What a proving tool said of one file. */
export type ProofResult = { readonly verified: boolean; readonly summary: string; readonly output: string };

/** How a proving tool is run: on which copies, for how long (milliseconds). */
export type ProveOptions = {
  readonly copies: Copies;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** Copies of files of a project, alone in a temporary folder, under the paths that they have in the project. */
export type Copies = {
  readonly folder: string;
  /** the paths that were copied, relative to the project and to the folder */
  readonly files: ReadonlySet<string>;
  /** text of a tool with the paths of the project instead of those of the copies */
  readonly shown: (text: string) => string;
  readonly remove: () => void;
};

/** Copies regular files: nothing else that lies beside them is there, and no link is followed, neither of a file nor of a folder above it. */
export function copyFiles(root: string, files: readonly string[]): Copies {
  const temp = tempFolder();
  const from = realpathSync(root);
  const copied = files.filter((file) => {
    const source = join(from, file);
    if (!isRegular(source)) return false;
    const target = join(temp.path, file);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
    return true;
  });
  const folders = [...new Set([realpathSync(temp.path), temp.path])].sort((a, b) => b.length - a.length);
  return {
    folder: temp.path,
    files: new Set(copied),
    shown: (text) =>
      folders.reduce((shown, folder) => shown.replaceAll(`${folder}/`, '').replaceAll(folder, resolve(root)), text),
    remove: temp.remove,
  };
}

function isRegular(file: string): boolean {
  try {
    return lstatSync(file).isFile() && realpathSync(file) === file;
  } catch {
    return false;
  }
}

/** What is said of a file that was not copied; undefined: it is there. */
export const notCopied = (file: string, { files }: Copies): ProofResult | undefined =>
  files.has(file) ? undefined : refused(`${file} is not a regular file, and proofs do not follow links`);

/** A file that the tool is not run for. */
export const refused = (why: string): ProofResult => ({ verified: false, summary: why, output: why });
