/** Secrets that the application reads from files. */
import { posix } from 'node:path';
import type { Facts } from '../model/facts.ts';
import { foldersOf, inRepository } from '../model/folders.ts';
import { evidenceOf } from '../model/known.ts';
import type { Plan } from '../model/plan.ts';
import type { Decide } from './decide.ts';

/** How a secret file is called: in the folder `secrets` of the deployment, and in `/run/secrets` of the container. */
export const secretName = (variable: string): string => variable.toLowerCase();

/** The secrets that the app reads from files: each a file beside the compose file, or one that is there already; git and the build leave them out. */
export const planSecretFiles = (facts: Facts): Plan['secrets'] =>
  Object.fromEntries([
    ...(facts.secretFiles ?? []).map(
      ({ name }) => [name, { variable: name, file: `secrets/${name}`, decision: `secrets.${name}` }] as const,
    ),
    ...(facts.localFiles ?? []).map(({ value }) => {
      const file = inRepository(facts, value);
      const target = posix.join(foldersOf(facts).image, value);
      return [file, { variable: file, file, target, decision: `secrets.${file}` }] as const;
    }),
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
  for (const fact of facts.localFiles ?? [])
    decide(`secrets.${inRepository(facts, fact.value)}`, {
      choice: `the file ${fact.value} of this machine`,
      why: 'the app reads it and Git ignores it: it must not be in an image, so it is mounted where the app looks for it',
      ...evidenceOf(fact),
    });
}
