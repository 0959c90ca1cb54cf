import { isLoaderVariable } from '../../../catalog/loader-variables.ts';
import type { Facts, LeftOut } from '../../../model/facts.ts';
import type { ApplicationInput } from '../../contract.ts';
import {
  type ContainerEvidence,
  containerEvidence,
  limitsOf,
  packageEvidence,
  variableEvidence,
  variableNames,
} from './evidence.ts';
import { carriedEvidence, keyEvidence } from './keys.ts';
import { dataFolders } from './mounts.ts';

/** Variables that belong to how an image is built or started, whatever the language. */
const usual =
  /^(PATH|HOME|USER|PORT|HOST|HOSTNAME|CI|LANG|LC_ALL|TZ|DEBIAN_FRONTEND|(PYTHON|PIP_|UV_|POETRY_|GO|CGO_|VIRTUAL_ENV).*)$/;

/**
 * The facts of an application whose language reads nothing in the author's Docker files, with what those say: where they are replaced it is listed, so that
 * nothing is lost without a word.
 */
export function listUntransferred(input: ApplicationInput, facts: Facts): Facts {
  const container = input.config.existing === 'replace' ? containerEvidence(input.docker) : undefined;
  if (!container) return facts;
  const lost = untransferredOf(container, facts);
  const carried = carriedEvidence(container.service);
  return {
    ...facts,
    ...(carried.length > 0 ? { carried: [...carried] } : {}),
    ...limitsOf(container),
    ...(lost.length > 0 ? { leftOut: [...(facts.leftOut ?? []), ...lost] } : {}),
  };
}

function untransferredOf(
  container: ContainerEvidence,
  { variables, writes, system }: Pick<Facts, 'variables' | 'writes' | 'system'>,
): readonly LeftOut[] {
  const given = variableNames(container).flatMap((name): LeftOut[] => {
    const known = variables.find((one) => one.name === name);
    const value = variableEvidence(container, name);
    if (usual.test(name) || isLoaderVariable(name) || known?.service !== undefined || !value) return [];
    const why = known
      ? 'the old files give it a value that the generated ones do not contain: set it in .env'
      : 'no code was found that reads it: if the app needs it, add it by the key `variables`';
    return [{ what: `variable ${name}`, why, from: [...value.from] }];
  });
  const folders = dataFolders(container)
    .filter(({ value }) => !writes.some((one) => one.value === value || one.value.startsWith(`${value}/`)))
    .map(({ value, from }) => ({
      what: `volume at ${value}`,
      why: 'no code was found that writes there: if it holds data, add the folder to the key `writable`',
      from: [...from],
    }));
  const packages = packageEvidence(container);
  const lacking = packages.system
    .filter(({ value }) => !system.some((one) => one.value === value))
    .map(({ value, from }) => ({
      what: `package ${value}`,
      why: 'nothing was found that needs it: if the app does, add it to the key `system`',
      from: [...from],
    }));
  return [...given, ...folders, ...lacking, ...packages.leftOut, ...keyEvidence(container.service)];
}
