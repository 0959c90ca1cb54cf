/** A volume of a database is mounted where that version keeps nothing: the data is gone with the container, or it does not start. */
import { posix } from 'node:path';
import type { DataFolder } from '../../catalog/data-services.ts';
import type { Remark, Rule } from '../contract.ts';
import { dataServiceOf } from '../facts/catalogue.ts';
import type { MountFacts, ServiceFacts } from '../facts/compose.ts';
import { versionOf } from '../facts/image.ts';

/** Mounts that are not meant to hold data. */
const OTHERS =
  /^\/(docker-entrypoint-initdb\.d|etc|usr|opt|tmp|run|var\/run|var\/log|logs?|backups?|dumps?|scripts?|certs?|ssl|secrets?|config|init|migrations?|sql|seed|app|home|root|import)(\/|$)|\.(sql|sh|conf|cnf|ini|ya?ml|json|pem|crt|key|js|gz)$/;

const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

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
      ? `${named} keeps its data in ${data}, and refuses to start with a volume at ${mount.target}.`
      : `${named} keeps its data in ${data}, and nothing of it gets into the volume at ${mount.target}.`,
    why: refuses
      ? 'The database stops with an error at every start, and all that waits for it does not start either.'
      : 'The data lies in a volume without a name: it is gone for the application as soon as the container is created again.',
    ...mount.place,
    fix: {
      safety: 'suggested',
      description: refuses
        ? `Name the major version whose data is in the volume (\`${image.repository}:17\`), or mount a new volume at ${folder.volume} and bring the data over with a dump.`
        : `Mount the volume at ${folder.volume}. Data that is there today must be moved with a dump first.`,
    },
  };
}

export const rule: Rule = {
  name: 'database-volume',
  title: 'A volume holds nothing of its database',
  severity: 'error',
  weight: 95,
  check: (facts) => facts.services.flatMap((service) => lost(service) ?? []),
};
