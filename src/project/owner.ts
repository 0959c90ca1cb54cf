import { statSync } from 'node:fs';

/**
 * Whether two folders belong to the same user, as git demands of a repository: a folder such as /tmp, in which everybody may write, says nothing of what
 * lies below it. False where one of them cannot be seen.
 */
export function haveOneOwner(folder: string, other: string): boolean {
  const [value, another] = [folder, other].map(ownerOf);
  return value !== undefined && value === another;
}

function ownerOf(folder: string): number | undefined {
  try {
    return statSync(folder).uid;
  } catch {
    return undefined;
  }
}
