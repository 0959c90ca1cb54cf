import { type ContractItem, isProved, verify } from '../../index.ts';
import { type Flags, type Run, type SecretFlags, warningOptions } from '../options.ts';
import { progress } from '../progress.ts';
import { findingLines } from '../report/findings.ts';
import { secretOptions } from '../secrets.ts';
import { json, out, style, symbols } from '../terminal.ts';

const marks: Readonly<Record<ContractItem['status'], () => string>> = {
  pass: () => style.good(symbols.good),
  fail: () => style.bad(symbols.bad),
  'not-applicable': () => style.dim(symbols.skip),
  'not-proved': () => style.warn(symbols.open),
};

type VerifyFlags = Flags & SecretFlags & { readonly strict?: boolean; readonly allow?: readonly string[] };

const word = (status: ContractItem['status']): string =>
  status === 'not-proved'
    ? style.warn(' (not proved)')
    : status === 'not-applicable'
      ? style.dim(' (not applicable)')
      : '';

function printItem(item: ContractItem): void {
  out(`${marks[item.status]()} ${String(item.number).padStart(2)} ${item.title}${word(item.status)}`);
  for (const evidence of item.evidence) out(style.dim(`     ${evidence}`));
  for (const cause of item.causes ?? [])
    out(`     ${style.warn('your file')} ${style.accent(`${cause.file}:${cause.line}`)} ${cause.message}`);
  for (const { file, line, why } of item.places ?? [])
    out(`     ${style.warn('your file')} ${style.accent(`${file}${line === undefined ? '' : `:${line}`}`)} ${why}`);
  if (item.next) out(`     ${symbols.arrow} ${item.next}`);
}

/** Proves the runtime contract, and prints it as a checklist with its evidence. */
export const run: Run<VerifyFlags> = async (flags, _args, signal) => {
  const shown = progress(flags);
  const report = await verify(
    {
      ...warningOptions(flags, signal),
      ...secretOptions(flags),
      ...(flags.allow ? { allow: flags.allow } : {}),
      ...(flags.strict ? { strict: true } : {}),
    },
    shown.on,
  ).finally(shown.end);
  if (flags.json) json(report);
  else {
    out();
    out(style.bold(`The runtime contract of ${report.image}`));
    if (report.workload !== undefined) out(`The service ${style.accent(report.workload)}`);
    for (const item of report.items) printItem(item);
    for (const { name, shape, image, items } of report.others ?? []) {
      out();
      out(`The service ${style.accent(name)} ${style.dim(`(${shape}, ${image})`)}`);
      // what does not fit its shape, or is proved with another service, says nothing here
      for (const item of items.filter(({ status }) => status !== 'not-applicable')) printItem(item);
    }
    out();
    out(style.dim('How this run differed from production:'));
    for (const override of report.overrides) out(style.dim(`  ${symbols.dot} ${override}`));
    for (const line of findingLines(report.findings ?? [], [])) out(line);
  }
  return isProved(report, flags.strict) ? 0 : 1;
};
