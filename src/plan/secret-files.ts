/** Secrets that the application reads from files. */
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';

/** How a secret file is called: in the folder `secrets` of the deployment, and in `/run/secrets` of the container. */
export const secretName = (variable: string): string => variable.toLowerCase();

/** The secrets that the app reads from files: each a file beside the compose file, which git and the build leave out. */
export const planSecretFiles = (facts: Facts): Plan['secrets'] =>
  Object.fromEntries(
    facts.variables.flatMap(({ name, fileOf }) =>
      fileOf === undefined
        ? []
        : [
            [
              fileOf,
              { variable: fileOf, file: `secrets/${secretName(fileOf)}`, decision: `workloads.app.env.${name}` },
            ],
          ],
    ),
  );
