import { posix } from 'node:path';
import type { Variable } from '../model/facts.ts';
import type { ServiceDetection } from '../services/contract.ts';

/** Names of variables that hold an address: of nothing that is said it may be that of a server. */
const addresses = /(^|_)(URL|URI|DSN|ADDRESS)$/i;

/**
 * The file of a database inside the app, in the form of a variable that the app demands and has no value for: `file:/app/data/dev.db`. `image` is the
 * folder of the app in its image. Undefined: the app itself says where the file is, or the address may be that of a server.
 */
export function embeddedFile(
  { name, required, default: own, example }: Variable,
  { schemes }: Pick<ServiceDetection, 'schemes'>,
  image: string,
): string | undefined {
  if (!required || own !== undefined) return undefined;
  const [, scheme, path = ''] = /^(?:([a-z][a-z\d+.-]*):)?(.*)$/i.exec(example ?? '') ?? [];
  // a mapper names its driver in the scheme: `sqlite+aiosqlite`
  const kind = scheme?.toLowerCase().split('+')[0];
  const isElsewhere = kind === undefined ? addresses.test(name) : !schemes.includes(kind);
  if (isElsewhere) return undefined;
  const file = posix.basename(path.split('?')[0] ?? '');
  const kept = /^[\w.-]+\.(db|db3|sqlite3?)$/i.test(file) ? file : 'app.db';
  // what stands before a path differs: `file:x.db`, `sqlite://x.db`, `sqlite:///x.db`
  const [slashes = ''] = /^\/{2,3}/.exec(path) ?? [];
  return `${scheme === undefined ? '' : `${scheme}:`}${slashes}${image}/data/${kept}`;
}
