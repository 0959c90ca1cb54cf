import { inspectProject } from '../../index.ts';
import { flowOptions, type Run } from '../options.ts';
import { dockerRows } from '../report/docker.ts';
import { factRows, packageLines, specificationLines, table } from '../report/facts.ts';
import { json, out, style } from '../terminal.ts';

/** Prints the facts of each app, with their evidence. */
export const run: Run = async (flags, _args, signal) => {
  const inspection = await inspectProject(flowOptions(flags, signal));
  if (flags.json) {
    json(inspection);
    return 0;
  }
  for (const line of packageLines(inspection.repository)) out(line);
  for (const facts of inspection.repository.apps) {
    out(`${style.bold(facts.title.value)} ${style.dim(facts.root)}`);
    for (const line of table([...factRows(facts), ...dockerRows(facts)])) out(line);
  }
  if (inspection.specification) {
    out(style.bold('Specification'));
    for (const line of specificationLines({ specification: inspection.specification })) out(line);
  }
  for (const warning of inspection.warnings) out(`${style.warn('!')} ${warning}`);
  return 0;
};
