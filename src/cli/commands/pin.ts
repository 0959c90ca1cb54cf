import { type PerApp, type Pinning, type PinReport, pin, writePins } from '../../index.ts';
import { type Flags, type Run, warningOptions } from '../options.ts';
import { printPerApp } from '../per-app.ts';
import { askYes } from '../prompts.ts';
import { diffLines } from '../report/changes.ts';
import { columns, interactive, note, out, style, symbols } from '../terminal.ts';

type PinFlags = Flags & { readonly update?: boolean; readonly dryRun?: boolean; readonly yes?: boolean };

/** Shows what pinning changes, asks, and writes. */
export const run: Run<PinFlags> = async (flags, _args, signal) => {
  const pinning = await pin({ ...warningOptions(flags, signal), ...(flags.update ? { update: true } : {}) });
  const isPending = pinning.writes.length > 0;
  const isWritten = isPending && flags.yes === true && !flags.dryRun;
  const isOpen = isPending && !flags.yes && !flags.dryRun;
  if (flags.json) {
    const written = isWritten ? await writePins(pinning) : [];
    printPerApp(withWritten(pinning.result, written), flags, () => undefined);
    return isOpen ? 2 : 0;
  }
  show(pinning);
  if (isOpen && !interactive()) {
    note(`${style.warn(symbols.open)} Nothing was written: there is no terminal to ask for confirmation in`);
    note(`  ${symbols.arrow} \`--yes\` writes the changes shown above`);
    return 2;
  }
  if (isWritten || (isOpen && (await askYes('Write these pins?')))) {
    const written = await writePins(pinning);
    out(`${style.good(symbols.good)} Wrote ${written.length === 0 ? 'the pins' : written.join(', ')}`);
  } else if (isPending) out('Nothing was written');
  else out(`${style.good(symbols.good)} All pins are up to date`);
  return 0;
};

const withWritten = (result: PerApp<PinReport>, written: readonly string[]): PerApp<PinReport> =>
  result.several
    ? { several: true, apps: result.apps.map((app) => ({ ...app, written: [...written] })) }
    : { several: false, report: { ...result.report, written: [...written] } };

/** The diffs, then what was moved and from where, then what is wrong, and what has no pin. */
function show({ changes, result }: Pinning): void {
  for (const change of changes) {
    out(style.bold(change.path));
    for (const line of diffLines(change)) out(`  ${line}`);
  }
  const reports = result.several ? result.apps : [result.report];
  const unique = <T>(rows: readonly T[]): readonly T[] => [
    ...new Map(rows.map((row) => [JSON.stringify(row), row])).values(),
  ];
  const moved = unique(reports.flatMap(({ pins }) => pins)).filter(({ change }) => change === 'moved');
  for (const row of columns(
    moved.map(({ file, line, reference, before = '', pin: now }) => [
      `${file}:${line}`,
      reference,
      `${short(before)} ${symbols.arrow} ${short(now)}`,
    ]),
  ))
    out(row);
  for (const { file, line, reference, why } of unique(reports.flatMap(({ problems }) => problems)))
    note(`${style.warn('!')} ${file}:${line} ${reference}: ${why}`);
  for (const { file, line, text, why } of unique(reports.flatMap(({ leftOut }) => leftOut)))
    note(`${style.warn('!')} ${file}:${line} ${text} has no pin: ${why}`);
}

const short = (pin: string): string => pin.slice(0, 19);
