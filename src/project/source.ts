import { type GoFile, parseGo } from '../formats/go/index.ts';
import { type Page, parseHtml } from '../formats/html/index.ts';
import { type PythonModule, parsePython } from '../formats/python/index.ts';
import { parseSource, type Source } from '../formats/source/index.ts';
import type { Project } from './project.ts';

/**
 * The syntax tree of a source file of a project; undefined where there is none. This is the one way to what a source says: its text is handed to
 * nobody, so that nothing is found in it by a pattern (test/unit/house/source-text.test.ts).
 */
export function readSource(project: Project, file: string): Source | undefined {
  const text = project.read(file);
  return text === undefined ? undefined : parseSource(file, text);
}

/** The same for several files; those that are not there are left out. */
export const readSources = (project: Project, files: readonly string[]): readonly Source[] =>
  files.flatMap((file) => readSource(project, file) ?? []);

/** The sources among some files in which one of some words stands: what is looked for in the tree of those alone, as reading every file takes its time. */
export const readSourcesWith = (
  project: Project,
  files: readonly string[],
  words: readonly string[],
): readonly Source[] =>
  files.flatMap((file) => {
    const text = project.read(file);
    return text !== undefined && words.some((word) => text.includes(word)) ? parseSource(file, text) : [];
  });

/** The files that were read last, as far as nothing has changed: where programs are, and what they do, is asked of the same ones. */
const goFiles = new Map<string, { readonly text: string; readonly read: GoFile }>();
const MOST_FILES = 200;

/** The syntax tree of a file in Go; undefined where there is none. */
export function readGo(project: Project, file: string): GoFile | undefined {
  const text = project.read(file);
  if (text === undefined) return undefined;
  const known = goFiles.get(file);
  if (known?.text === text) return known.read;
  if (goFiles.size >= MOST_FILES) goFiles.clear();
  const read = parseGo(file, text);
  goFiles.set(file, { text, read });
  return read;
}

/** The elements and texts of a page of a project; undefined where there is none. Call `loadHtml` first. */
export function readPage(project: Project, file: string): Page | undefined {
  const text = project.read(file);
  return text === undefined ? undefined : parseHtml(text);
}

/** The `#!` line of a file, without these marks; undefined where it has none. */
export function interpreterLine(project: Project, file: string): string | undefined {
  return project.read(file)?.startsWith('#!') ? readSource(project, file)?.program.hashbang?.value : undefined;
}

/** Where modules are imported from, and what they do, is asked of the same files. */
const modules = new WeakMap<Project, Map<string, { readonly text: string; readonly module: PythonModule }>>();

/** The syntax tree of a module of Python of a project; undefined where there is none. Call `loadPython` first. */
export function readPython(project: Project, file: string): PythonModule | undefined {
  const text = project.read(file);
  if (text === undefined) return undefined;
  const known = modules.get(project) ?? new Map<string, { readonly text: string; readonly module: PythonModule }>();
  modules.set(project, known);
  const before = known.get(file);
  if (before?.text === text) return before.module;
  const module = parsePython(file, text);
  known.set(file, { text, module });
  return module;
}
