import { type Container, inspectContainer, lookInside } from '../../engine/containers.ts';
import { every, fail, type Item, needRunning, notProved, pass, type VerificationContext } from '../verification.ts';

/**
 * Asks the kernel about process 1 of the container, from a second container that shares its process namespace and its user: the image
 * itself may have no program to ask with. The file is tried in the app's own root.
 */
const script = [
  'cat /proc/1/status',
  'echo @mounts',
  'cat /proc/1/mounts',
  'echo @write',
  'touch /proc/1/root/dockwright-write-test && echo written && rm /proc/1/root/dockwright-write-test',
  'exit 0',
].join('\n');

export type Kernel = {
  readonly uids: readonly number[];
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  readonly rootReadOnly: boolean;
  /** places of the container that are memory and may be written, without the engine's own */
  readonly tmpfs: readonly string[];
  /** what the attempt to write came to */
  readonly wrote: 'written' | 'read-only' | 'denied';
};

/** Mounts that the engine itself makes in every container. */
const engineOwn = /^\/(dev|proc|sys)(\/|$)|^\/run\/secrets(\/|$)|^\/etc\/(hosts|hostname|resolv\.conf)$/;

/** Reads what the script above printed. */
export function readKernel(stdout: string, stderr: string): Kernel {
  const [status = '', rest = ''] = stdout.split('@mounts\n');
  const [mounts = '', write = ''] = rest.split('@write\n');
  const lines = status.split('\n').map((line) => line.split(':', 2));
  const field = (name: string) => lines.find((line) => line[0] === name)?.[1]?.trim() ?? '';
  const rows = mounts.split('\n').map((line) => line.split(' '));
  const root = rows.filter((row) => row[1] === '/').at(-1);
  return {
    uids: field('Uid').split(/\s+/).map(Number),
    capabilities: ['CapEff', 'CapPrm', 'CapBnd'].filter((name) => !/^0*$/.test(field(name))),
    noNewPrivileges: field('NoNewPrivs') === '1',
    rootReadOnly: root?.[3]?.split(',').includes('ro') ?? false,
    tmpfs: rows
      .filter((row) => row[2] === 'tmpfs' && row[3]?.split(',').includes('rw') && !engineOwn.test(row[1] ?? ''))
      .map((row) => row[1] ?? '')
      .sort(),
    wrote: write.includes('written') ? 'written' : /read-only file system/i.test(stderr) ? 'read-only' : 'denied',
  };
}

/** What is wrong with a container, and what is right, by what the kernel and the engine say. */
export function judge(
  kernel: Kernel,
  container: Pick<Container, 'user' | 'privileged' | 'capAdd'>,
  declared: readonly string[],
): { readonly good: readonly string[]; readonly bad: readonly string[] } {
  const good: string[] = [];
  const bad: string[] = [];
  const say = (ok: boolean, right: string, wrong: string) => (ok ? good.push(right) : bad.push(wrong));
  const numeric = /^\d+(:\d+)?$/.test(container.user) && Number.parseInt(container.user, 10) > 0;
  say(
    numeric && !kernel.uids.includes(0),
    `PID 1 runs with uid ${kernel.uids[0]}; the image sets USER ${container.user}`,
    `the image sets USER "${container.user || 'root'}" and PID 1 runs with uid ${kernel.uids[0]}; a numeric user other than 0 is required`,
  );
  say(
    kernel.rootReadOnly && kernel.wrote === 'read-only',
    'the root file system is read-only: writing to / fails',
    `the root file system is writable (a file in /: ${kernel.wrote})`,
  );
  const undeclared = kernel.tmpfs.filter((path) => !declared.includes(path));
  say(
    undeclared.length === 0,
    kernel.tmpfs.length > 0 ? `writable, as declared: ${kernel.tmpfs.join(', ')} (tmpfs)` : 'nothing is writable',
    `${undeclared.join(', ')} writable, but not declared`,
  );
  say(
    kernel.capabilities.length === 0 && !container.privileged,
    'it has no capabilities and cannot gain any (CapEff, CapPrm and CapBnd are 0)',
    `it has capabilities (${kernel.capabilities.join(', ') || 'privileged'})`,
  );
  say(kernel.noNewPrivileges, 'NoNewPrivs is 1', 'it can gain privileges (NoNewPrivs is 0)');
  return { good, bad };
}

async function prove(subject: VerificationContext) {
  const { id } = needRunning(subject);
  const { signal, tools, workload } = subject;
  const container = await inspectContainer(id, signal);
  const user = container.user || '0';
  const look = tools
    ? await lookInside({ run: subject.run, image: tools, at: id, user, argv: ['sh', '-c', script], signal })
    : undefined;
  if (!look?.stdout.includes('@write')) {
    return notProved(
      [
        `user ${container.user || 'root'}, read-only ${container.readOnly}, dropped ${container.capDrop.join(', ') || 'nothing'}`,
      ],
      'Only the settings could be checked. With a shell in a build image, the running process could be inspected too.',
    );
  }
  const declared = workload.writable.filter((item) => item.kind === 'tmpfs').map((item) => item.path);
  const judged = judge(readKernel(look.stdout, look.stderr), container, declared);
  const { bad } = judged;
  const stands = needRunning(subject).standsFor;
  const good = stands === undefined ? judged.good : [stands, ...judged.good];
  return bad.length === 0
    ? pass(...good)
    : fail(
        [...bad, ...good],
        'Set a numeric USER in the Dockerfile, and read_only, tmpfs, cap_drop and security_opt for the service in the compose file.',
      );
}

/** 2: a user that is not root, nothing to write to, no capability, no way to gain any. */
export const hardened: Item = {
  id: 'hardened',
  number: 2,
  title: 'Runs as non-root with a read-only root filesystem',
  turn: 'running',
  shapes: every,
  prove,
};
