import type { Evidence } from '../../model/evidence.ts';
import type { Facts } from '../../model/facts.ts';
import type { ForeignRuntime } from '../../model/recipe.ts';
import type { KeptApp } from './set.ts';

/** What of the usual restrictions a container of the author's image bears. */
export type Restrictions = {
  readonly readOnly: boolean;
  /** no capability, and no way to gain one */
  readonly unprivileged: boolean;
  readonly why: string;
  readonly from: readonly Evidence[];
};

/** Who a container runs as, as the compose file or else the image says it. */
const userOf = ({ service, built }: KeptApp) => service?.user ?? built?.stage.user;

/** Whether a user may be root: a name that only running would tell may be, too. */
const mayBeRoot = (user: string | undefined): boolean =>
  user === undefined || user.includes('$') || /^(root|0+)(:|$)/.test(user.trim());

/**
 * What an image bears that nobody here has run: no capabilities where it never is root, and a read-only root where its user cannot write to its
 * own folder anyway and nothing says that it writes. What is not known stays open.
 */
export function restrictionsOf(
  app: KeptApp,
  facts: Facts,
  runtime: ForeignRuntime | undefined,
  embedded: boolean,
): Restrictions {
  const user = userOf(app);
  const stage = app.built?.stage;
  const has = new Set(app.service?.has ?? []);
  if (!stage || mayBeRoot(user?.value) || has.has('privileged')) {
    const why = stage
      ? 'the image starts as root: it keeps the privileges that it may need to switch the user'
      : 'nothing is known about the image: it keeps the privileges that it may need';
    return { readOnly: false, unprivileged: false, why, from: user?.from ?? [] };
  }
  const given = [
    ...(stage.opens ?? []),
    ...stage.copies.flatMap(({ owner, from }) =>
      mayBeRoot(owner ?? 'root') && !owner?.includes('$') ? [] : [{ from }],
    ),
  ];
  const [opened] = given;
  const written = facts.writes[0];
  const from = [...(user?.from ?? []), ...(opened?.from ?? written?.from ?? [])];
  const closed = !opened && !written && !embedded && stage.volumes.length === 0 && runtime?.isDirect === true;
  return {
    readOnly: closed,
    unprivileged: !has.has('cap_add'),
    why: closed
      ? `the image runs as ${user?.value}, which cannot write to the files of the application anyway`
      : `the image runs as ${user?.value}; ${opened ? 'it owns some files' : 'it may write files'}, so the root file system stays writable`,
    from,
  };
}
