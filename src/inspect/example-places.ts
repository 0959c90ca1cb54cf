import type { ExistingDeployment, ExistingService } from '../model/existing.ts';
import type { Facts, Variable } from '../model/facts.ts';
import { services as registry } from '../services/registry.gen.ts';

/**
 * The facts with what examples of settings say of places: the port of the application, where the source names none, and services of the author's compose
 * file that examples lead to by the port of this machine under which it publishes them.
 */
export function withExamplePlaces(facts: Facts, docker: ExistingDeployment | undefined): Facts {
  const port = portOfExample(facts);
  const published = docker?.compose.find(({ use }) => use === 'base')?.services ?? [];
  const led = facts.variables.map((variable) => leadingTo(variable, published, facts));
  const reached = new Set(led.flatMap((item, at) => (item === facts.variables[at] ? [] : (item.service ?? []))));
  if (reached.size === 0) return port ? { ...facts, port } : facts;
  const variables = led.map((item) => besideAddress(item, reached));
  const services = facts.services.map((use) =>
    reached.has(use.service)
      ? { ...use, variables: variables.flatMap(({ name, service }) => (service === use.service ? [name] : [])) }
      : use,
  );
  return { ...facts, variables, services, ...(port ? { port } : {}) };
}

/** A variable that carries another part of the connection, by its usual name: who may log in where the address leads to. */
function besideAddress(variable: Variable, reached: ReadonlySet<string>): Variable {
  if (variable.service !== undefined) return variable;
  for (const { name, variables, addressed } of registry) {
    const row = addressed && reached.has(name) ? variables.find(({ match }) => match === variable.name) : undefined;
    if (row) return { ...variable, service: name, part: row.part };
  }
  return variable;
}

/** The port that an example gives the variable that the application listens on. */
function portOfExample({ port, variables }: Facts): Facts['port'] {
  if (!port || !('value' in port) || port.by !== 'default' || port.value.variable === undefined) return undefined;
  const read = variables.find(({ name }) => name === port.value.variable);
  const number = Number(read?.example);
  if (!read || !/^\d{1,5}$/.test(read.example ?? '') || number < 1 || number > 65_535) return undefined;
  return { value: { ...port.value, number }, by: 'detected', from: port.from };
}

/** A variable whose example is an address of this machine where one service alone is published: that is what the application reaches by it. */
function leadingTo(variable: Variable, services: readonly ExistingService[], facts: Facts): Variable {
  if (variable.service !== undefined || variable.secret) return variable;
  const [, scheme, number] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:localhost|127\.0\.0\.1):(\d{1,5})\/?$/i.exec(variable.example ?? '') ?? [];
  if (number === undefined) return variable;
  const reached = services.filter(({ ports }) => ports.some(({ host }) => host === number));
  const [only, more] = reached;
  if (!only || more || only.runs !== 'backing' || !facts.services.some(({ service }) => service === only.service))
    return variable;
  const main = only.ports.findIndex(({ host }) => host === number);
  // what lies behind a further port, such as a page for its owner, is not what clients speak to
  if (main !== 0 || only.service === undefined) return variable;
  const { external: _external, ...rest } = variable;
  return { ...rest, service: only.service, part: scheme === undefined ? 'address' : 'url' };
}
