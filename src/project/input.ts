import { UserError } from '../model/errors.ts';
import type { Project } from './project.ts';

/**
 * The text of a file that decides something; undefined where there is none. Throws a UserError where it is there and cannot be read:
 * to go on as if it were missing would be a guess.
 */
export function readInput(project: Project, file: string): string | undefined {
  const text = project.read(file);
  if (text === undefined) refuseObstacle(project, file);
  return text;
}

/** Throws a UserError where something that cannot be read stands in the place of a file. */
export function refuseObstacle(project: Project, file: string): void {
  const obstacle = project.obstacle(file);
  if (!obstacle) return;
  throw new UserError({
    code: 'file-unreadable',
    message: `${file} ${obstacle.is}`,
    where: { file },
    next: [`${obstacle.next}, and run the command again`],
  });
}
