import { tryDocker } from '../engine/docker.ts';
import { projectOf } from '../model/applications.ts';
import { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { LastGenerated } from '../reconcile/state.ts';
import type { TargetFolder } from '../write/folder.ts';
import { valuesOf } from './env-files.ts';

/** The engine is asked aside: generating waits no longer for it. Milliseconds. */
const patience = 3_000;

/** The volumes that the local engine has; none where no engine answers. */
async function volumesOfEngine(signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
  const asked = await tryDocker(['volume', 'ls', '--format', '{{.Name}}'], { timeoutMs: patience, signal }).catch(
    (error: unknown) => {
      if (error instanceof UserError) return undefined;
      throw error;
    },
  );
  return new Set(asked?.code === 0 ? asked.stdout.split('\n') : []);
}

/**
 * What is said where new passwords are about to be made while databases of an earlier start are there: each keeps the password that it was made with.
 * Only a project that was deployed before is worth the question. `ask` gives the volumes that there are.
 */
export async function volumeNotes(
  { plan, last }: { readonly plan: Plan; readonly last: LastGenerated },
  folder: TargetFolder,
  signal: AbortSignal | undefined,
  ask: typeof volumesOfEngine = volumesOfEngine,
): Promise<readonly string[]> {
  const project = projectOf(plan);
  const guarded = Object.entries(plan.services).filter(
    ([, { kept, volume, env }]) =>
      !kept && volume && volume.folder === undefined && Object.values(env).some(({ secret }) => secret),
  );
  if (last.size === 0 || guarded.length === 0 || valuesOf(plan, folder) !== undefined) return [];
  const there = await ask(signal);
  return guarded.flatMap(([host, { volume }]) => {
    const name = volume?.realName ?? (project === null ? undefined : `${project}_${volume?.name}`);
    return name === undefined || !there.has(name)
      ? []
      : [
          `The volume ${name} exists from an earlier start, but .env does not: ${host} keeps the password that it was created with, and rejects a new one. Set that password in .env, or remove the volume with all its data: \`docker volume rm ${name}\`.`,
        ];
  });
}
