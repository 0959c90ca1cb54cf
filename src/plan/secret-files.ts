/** Secrets that the application reads from files. */
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Decide } from './decide.ts';

/** How a secret file is called: in the folder `secrets` of the deployment, and in `/run/secrets` of the container. */
export const secretName = (variable: string): string => variable.toLowerCase();

/** The secrets that the app reads from files: each a file beside the compose file, which git and the build leave out. */
export const planSecretFiles = (facts: Facts): Plan['secrets'] =>
  Object.fromEntries([
    ...(facts.secretFiles ?? []).map(
      ({ name }) => [name, { variable: name, file: `secrets/${name}`, decision: `secrets.${name}` }] as const,
    ),
    ...facts.variables.flatMap(({ name, fileOf }) =>
      fileOf === undefined
        ? []
        : [
            [
              fileOf,
              { variable: fileOf, file: `secrets/${secretName(fileOf)}`, decision: `workloads.app.env.${name}` },
            ] as const,
          ],
    ),
  ]);

/** Why files are mounted that the code reads by their names. */
export function decideSecretFiles(facts: Facts, decide: Decide): void {
  for (const { name, from } of facts.secretFiles ?? [])
    decide(`secrets.${name}`, { choice: `the file secrets/${name}`, why: `the app reads /run/secrets/${name}`, from });
}
