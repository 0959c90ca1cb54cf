import { z } from './zod.ts';

export const ArtifactKind = z.enum(['dockerfile', 'compose', 'dockerignore', 'env', 'source', 'workflow']);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

/** Lines of an artifact (1-based, inclusive) and the decision that put them there. */
export const Origin = z
  .strictObject({ start: z.number().int(), end: z.number().int(), decision: z.string() })
  .readonly();
export type Origin = z.infer<typeof Origin>;

export const Artifact = z
  .strictObject({
    path: z.string(),
    kind: ArtifactKind,
    mode: z.number().int(),
    content: z.string(),
    origins: z.array(Origin).describe('each non-blank line belongs to exactly one'),
  })
  .readonly();
export type Artifact = z.infer<typeof Artifact>;

const Side = z.strictObject({ line: z.number().int().describe('1-based'), text: z.string() }).readonly();

/** A part of a file that the user and the project changed in different ways. `mine` null: the user took it away. */
export const Conflict = z
  .strictObject({
    title: z.string().describe('the instruction, the node or the line'),
    mine: Side.nullable().describe('the text on disk'),
    base: z.string().nullable().describe('the text that was generated last; null: it did not exist'),
    decision: z.string().optional().describe('the decision of the plan behind the generated side'),
    generated: Side.nullable().describe(
      'the text that would be generated now, by its lines; null: no longer generated',
    ),
  })
  .readonly();
export type Conflict = z.infer<typeof Conflict>;

/** What will be done to one file, worked out from disk, what was generated last, and what is new. */
export const Change = z
  .strictObject({
    path: z.string(),
    act: z.enum(['create', 'update', 'keep', 'same', 'adopt', 'conflict', 'edit']),
    why: z.string(),
    base: z.string().nullable().describe('sha256 of the file that this was computed from; null: there was none'),
    content: z.string().optional().describe('the whole new text, where something is written'),
    before: z.string().optional().describe('the existing text'),
    offer: z.string().optional().describe("what would be generated in place of a file that is the user's"),
    conflicts: z.array(Conflict).optional().describe('what both sides changed; with any of them nothing is written'),
    awaits: z
      .array(z.string())
      .optional()
      .describe('files of the author that are gone, and without which nothing is made of this one; absent: none'),
    mode: z.number().int(),
  })
  .readonly();
export type Change = z.infer<typeof Change>;
