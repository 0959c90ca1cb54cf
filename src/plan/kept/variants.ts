import type { ExistingDeployment } from '../../model/existing.ts';

/**
 * The compose file that starts the application with a backing service, as another way to run it: the base of the author starts it without. The code
 * then has a client of both, and a setting chooses one. Undefined where no file does that.
 */
export function variantWith({ compose }: ExistingDeployment, service: string): string | undefined {
  const starts = ({ services }: ExistingDeployment['compose'][number]) =>
    services.some(({ runs }) => runs === 'application');
  const has = ({ services }: ExistingDeployment['compose'][number]) =>
    services.some((item) => item.runs === 'backing' && item.service === service);
  const bases = compose.filter(({ use }) => use === 'base' || use === 'override' || use === 'production');
  if (!bases.some(starts) || bases.some(has)) return undefined;
  return compose.find((set) => set.use === 'other' && starts(set) && has(set))?.files.at(-1);
}
