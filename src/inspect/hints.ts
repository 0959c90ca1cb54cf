import { posix } from 'node:path';
import { distributionPackage } from '../catalog/distribution-packages.ts';
import type { HintDetection } from '../hints/contract.ts';
import { hints as detections, loadPlatformFile } from '../hints/registry.gen.ts';
import { UserError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import type { Hint } from '../model/hint.ts';
import type { Project } from '../project/project.ts';
import { textOf } from './existing/text.ts';

/** What files of other platforms say of an application, and what an owner should know of those that could not be read. */
export type ReadHints = { readonly hints: readonly Hint[]; readonly notes: Facts['notes'] };

/** So much is taken from one file. */
const MAX_FACTS = 50;

/** Reads the platform files of the application in `root`: of each kind the first that is there. Nothing of them is run. */
export async function readHints(project: Project, root: string): Promise<ReadHints> {
  const read: ReadHints[] = [];
  for (const detection of detections) {
    const file = fileOf(project, root, detection);
    if (file !== undefined) read.push(await readFile(project, root, detection, file));
  }
  return { hints: read.flatMap(({ hints }) => hints), notes: read.flatMap(({ notes }) => notes) };
}

function fileOf(project: Project, root: string, { files, place }: HintDetection): string | undefined {
  const folder = place === 'repository' ? '.' : root;
  return files
    .map((name) => posix.join(folder, name))
    .find((path) => project.has(path) || project.obstacle(path) !== undefined);
}

async function readFile(project: Project, root: string, { name }: HintDetection, file: string): Promise<ReadHints> {
  const unread = (message: string): ReadHints => ({
    hints: [],
    notes: [{ code: 'hint-not-read', message, from: [{ file, why: message }] }],
  });
  const text = textOf(project, file);
  if (!text) return { hints: [], notes: [] };
  if ('broken' in text) return unread(text.broken.message);
  try {
    const facts = (await loadPlatformFile(name))?.read({ file, text: text.text, root }) ?? [];
    const hints = facts.slice(0, MAX_FACTS).map((fact) => ({ hint: name, ...fact }));
    return { hints, notes: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return unread(`${error.message}: the file is ignored`);
  }
}

/**
 * The facts with what the platform files say, where neither the configuration nor the project says it: a port that was only a default, the
 * path that is asked where the sources answer it, packages of the distribution. Commands are the business of the language.
 */
export function withHints(facts: Facts, { hints, notes }: ReadHints): Facts {
  const all = [...facts.notes, ...notes];
  if (hints.length === 0) return notes.length === 0 ? facts : { ...facts, notes: all };
  const found = portOf(facts, hints);
  const system = systemOf(facts, hints);
  const asked = askedOf(facts, hints);
  return {
    ...facts,
    ...(found.port ? { port: found.port } : {}),
    ...(asked ? { asked } : {}),
    ...(system.length > 0 ? { system: [...facts.system, ...system] } : {}),
    hints: [...hints],
    notes: [...all, ...found.notes],
  };
}

const saying = (hints: readonly Hint[], says: Hint['says']): readonly Hint[] =>
  hints.filter((hint) => hint.says === says);

function portOf(
  { port }: Facts,
  hints: readonly Hint[],
): { readonly port?: Facts['port']; readonly notes: Facts['notes'] } {
  const [hint] = saying(hints, 'port');
  const number = Number(hint?.value);
  if (!hint || !port) return { notes: [] };
  if (!('value' in port)) return { port: { value: { number }, by: 'detected', from: hint.from }, notes: [] };
  const { value, by, from } = port;
  if (by === 'default') return { port: { value: { ...value, number }, by: 'detected', from: hint.from }, notes: [] };
  // where a variable carries the port, any number is right
  if (by !== 'detected' || value.variable !== undefined || value.number === number) return { notes: [] };
  const [place] = hint.from;
  const message = `${place?.file}:${place?.line ?? 1} sends requests to port ${number}, and the app listens on ${value.number}, which is used. Make them agree, or set the key "port".`;
  return { notes: [{ code: 'port-conflict', message, from: [...hint.from, ...from] }] };
}

/** The path that a platform asks: only one that the sources answer, and none that is a page. */
function askedOf({ routes }: Facts, hints: readonly Hint[]): Facts['asked'] {
  const answers = (path: string) =>
    path !== '/' && routes.some((route) => route.path === path && ['GET', 'ALL'].includes(route.method.toUpperCase()));
  const hint = saying(hints, 'health').find(({ value }) => answers(value));
  return hint && { value: hint.value, by: 'detected', from: hint.from };
}

function systemOf({ system, site }: Facts, hints: readonly Hint[]): Facts['system'] {
  if (site) return [];
  const known = new Set(system.map(({ value }) => value));
  return saying(hints, 'package').flatMap(({ value, from }) => {
    // it becomes a word of a command: a name and nothing else
    const found = /^[a-z0-9][a-z0-9+.-]*$/.test(value) ? distributionPackage(value) : undefined;
    if (!found || 'why' in found || known.has(found.name)) return [];
    known.add(found.name);
    return [{ value: found.name, by: 'detected' as const, from }];
  });
}
