import { posix } from 'node:path';
import { UserError } from '../../model/errors.ts';
import { z } from '../../model/zod.ts';
import { type Json, placeOf } from '../json/index.ts';

const text = z.string().nullish();
const ranges = z.record(z.string(), z.string()).nullish();

/** As much of package.json as every package manager insists on. */
const Package = z.looseObject({
  name: text,
  version: text,
  type: text,
  packageManager: text,
  scripts: z.record(z.string(), z.unknown()).nullish(),
  dependencies: ranges,
  devDependencies: ranges,
  optionalDependencies: ranges,
  peerDependencies: ranges,
});

/** Whether a file is a package.json, by its name. */
export const isPackage = (file: string): boolean => posix.basename(file) === 'package.json';

/** Throws a UserError where a package.json is none: no package manager would take it, and what is generated would not build. */
export function checkPackage(json: Json, file: string, content: string): void {
  const parsed = Package.safeParse(json.value);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).filter((part) => typeof part !== 'symbol');
  const what = path.length === 0 ? 'it' : `"${path.join('.')}"`;
  const wanted = issue?.code === 'invalid_type' && issue.expected === 'string' ? 'a string' : 'an object';
  throw new UserError({
    code: 'package-invalid',
    message: `${file} is not a valid package.json: ${what} must be ${wanted}`,
    where: placeOf(content, file, json.offset(path)),
    next: ['Fix it and run the command again'],
  });
}
