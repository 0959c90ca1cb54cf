import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';

/** The names under which Compose looks for a file, the preferred first (compose-spec, "Compose file"). */
const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** The name where the project has none. */
export const usualCompose = 'docker-compose.yml';

/** The compose file that is there under one of its names is the one; its companions are named after it. */
export function composeFiles(facts: Facts): Plan['compose'] {
  const file = composeNames.find((name) => facts.existing.includes(name)) ?? usualCompose;
  const [stem, extension] = [file.replace(/\.ya?ml$/, ''), file.slice(file.lastIndexOf('.'))];
  const companion = (name: string) => {
    const names = composeNames.map((one) => one.replace(/\.ya?ml$/, (ending) => `.${name}${ending}`));
    return names.find((one) => facts.existing.includes(one)) ?? `${stem}.${name}${extension}`;
  };
  return { file, development: companion('dev'), production: companion('prod') };
}
