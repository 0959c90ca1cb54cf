import type { Service } from '../model/plan.ts';
import type { ServiceContainer } from '../services/contract.ts';
import type { Decide } from './decide.ts';
import { keysOf } from './service-keys.ts';
import { serviceValue } from './service-values.ts';
import type { ChosenService } from './services.ts';
import { joined, type WithSettings } from './settings.ts';

/** The backing services of the plan, with the settings that they need. `appPort` is taken on the machine of a developer. */
export function planServices(
  app: string,
  all: readonly ChosenService[],
  decide: Decide,
  appPort?: number,
): WithSettings<Record<string, Service>> {
  const free = freePorts(appPort);
  const planned = all.flatMap((chosen) => {
    const { host, role, image, existing: login } = chosen;
    const container = chosen.service?.container({ app, host, role, image, login });
    return container ? [{ host: chosen.host, ...planService(chosen, container, free, decide) }] : [];
  });
  return {
    value: Object.fromEntries(planned.map(({ host, value }) => [host, value])),
    settings: joined(...planned.map(({ settings }) => settings)),
  };
}

/** Gives each port once: on the machine of a developer each is there once. */
function freePorts(appPort: number | undefined): (port: number) => number {
  const taken = new Set(appPort === undefined ? [] : [appPort]);
  return (port) => {
    let found = port;
    while (taken.has(found)) found += 1;
    taken.add(found);
    return found;
  };
}

function planService(
  chosen: ChosenService,
  container: ServiceContainer,
  free: (port: number) => number,
  decide: Decide,
): WithSettings<Service> {
  const { host, detection, role, required, from, assertions } = chosen;
  const key = `services.${host}`;
  const decision = decide(key, {
    choice: `${detection.title}${role ? ` as ${role}` : ''}, ${required ? 'required' : 'optional'}`,
    why: detection.only ? `in ${detection.only.form} only: ${detection.only.why}` : container.why,
    by: chosen.by,
    from,
    assertions,
  });
  const values = Object.entries(container.env).map(
    ([name, parts]) => [name, serviceValue(parts, chosen, `setting of ${detection.title}`, decision)] as const,
  );
  return {
    value: {
      service: chosen.name,
      image: chosen.image ?? container.image,
      ...(role ? { role } : {}),
      required,
      ...(detection.only ? { only: detection.only.form } : {}),
      ...commandOf(chosen, container),
      ...keysOf(key, chosen.existing?.keys, decide),
      env: Object.fromEntries(values.map(([name, { value }]) => [name, value])),
      port: container.port,
      check: container.check,
      ...(chosen.existing?.memory === undefined ? {} : { memory: chosen.existing.memory }),
      ...(container.volume ? { volume: planVolume(chosen, container.volume, decide) } : {}),
      ...filesOf(chosen, decide),
      developmentPort: {
        variable: `${host.toUpperCase().replaceAll('-', '_')}_PORT`,
        default: free(container.developmentPort),
      },
      ...(container.backup ? { hint: container.backup } : {}),
      ...(chosen.variables[0] ? { url: chosen.variables[0] } : {}),
      decision,
    },
    settings: joined(...values.map(([, { settings }]) => settings)),
  };
}

/** The author's command, if any: settings of ours would hide data that were stored under others (an append-only file, a snapshot). */
function commandOf({ existing }: ChosenService, { command, withPassword }: ServiceContainer): Pick<Service, 'command'> {
  const own = existing?.command ?? ((existing?.volume ?? existing?.folder) ? undefined : command);
  return own ? { command: [...(withPassword?.(own) ?? own)] } : {};
}

/** What of the project the author mounts into a service. A container that could write it would change the repository. */
function filesOf({ host, existing }: ChosenService, decide: Decide): Pick<Service, 'files'> {
  if (!existing?.files?.length) return {};
  const choice = existing.files.map(({ source, path }) => `${source} at ${path}`).join(', ');
  const why = 'mounted there by your compose file; without it a new database has no tables, or a server no settings';
  const decision = decide(`services.${host}.files`, { choice, why, from: existing.from });
  return { files: existing.files.map((file) => ({ ...file, decision })) };
}

/** The volume of a service: that of the author where there is one, under its name and at its path, so that its data is found. */
function planVolume(
  { host, from, assertions, existing }: ChosenService,
  usual: NonNullable<ServiceContainer['volume']>,
  decide: Decide,
): NonNullable<Service['volume']> {
  const bound = existing?.folder;
  if (bound) {
    const choice = `${bound.source} of the project at ${bound.path}, as before`;
    const why = 'its data must outlive the container';
    const decision = decide(`services.${host}.volume`, { choice, why, from: existing?.from ?? [] });
    return { name: `${host}-data`, folder: `./${bound.source}`, path: bound.path, decision };
  }
  const kept = existing?.volume;
  const path = kept?.path ?? usual.path;
  const decision = decide(`services.${host}.volume`, {
    choice: kept ? `the volume ${kept.name ?? kept.key} at ${path}, as before` : `a named volume at ${path}`,
    why: kept ? 'its data must outlive the container' : usual.purpose,
    from: kept ? (existing?.from ?? []) : from,
    assertions,
  });
  return {
    name: kept?.key ?? `${host}-data`,
    ...(kept?.name === undefined ? {} : { realName: kept.name }),
    path,
    decision,
  };
}
