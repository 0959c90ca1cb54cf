import { UserError } from '../../model/errors.ts';
import type { ScanFinding, ScanSecret } from '../../model/scan.ts';
import { z } from '../../model/zod.ts';

/** The file at the root of a repository that says what does not count, why, and until when. */
export const ignoreFile = 'scan-ignore.json';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2027-03-31')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an existing day');

/** `scan-ignore.json`. */
export const ScanIgnore = z
  .strictObject({
    $schema: z.string().optional(),
    ignore: z.array(
      z.strictObject({
        id: z.string().min(1).describe('a CVE or another name of it, or that of a secret as the report has it'),
        reason: z
          .string()
          .refine((text) => text.trim() !== '', 'must say why it does not count')
          .describe('why it does not count here'),
        expires: day.optional().describe('the last day on which it is ignored'),
      }),
    ),
  })
  .readonly();
export type IgnoreEntry = z.infer<typeof ScanIgnore>['ignore'][number];

/** Reads the file. `text` undefined: there is none. Throws a UserError where it says something else than its form. */
export function readIgnore(text: string | undefined): readonly IgnoreEntry[] {
  if (text === undefined) return [];
  const found = ScanIgnore.safeParse(parsed(text));
  if (found.success) return found.data.ignore;
  throw new UserError({
    code: 'scan-ignore-invalid',
    message: found.error.issues.map(
      ({ path, message }) => `${ignoreFile}: ${path.join('.') || 'the document'}: ${message}`,
    ),
    where: { file: ignoreFile },
    next: [
      'The format is { "ignore": [{ "id": "CVE-2024-1234", "reason": "not reached here", "expires": "2027-03-31" }] }.',
    ],
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError({
      code: 'scan-ignore-invalid',
      message: `${ignoreFile} is not a valid JSON document: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: { file: ignoreFile },
      next: ['Fix the file, or delete it.'],
      cause,
    });
  }
}

/** Takes out what the file names. An entry whose time is over takes out nothing. `today`: such as 2026-11-30. */
export function withoutIgnored(
  found: { readonly findings: readonly ScanFinding[]; readonly secrets: readonly ScanSecret[] },
  entries: readonly IgnoreEntry[],
  today: string,
) {
  const names = new Map(entries.map((entry) => [entry.id, entry]));
  const isOver = ({ expires }: IgnoreEntry) => expires !== undefined && expires < today;
  const used = new Set<IgnoreEntry>();
  const counts = (ids: readonly string[]) => {
    const entry = ids.map((id) => names.get(id)).find((item) => item !== undefined);
    if (entry) used.add(entry);
    return entry === undefined || isOver(entry);
  };
  const findings = found.findings.filter(({ id, aliases }) => counts([id, ...aliases]));
  const secrets = found.secrets.filter(({ id }) => counts([id]));
  return {
    findings,
    secrets,
    ignored: [...used].filter((entry) => !isOver(entry)),
    expired: [...used].flatMap(({ id, reason, expires }) =>
      expires !== undefined && expires < today ? [{ id, reason, expires }] : [],
    ),
  };
}
