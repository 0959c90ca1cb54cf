import type { Config } from '../model/config.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';

/** What of the author's Docker files is not in a generated set, with the files that nothing uses any more once it stands in their place. */
export function leftOutOf(
  { docker, leftOut = [] }: Facts,
  { existing }: Config,
  { image, compose }: { readonly image: Plan['images'][string]; readonly compose: Plan['compose'] },
): Pick<Plan, 'leftOut'> {
  const used = new Set([image.dockerfile, compose.file, compose.development, compose.production]);
  const files = [
    ...(docker?.dockerfiles ?? []).filter(({ builds }) => builds === 'application').map(({ path }) => path),
    ...(docker?.compose ?? []).filter(({ use }) => use !== 'other').flatMap((set) => set.files),
  ];
  const unused = existing === 'replace' ? [...new Set(files)].filter((path) => !used.has(path)) : [];
  const rows = [
    ...leftOut,
    ...unused.map((file) => ({
      what: file,
      why: 'nothing uses it any more once the generated set is there: delete it',
      from: [{ file, why: 'a Docker file of the author' }],
    })),
  ];
  return rows.length > 0 ? { leftOut: rows } : {};
}
