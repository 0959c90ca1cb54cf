import { z } from './zod.ts';

/** What the specification asks of a deployment. */
export const RequirementKind = z.enum([
  'persistence',
  'cache',
  'queue',
  'object-storage',
  'mail',
  'external-api',
  'schedule',
  'stateless',
  'read-only',
  'replicas',
  'search',
]);
export type RequirementKind = z.infer<typeof RequirementKind>;

export const Requirement = z
  .strictObject({
    kind: RequirementKind,
    service: z.string().optional().describe('the service in the sentence, by its name in services/'),
    name: z.string().optional().describe('name of the external API, kebab-case'),
    value: z.string().optional().describe('schedule (cron) or number of replicas, if stated'),
    certainty: z.enum(['clear', 'unclear']).describe('unclear ones become questions, never services'),
    assertions: z.array(z.string()).describe('ids of the assertions that require it'),
    from: z
      .array(
        z.strictObject({
          file: z.string(),
          path: z.string().describe('JSON path'),
          line: z.number().int(),
          text: z.string(),
          why: z.string(),
        }),
      )
      .describe('the places of the specification: assertion, boundary, constraint or tag'),
  })
  .readonly();
export type Requirement = z.infer<typeof Requirement>;

/** Whether something was proved, and by what. `recorded`: a tool was run and the files still have the hashes of that run. */
export const Proof = z
  .strictObject({
    status: z.enum(['verified', 'not-verified', 'absent']),
    by: z.enum(['recorded', 'manifest', 'none']),
    why: z.string(),
    at: z.string().optional().describe('ISO time of the proof, from the record or the manifest'),
    files: z.array(z.string()),
  })
  .readonly();
export type Proof = z.infer<typeof Proof>;

/** The specification as the other rooms see it. */
export const Specification = z
  .strictObject({
    file: z.string().describe('specs/assertions.json'),
    version: z.string().optional(),
    archetype: z
      .strictObject({
        text: z.string().describe('as written'),
        value: z.string().optional().describe('as an archetype of Dockwright; missing: unknown'),
        line: z.number().int(),
      })
      .optional(),
    description: z.string().optional(),
    assertions: z.array(
      z.strictObject({
        id: z.string(),
        text: z.string(),
        status: z.string(),
        category: z.string().optional(),
        line: z.number().int(),
      }),
    ),
    confirmed: z.number().int(),
    counted: z
      .number()
      .int()
      .describe('assertions that must be confirmed, which excludes denied, refined and deferred ones'),
    requirements: z.array(Requirement),
    dafny: Proof,
    tlc: Proof,
    verified: Proof.describe('the overall state: all confirmed, and every proof of the project verified'),
  })
  .readonly();
export type Specification = z.infer<typeof Specification>;
