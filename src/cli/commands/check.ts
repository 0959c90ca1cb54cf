import { posix } from 'node:path';
import { check, recordProofs, UserError } from '../../index.ts';
import { type Flags, type Run, warningOptions } from '../options.ts';
import { progress } from '../progress.ts';
import { checkLines } from '../report/check.ts';
import { annotationsOf } from '../report/github.ts';
import { annotate, json, linesOf, note, out, style } from '../terminal.ts';

type CheckFlags = Flags & {
  readonly tests?: boolean;
  readonly onHost?: boolean;
  readonly record?: boolean;
  /** seconds */
  readonly timeout: number;
  readonly format?: 'text' | 'github';
};

/** The checklist and what drifted; with `--record` the proofs are run first, with `--tests` the project's own tests. */
export const run: Run<CheckFlags> = async (flags, _args, signal) => {
  if (flags.onHost && !flags.tests) {
    throw new UserError({
      code: 'usage',
      message: '`--on-host` only applies to `--tests`.',
      next: ['Add `--tests`, or remove `--on-host`.'],
    });
  }
  const options = warningOptions(flags, signal);
  const timeoutMs = flags.timeout * 1000;
  const shown = progress(flags);
  const work = async () => {
    if (flags.record) {
      const { failed } = await recordProofs({ ...options, now: new Date().toISOString(), timeoutMs }, shown.on);
      if (!flags.json)
        for (const { file, proving } of failed)
          for (const line of [style.bold(file), ...linesOf(proving.output)]) note(line);
    }
    return check(
      { ...options, ...(flags.tests ? { tests: { timeoutMs, onHost: flags.onHost === true } } : {}) },
      shown.on,
    );
  };
  const report = await work().finally(shown.end);
  if (flags.json) json(report);
  else if (flags.format === 'github') {
    // the checklist is for the log of the run, and no result
    for (const line of checkLines(report)) note(line);
    for (const annotation of annotationsOf(report, folderOf(flags.cwd))) annotate(annotation);
  } else for (const line of checkLines(report)) out(line);
  return report.ready ? 0 : 1;
};

/** Annotations name files from the root of the repository, where a workflow starts. */
const folderOf = (cwd: string): string => {
  const folder = posix.normalize(cwd.replaceAll('\\', '/')).replace(/\/$/, '');
  return folder === '.' || posix.isAbsolute(folder) || folder.startsWith('..') ? '' : folder;
};
