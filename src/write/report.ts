import { renameSync, writeFileSync } from 'node:fs';
import { UserError } from '../model/errors.ts';
import { checkTarget, kindAt, onDisk } from './paths.ts';

/** Writes a report to the file that a person named, absolute; through no link, and not into `.git`. */
export function writeReport(file: string, content: string): void {
  checkTarget(file, true);
  if (kindAt(file)?.isSymbolicLink()) {
    throw new UserError({
      code: 'path-is-link',
      message: `${file} is a symbolic link, and Dockwright does not write through links.`,
      where: { file },
      next: ['Use another file, or remove the link.'],
    });
  }
  onDisk(file, () => {
    const beside = `${file}.${process.pid}`;
    writeFileSync(beside, content);
    renameSync(beside, file);
  });
}
