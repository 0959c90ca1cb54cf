import { note, type Scope, textsOf } from './context.ts';

/** The capabilities that Docker gives a container by default. */
const DEFAULTS: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

const plain = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

/** The default capabilities that a service gets back after it dropped all of them. */
function givenBack(owner: Scope['owner']): readonly string[] {
  if (!textsOf(owner['cap_drop']).map(plain).includes('ALL')) return [];
  const added = textsOf(owner['cap_add']).map(plain);
  return added.includes('ALL') ? DEFAULTS : DEFAULTS.filter((name) => added.includes(name));
}

/**
 * Added capabilities never go in. Where a service drops all and takes some of Docker's own back, which is common hardening, the same set
 * is said by what it drops.
 */
export function capDrop(value: unknown, scope: Scope): readonly string[] {
  const back = givenBack(scope.owner);
  if (back.length === 0) return textsOf(value);
  const others = textsOf(value)
    .map(plain)
    .filter((name) => name !== 'ALL');
  return [...new Set([...DEFAULTS.filter((name) => !back.includes(name)), ...others])];
}

export function capAdd(value: unknown, scope: Scope): undefined {
  const back = givenBack(scope.owner);
  const more = textsOf(value).filter((name) => !back.includes(plain(name)));
  if (back.length > 0) note(scope, 'replaced', `${back.join(', ')} is kept by dropping all other capabilities`);
  if (more.length > 0) note(scope, 'dropped', `no capabilities are added (${more.join(', ')})`);
  return undefined;
}
