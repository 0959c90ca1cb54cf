import { createHash } from 'node:crypto';
import { UserError } from '../model/errors.ts';
import type { Proof } from '../model/requirement.ts';
import { visibleJson } from '../model/visible.ts';
import { z } from '../model/zod.ts';
import { readInput } from '../project/input.ts';
import type { Project } from '../project/project.ts';
import type { Manifest } from './manifest.ts';

const evidencePath = '.dockwright/evidence.json';

/** What a tool proved, and of which texts: the record that `check --record` keeps. */
export const Evidence = z.strictObject({
  version: z.literal(1),
  runs: z.array(
    z.strictObject({
      tool: z.enum(['dafny', 'tlc']),
      result: z.enum(['verified', 'failed']),
      summary: z.string().describe('the last line of the tool'),
      at: z.string().describe('ISO time'),
      files: z.record(z.string(), z.string()).describe('sha256 of each proved file, by path'),
    }),
  ),
});
export type Evidence = z.infer<typeof Evidence>;
type Tool = Evidence['runs'][number]['tool'];

/** Files of each tool, from the folders that the specification's own tools use; not the traces that TLC writes beside a model. */
export const proofFiles = (project: Project, tool: Tool): readonly string[] =>
  project
    .files()
    .filter((file) => (tool === 'dafny' ? /^specs\/dafny\/.*\.dfy$/ : /^specs\/tla\/.*\.(tla|cfg)$/).test(file))
    .filter((file) => !/_TTrace_\d+\.\w+$/.test(file));

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The record as a file. */
export const evidenceFile = (evidence: Evidence): { path: string; content: string } => ({
  path: evidencePath,
  content: `${visibleJson(JSON.stringify(evidence, null, 2))}\n`,
});

/** Reads the record; undefined where there is none. A broken one is a UserError: nobody should trust half of it. */
export function readEvidence(project: Project): Evidence | undefined {
  const text = readInput(project, evidencePath);
  if (text === undefined) return undefined;
  try {
    return Evidence.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError({
      code: 'evidence-broken',
      message: `${evidencePath} does not have the format that Dockwright writes`,
      where: { file: evidencePath },
      next: ['Delete it and run `dockwright check --record` again'],
      cause,
    });
  }
}

/** What is known of one tool's proofs: the record where the files still have its hashes, else the manifest's own word, else nothing. */
export function proofOf(project: Project, tool: Tool, evidence: Evidence | undefined, own: Proof): Proof {
  const files = [...proofFiles(project, tool)];
  if (files.length === 0)
    return { status: 'absent', by: 'none', why: `no ${tool === 'dafny' ? 'Dafny' : 'TLA+'} files were found`, files };
  const run = evidence?.runs.find((run) => run.tool === tool);
  if (!run) return { ...own, files };
  // one that is gone counts too: what was proved with it is no longer what is there
  const all = [...new Set([...files, ...Object.keys(run.files)])].sort();
  const changed = all.filter((file) => run.files[file] !== sha256(project.read(file) ?? ''));
  if (changed.length > 0)
    return {
      status: 'not-verified',
      by: 'recorded',
      why: `changed since they were proved: ${changed.join(', ')}`,
      at: run.at,
      files,
    };
  return {
    status: run.result === 'verified' ? 'verified' : 'not-verified',
    by: 'recorded',
    why: run.summary,
    at: run.at,
    files,
  };
}

/** The manifest's own word: everything confirmed, and verified after the last change. */
export function declaredProof(manifest: Manifest, allConfirmed: boolean): Proof {
  const { lastVerified, lastModified } = manifest.metadata ?? {};
  const no = (why: string): Proof => ({ status: 'not-verified', by: 'none', why, files: [] });
  if (lastVerified === undefined) return no('the manifest does not mention a verification');
  const [verified, modified] = [Date.parse(lastVerified), Date.parse(lastModified ?? lastVerified)];
  if (Number.isNaN(verified) || Number.isNaN(modified)) return no('the times in the manifest are not valid ISO times');
  if (verified < modified) return no('the manifest was changed after it was verified');
  if (!allConfirmed) return no('not all assertions are confirmed');
  return {
    status: 'verified',
    by: 'manifest',
    why: 'according to the manifest: verified after its last change, all confirmed',
    at: lastVerified,
    files: [],
  };
}
