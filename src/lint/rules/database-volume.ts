/** The volume of a database is mounted where that version stores nothing: the data is lost with the container, or the database does not start. */
import { posix } from 'node:path';
import type { DataFolder } from '../../catalog/data-services.ts';
import type { Remark, Rule } from '../contract.ts';
import { dataServiceOf } from '../facts/catalogue.ts';
import type { MountFacts, ServiceFacts } from '../facts/compose.ts';
import { versionOf } from '../facts/image.ts';
import { isInside } from './support/paths.ts';

/** Mounts that are not meant to hold data. */
const OTHERS =
  /^\/(docker-entrypoint-initdb\.d|etc|usr|opt|tmp|run|var\/run|var\/log|logs?|backups?|dumps?|scripts?|certs?|ssl|secrets?|config|init|migrations?|sql|seed|app|home|root|import)(\/|$)|\.(sql|sh|conf|cnf|ini|ya?ml|json|pem|crt|key|js|gz)$/;

/** Whether the data lands in a mount: the deepest of the mounts and of the image's own volume that holds it is a mount. */
function isKept(data: string, { volume }: DataFolder, mounts: readonly MountFacts[]): boolean {
  const holding = mounts.map(({ target }) => target).filter((target) => isInside(data, target));
  const deepest = Math.max(0, ...holding.map((target) => target.length));
  return holding.length > 0 && (!isInside(data, volume) || deepest >= volume.length);
}

function lost(service: ServiceFacts): Remark | undefined {
  const { image, mounts, environment, set } = service;
  const known = dataServiceOf(image);
  if (!image || !known?.folders || image.isOpen || image.digest !== undefined || set.use === 'test') return undefined;
  const [written] = versionOf(image);
  const major = written ?? (/^\d/.test(image.tag ?? '') ? undefined : known.latest);
  if (major === undefined) return undefined;
  const folder = known.folders.find(({ since }) => major >= since);
  const set_ = folder?.variable === undefined ? undefined : environment[folder.variable];
  if (!folder || (set_ !== undefined && (set_ === null || set_.includes('$')))) return undefined;
  const data = posix.resolve('/', set_ ?? folder.data.replace('MAJOR', String(major)));
  const candidates = mounts.filter(
    ({ target, type }) => type !== 'tmpfs' && !OTHERS.test(target) && posix.isAbsolute(target) && !target.includes('$'),
  );
  const [mount] = candidates;
  if (!mount || isKept(data, folder, mounts)) return undefined;
  const named = written === undefined ? `${image.text}, which is ${known.title} ${major},` : `${known.title} ${major}`;
  const refuses = folder.since >= 18 && isInside(mount.target, '/var/lib/postgresql/data');
  return {
    message: refuses
      ? `${named} stores its data in ${data}, and refuses to start with a volume at ${mount.target}.`
      : `${named} stores its data in ${data}, so none of it ends up in the volume at ${mount.target}.`,
    why: refuses
      ? 'The database fails at every start, and services that wait for it do not start either.'
      : 'The data is in an anonymous volume: the application loses it as soon as the container is recreated.',
    ...mount.place,
    fix: {
      safety: 'suggested',
      description: refuses
        ? `Pin the major version that created the data in the volume (\`${image.repository}:17\`), or mount a new volume at ${folder.volume} and move the data with a dump.`
        : `Mount the volume at ${folder.volume}. Move existing data with a dump first.`,
    },
  };
}

export const rule: Rule = {
  name: 'database-volume',
  title: 'A volume does not contain the data of its database',
  severity: 'error',
  weight: 95,
  check: (facts) => facts.services.flatMap((service) => lost(service) ?? []),
};
