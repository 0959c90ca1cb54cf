import { type DeployReport, type DeployStep, deploy, UserError } from '../../index.ts';
import { type Run, type SecretFlags, warningOptions } from '../options.ts';
import { printPerApp } from '../per-app.ts';
import { progress } from '../progress.ts';
import { askingRegistry, pushing, type RegistryFlags } from '../registry.ts';
import { secretOptions } from '../secrets.ts';
import { bytes, columns, linesOf, note, out, style, symbols } from '../terminal.ts';

type DeployFlags = RegistryFlags &
  SecretFlags & { readonly from?: DeployStep; readonly until?: DeployStep; readonly dryRun?: boolean };

/** `deploy build` ends after the build; `deploy push` is all of it. */
function untilOf(form: string | undefined, { until }: DeployFlags): DeployStep | undefined {
  if (form === undefined || form === 'push') return until;
  if (form === 'build') return 'build';
  throw new UserError({
    code: 'usage',
    message: `"${form}" is not a valid argument for deploy.`,
    next: ['Run `dockwright deploy`, `dockwright deploy build` or `dockwright deploy push`.'],
  });
}

/** Runs the steps and prints the summary of the deployment. */
export const run: Run<DeployFlags> = (given, [form], signal) =>
  askingRegistry(given, async (flags) => {
    const until = untilOf(form, flags);
    const shown = progress(flags);
    const { code, result } = await deploy(
      {
        ...warningOptions(flags, signal),
        ...secretOptions(flags),
        ...(flags.from ? { from: flags.from } : {}),
        ...(until ? { until } : {}),
        ...(flags.dryRun ? { dryRun: true } : {}),
        ...(flags.yes ? { write: true } : {}),
        ...pushing(flags),
      },
      shown.on,
    ).finally(shown.end);
    printPerApp(result, flags, print);
    return code;
  });

const marks = {
  pass: () => style.good(symbols.good),
  fail: () => style.bad(symbols.bad),
  skipped: () => style.dim(symbols.skip),
} as const;

function print({ steps, digest, tags, run: line, size, error, ...seen }: DeployReport, app?: string): void {
  out();
  out(style.bold(`Deployment${app === undefined ? '' : ` of ${app}`}`));
  for (const { id, status, note: seen = '' } of steps)
    out(`${marks[status]()} ${id}${seen === '' ? '' : style.dim(`  ${linesOf(seen)[0] ?? ''}`)}`);
  out();
  for (const row of columns([
    ...(digest === undefined ? [] : [['digest', style.bold(digest)]]),
    ...(seen.artifacts === undefined ? [] : [['files', seen.artifacts.join(', ')]]),
    ...(size === undefined ? [] : [['size', `${bytes(size)} compressed`]]),
    ...(seen.verification === undefined ? [] : [['verification', seen.verification]]),
    ...(seen.assertions === undefined ? [] : [['specification', seen.assertions]]),
    ...(seen.registry === undefined ? [] : [['registry', seen.registry]]),
    ...tags.map((name) => ['tag', name]),
    ...(seen.stages ?? []).map(({ variable, image }) => ['production', `${variable}=${image}`]),
  ]))
    out(row);
  if (line !== undefined) out(`  ${symbols.arrow} ${line}`);
  if (seen.verify !== undefined) out(`  ${symbols.arrow} ${seen.verify}`);
  if (!error) return;
  for (const value of linesOf(error.message)) note(`${style.bad(symbols.bad)} ${style.bold(value)}`);
  for (const step of error.next) note(`  ${symbols.arrow} ${step}`);
}
