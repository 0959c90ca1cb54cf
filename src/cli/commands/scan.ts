import { type ScanFinding, type ScannerName, type ScanReport, type ScanSeverity, scan } from '../../index.ts';
import { type Flags, type Run, warningOptions } from '../options.ts';
import { printPerApp } from '../per-app.ts';
import { progress } from '../progress.ts';
import { columns, cut, out, style, symbols } from '../terminal.ts';

type ScanFlags = Flags & {
  readonly scanner?: ScannerName;
  readonly failOn?: ScanSeverity;
  readonly strict?: boolean;
  readonly sarif?: string;
};

/** Scans the image and prints what was found, the worst first, with the line of the Dockerfile that brought it. */
export const run: Run<ScanFlags> = async (flags, _args, signal) => {
  const shown = progress(flags);
  const { code, result } = await scan(
    {
      ...warningOptions(flags, signal),
      ...(flags.scanner ? { scanner: flags.scanner } : {}),
      ...(flags.failOn ? { failOn: flags.failOn } : {}),
      ...(flags.strict ? { strict: true } : {}),
      ...(flags.sarif === undefined ? {} : { sarif: flags.sarif }),
    },
    shown.on,
  ).finally(shown.end);
  printPerApp(result, flags, print);
  return code;
};

const marks: Readonly<Record<ScanFinding['severity'], (text: string) => string>> = {
  critical: (text) => style.bad(style.bold(text)),
  high: style.bad,
  medium: style.warn,
  low: style.dim,
  unknown: style.dim,
};

function print(report: ScanReport, app?: string): void {
  const { image, digest, scanner, database, counts, findings, secrets, notProved } = report;
  out();
  out(style.bold(`The scan of ${image}${app === undefined ? '' : ` (${app})`}`));
  for (const row of columns([
    ['digest', digest],
    [
      'scanner',
      scanner
        ? `${scanner.name} ${scanner.version}${database?.date === undefined ? '' : `, with the database of ${database.date.slice(0, 10)}`}`
        : 'none',
    ],
    ...(scanner && database?.state !== 'missing'
      ? [['found', `${counts.critical} critical, ${counts.high} high, ${counts.medium} medium, ${counts.low} low`]]
      : []),
    ['secrets', secrets.length === 0 ? 'none found in the layers or the configuration' : String(secrets.length)],
  ]))
    out(row);
  for (const finding of findings) printFinding(finding, report);
  for (const { path, what, line, instruction, id } of secrets) {
    out();
    out(`${style.bad(symbols.bad)} ${style.bold(path)} contains ${what}`);
    printOrigin({ line, instruction }, report);
    out(style.dim(`    as ${id}`));
  }
  printRest(report);
  if (notProved.length > 0) out();
  for (const why of notProved) out(`${style.warn(symbols.open)} Not proved: ${why}`);
  out();
  for (const why of report.failed) out(`${style.bad(symbols.bad)} ${style.bold(why)}`);
  if (report.failed.length === 0 && notProved.length === 0)
    out(`${style.good(symbols.good)} No findings that fail the scan.`);
}

function printFinding(finding: ScanFinding, report: ScanReport): void {
  const { id, aliases, severity, package: name, version, fixed, title, path } = finding;
  out();
  out(
    `${marks[severity](severity)} ${style.bold(id)} ${name} ${version} ${symbols.arrow} ${fixed ?? 'no fix yet'}${aliases.length > 0 ? style.dim(`  ${aliases.join(', ')}`) : ''}`,
  );
  if (title !== undefined) out(`    ${cut(title, 120)}`);
  if (path !== undefined) out(style.dim(`    ${path}`));
  printOrigin(finding, report);
}

function printOrigin(
  { line, instruction }: { readonly line?: number | undefined; readonly instruction?: string | undefined },
  { dockerfile }: ScanReport,
): void {
  if (instruction === undefined) return;
  const place = line === undefined ? '' : `${style.accent(`${dockerfile}:${line}`)} `;
  out(`    ${place}${style.dim(cut(instruction, 100))}`);
}

/** What the ignore file says, and the comparison with the image that was pushed last. */
function printRest({ ignored = [], expired = [], pushed }: ScanReport): void {
  if (ignored.length + expired.length > 0) out();
  for (const { id, reason, expires } of ignored)
    out(style.dim(`${symbols.skip} ${id} is ignored${expires === undefined ? '' : ` until ${expires}`}: ${reason}`));
  for (const { id, reason, expires } of expired)
    out(`${style.warn('!')} ${id} counts again, because it was only ignored until ${expires}: ${reason}`);
  if (!pushed) return;
  out();
  out(style.bold(`Since the last push (${pushed.digest.slice(0, 19)})`));
  for (const row of columns([
    ...pushed.new.map((value) => ['new', value]),
    ...pushed.fixed.map((value) => ['fixed', value]),
    ...pushed.still.map((value) => ['still there', value]),
  ]))
    out(row);
  if (pushed.new.length + pushed.fixed.length + pushed.still.length === 0) out('  no findings then, and none now');
}
