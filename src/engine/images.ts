import { z } from '../model/zod.ts';
import { docker, LIMITS, readDockerJson, tryDocker } from './docker.ts';

/** An image of the engine's store. */
export type LocalImage = {
  /** with the containerd store the digest of what the tag names, else that of the configuration */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** bytes, as the engine counts them */
  readonly size: number;
};

const Inspected = z.array(
  z.object({
    Id: z.string(),
    Size: z.number().optional(),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  }),
);

/** An image of the engine's store by its name; undefined where there is none. */
export async function findImage(name: string, signal?: AbortSignal | undefined): Promise<LocalImage | undefined> {
  const result = await tryDocker(['image', 'inspect', name], { timeoutMs: LIMITS.moment, signal });
  if (result.code !== 0) return undefined;
  const [image] = readDockerJson(result.stdout, Inspected, 'image inspect');
  return image && { id: image.Id, labels: image.Config?.Labels ?? {}, size: image.Size ?? 0 };
}

/** Gives an image of the engine's store another name. */
export async function tagImage(from: string, to: string, signal?: AbortSignal | undefined): Promise<void> {
  await docker(['image', 'tag', from, to], { timeoutMs: LIMITS.moment, signal });
}
