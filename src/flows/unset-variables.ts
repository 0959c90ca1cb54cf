import type { Facts } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import type { Plan } from '../model/plan.ts';

/**
 * What the application does not start without, and what the author's compose file gives its container in no way: neither the image, nor a variable,
 * nor a file of settings.
 */
export function unsetVariables(facts: Facts, { kept, workloads }: Plan): readonly string[] {
  const { docker } = facts;
  const base = docker?.compose.find(
    ({ files }) => files.length > 0 && files.every((file) => kept?.compose.includes(file)),
  );
  const services = (base?.services ?? []).filter(({ runs }) => runs === 'application');
  const [service] = services;
  if (!docker || !base || !service || services.length > 1 || service.envFiles.length > 0) return [];
  const dockerfile = docker.dockerfiles.find(({ path }) => path === service.build?.dockerfile);
  const set = {
    ...dockerfile?.stages.at(-1)?.env,
    ...service.env,
    ...workloads[service.name]?.env,
  };
  const port = knownValue(facts.port)?.variable;
  const names = facts.variables
    .filter(
      ({ name, required, fileOf }) => required && fileOf === undefined && name !== port && !Object.hasOwn(set, name),
    )
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) return [];
  const shown = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
  return [
    `The application does not start without ${shown}, but ${base.files[0]} does not set ${names.length === 1 ? 'it' : 'them'} for ${service.name}. Add \`env_file: .env\` there, or set ${names.length === 1 ? 'it' : 'them'} under \`environment\`.`,
  ];
}
