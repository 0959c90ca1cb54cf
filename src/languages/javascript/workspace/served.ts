import { posix } from 'node:path';
import { literalValue, memberPath, type Node, nodesOf, type Source } from '../../../formats/source/index.ts';
import type { Project } from '../../../project/project.ts';
import { readSource } from '../../../project/source.ts';
import { memberAt, memberClosure } from './member-closure.ts';
import type { Members } from './members.ts';

/** Folders in which builds leave pages. */
const outputs: ReadonlySet<string> = new Set(['build', 'dist', 'out', 'www']);

/**
 * Members whose output the sources of an application name, such as the pages that its server gives out: `join(__dirname, '../../web/dist')`. No commit has
 * it, so that they are built with the application, and their output is beside it in the image. One that needs the application itself is built after it.
 */
export function servedMembers(
  project: Project,
  members: Members,
  root: string,
  files: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  for (const file of files.filter((one) => memberAt(members, one) === root)) {
    const source = readSource(project, file);
    if (!source) continue;
    for (const path of pathsIn(source))
      for (const base of [posix.dirname(file), root]) {
        const member = outputOf(project, members, posix.join(base, path));
        if (member !== undefined && member !== root) found.add(member);
      }
  }
  return [...found].filter((one) => !memberClosure(project, members, [one], { runs: false }).includes(root));
}

/** The member that builds a folder; undefined: none does, or the repository has it. */
function outputOf(project: Project, members: Members, path: string): string | undefined {
  const member = memberAt(members, path);
  const [first = ''] = member === undefined ? [] : posix.relative(member, path).split('/');
  if (member === undefined || !outputs.has(first)) return undefined;
  const isThere = project.files().some((file) => file.startsWith(`${posix.join(member, first)}/`));
  return !isThere && members.folders.get(member)?.at(['scripts', 'build']) !== undefined ? member : undefined;
}

/** Paths that lead out of the folder of a file: as one text, or as the parts that are joined. */
function pathsIn(source: Source): readonly string[] {
  const texts = [
    ...nodesOf(source.program, 'Literal').map(({ value }) => value),
    ...nodesOf(source.program, 'TemplateElement').map(({ value }) => value.raw),
  ].flatMap((value) => (typeof value === 'string' ? [value] : []));
  const joined = nodesOf(source.program, 'CallExpression')
    .filter(({ callee }) => /(^|\.)(join|resolve)$/.test(memberPath(callee) ?? ''))
    .map((call) => call.arguments.flatMap((part) => partOf(source, part)).join('/'));
  return [...texts, ...joined].map((text) => text.replace(/^\/+/, '')).filter((text) => text.startsWith('../'));
}

/** A part of a path that is written out; the first of a call is mostly the folder that the file lies in. */
function partOf(source: Source, node: Node): readonly string[] {
  const value = literalValue(source, node);
  return typeof value === 'string' ? [value] : [];
}
