import { posix } from 'node:path';
import { isComposeBase } from '../catalog/docker-files.ts';
import { parseYaml } from '../formats/yaml/parse.ts';
import { UserError } from '../model/errors.ts';
import type { Plan, Service } from '../model/plan.ts';
import { dataVersionOf, type RunningServices } from '../plan/running.ts';
import { isTable } from '../project/data.ts';
import type { Project } from '../project/project.ts';
import type { LastGenerated } from '../reconcile/state.ts';
import { loadBackingService, services } from '../services/registry.gen.ts';

/** The images of the services in the compose files that were generated last, with what their owner has changed since. */
export function runningServices({ read }: Pick<Project, 'read'>, last: LastGenerated): RunningServices {
  return Object.fromEntries(
    [...last]
      .filter(([path]) => isComposeBase(posix.basename(path)))
      .flatMap(([path, { content }]) => {
        const text = read(path) ?? content;
        const now = imagesOf(text, path);
        const before = text === content ? now : imagesOf(content, path);
        return Object.entries(now).map(([name, { image, line }]) => {
          const generated = before[name]?.image;
          const from = { file: path, line, why: `${name} runs ${image}` };
          return [
            name,
            { image, from, ...(generated === undefined || generated === image ? {} : { before: generated }) },
          ];
        });
      }),
  );
}

type Images = Readonly<Record<string, { readonly image: string; readonly line: number }>>;

/** A file that cannot be read says nothing here: it is reported where it is merged. */
function imagesOf(text: string, file: string): Images {
  try {
    const { value, line } = parseYaml(text, file);
    const table = isTable(value) && isTable(value['services']) ? value['services'] : {};
    return Object.fromEntries(
      Object.entries(table).flatMap(([name, service]) => {
        const image = isTable(service) ? service['image'] : undefined;
        return typeof image === 'string' ? [[name, { image, line: line(['services', name, 'image']) }]] : [];
      }),
    );
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
}

/** What is said of services whose volumes were made by another version than the one that is usual now, or that is to start. */
export async function versionNotes(plan: Plan, running: RunningServices): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const [host, service] of Object.entries(plan.services)) {
    const row = Object.hasOwn(running, host) ? running[host] : undefined;
    if (row && service.volume && !service.kept) notes.push(...(await noteOf(host, service, row)));
  }
  return notes;
}

async function noteOf(host: string, service: Service, row: RunningServices[string]): Promise<readonly string[]> {
  const detection = services.find(({ name }) => name === service.service);
  const loaded = await loadBackingService(service.service);
  if (!detection || !loaded) return [];
  const versionOf = (image: string) => dataVersionOf(loaded, detection, image);
  const made = row.before ?? row.image;
  const { title } = detection;
  const way = `${service.hint === undefined ? 'save its data' : service.hint.replace('back it up with: ', 'save its data with `').concat('`')} while ${made} runs, remove the volume ${service.volume?.name}, start the new version, and restore the data`;
  if (versionOf(made) !== undefined && versionOf(service.image) !== versionOf(made))
    return [
      `${host} ran ${made} before and would now run ${service.image}, which cannot read the data of ${title} ${versionOf(made)} in the volume ${service.volume?.name}. If there is data, ${way}. Or set the image back to ${made}.`,
    ];
  const usual = loaded.container({ app: 'app', host, role: service.role }).image;
  if (versionOf(usual) === undefined || versionOf(usual) === versionOf(service.image)) return [];
  return [
    `${host} stays on ${service.image}, because its volume has data of that version; new deployments get ${usual}. To upgrade: ${way}, and set the key "services.${service.service}.image" to the new image.`,
  ];
}
