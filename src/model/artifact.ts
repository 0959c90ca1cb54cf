import { z } from 'zod';

export const ArtifactKind = z.enum(['dockerfile', 'compose', 'dockerignore', 'env', 'source', 'doc']);
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
    origins: z.array(Origin).describe('every non-blank line belongs to one'),
  })
  .readonly();
export type Artifact = z.infer<typeof Artifact>;

/** What will be done to one file, worked out from disk, what was generated last, and what is new. */
export const Change = z
  .strictObject({
    path: z.string(),
    act: z.enum(['create', 'update', 'keep', 'same', 'adopt', 'conflict', 'edit']),
    why: z.string(),
    base: z.string().nullable().describe('sha256 of the file that this was computed from; null: there was none'),
    content: z.string().optional().describe('the whole new text, where something is to be written'),
    before: z.string().optional().describe('the text that is there'),
    mode: z.number().int(),
  })
  .readonly();
export type Change = z.infer<typeof Change>;
