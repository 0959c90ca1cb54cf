/** Backing services that were deployed before: what their volumes hold was made by one version, and the next major one may not read it. */
import type { Evidence } from '../model/evidence.ts';
import type { BackingService, ServiceDetection } from '../services/contract.ts';

/** The image of a service in the compose file that was generated last, as that file has it now. */
export type RunningService = {
  readonly image: string;
  readonly from: Evidence;
  /** what was generated last, where somebody has changed it since */
  readonly before?: string;
};

/** By the name of the compose service. */
export type RunningServices = Readonly<Record<string, RunningService>>;

/** The version of a server whose data its image can read; undefined: it reads those of others too, or the image is none of this server's. */
export function dataVersionOf(
  service: Pick<BackingService, 'dataVersion'> | undefined,
  { images = [] }: Pick<ServiceDetection, 'images'>,
  image: string,
): string | undefined {
  const [name = ''] = image.split('@');
  const repository = name.replace(/:[^/:]*$/, '').replace(/^docker\.io\/(library\/)?/, '');
  return images.includes(repository) ? service?.dataVersion?.(name) : undefined;
}

/** The image that goes on, where the usual one is another version by now; undefined: the usual one can read the data, or there are none. */
export function keepsRunning(
  running: RunningService | undefined,
  detection: ServiceDetection,
  service: BackingService | undefined,
  usual: string | undefined,
): RunningService | undefined {
  if (!running || usual === undefined) return undefined;
  const version = dataVersionOf(service, detection, running.image);
  return version === undefined || version === dataVersionOf(service, detection, usual) ? undefined : running;
}
