import type { Config } from '../model/config.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { variantWith } from './kept/variants.ts';
import type { ChosenService } from './services.ts';

/** Whether a service belongs to another way to run the application, which a compose file of its own is for: nobody asks for both at once. */
export const isOfVariant = ({ name, isAsked }: Pick<ChosenService, 'name' | 'isAsked'>, { docker }: Facts): boolean =>
  !isAsked && docker !== undefined && variantWith(docker, name) !== undefined;

/** The services of other ways to run it, which the generated set does without. */
const ofVariants = ({ docker, services }: Facts, config: Config): NonNullable<Plan['leftOut']> =>
  services.flatMap(({ service, from }) => {
    const variant = docker && config.services?.[service] === undefined ? variantWith(docker, service) : undefined;
    if (variant === undefined) return [];
    const why = `${variant} adds it, and the base file starts the application without it: add it with the key "services"`;
    return [{ what: `service ${service}`, why, from: [...from] }];
  });

/** What of the author's Docker files is not in a generated set, with the files that nothing uses any more once it stands in their place. */
export function leftOutOf(
  facts: Facts,
  config: Config,
  { image, compose }: { readonly image: Plan['images'][string]; readonly compose: Plan['compose'] },
): Pick<Plan, 'leftOut'> {
  const { docker, leftOut = [] } = facts;
  const { existing } = config;
  const used = new Set([image.dockerfile, compose.file, compose.development, compose.production]);
  const files = [
    ...(docker?.dockerfiles ?? []).filter(({ builds }) => builds === 'application').map(({ path }) => path),
    ...(docker?.compose ?? []).filter(({ use }) => use !== 'other').flatMap((set) => set.files),
  ];
  const unused = existing === 'replace' ? [...new Set(files)].filter((path) => !used.has(path)) : [];
  const rows = [
    ...leftOut,
    ...ofVariants(facts, config),
    ...unused.map((file) => ({
      what: file,
      why: 'nothing uses it once the generated files exist: delete it',
      from: [{ file, why: 'an existing Docker file' }],
    })),
  ];
  return rows.length > 0 ? { leftOut: rows } : {};
}
