import { isSecretName } from '../../src/model/secret-names.ts';

/** What is looked at: the image of the application with its Dockerfile and the files in it, and every container of the production form. */
export type Looked = {
  readonly dockerfile: string;
  readonly image: { readonly user: string; readonly env: readonly string[]; readonly healthcheck: boolean };
  /** lines of `tar --list --verbose` of the image's files */
  readonly files: readonly string[];
  readonly containers: readonly Container[];
};

/** What `docker inspect` says of a container, as far as it matters here. */
export type Container = {
  readonly service: string;
  readonly Config: { readonly Healthcheck?: unknown };
  readonly HostConfig: {
    readonly Privileged: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly NetworkMode: string;
    readonly PidMode: string;
    readonly IpcMode: string;
    readonly UTSMode: string;
    readonly UsernsMode: string;
    readonly Memory: number;
    readonly NanoCpus: number;
    readonly PidsLimit: number | null;
    readonly ReadonlyRootfs: boolean;
    readonly SecurityOpt: readonly string[] | null;
    readonly RestartPolicy: { readonly Name: string };
    readonly Devices: readonly unknown[] | null;
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[]>>;
    readonly CgroupParent: string;
    readonly Ulimits: readonly unknown[] | null;
  };
  readonly Mounts: readonly { readonly Type: string; readonly Source: string; readonly Propagation: string }[];
};

/** An item of the benchmark. Of what is looked at `holds` tells where it does: in the image, in every container, or in that of the application alone. */
export type Item = {
  readonly id: string;
  readonly title: string;
  readonly holds?: (one: Looked) => 'all' | 'application' | 'no';
  /** why it does not hold, or not everywhere, or whose matter it is */
  readonly reason?: string;
};

type Host = Container['HostConfig'];

const image =
  (test: (one: Looked) => boolean): NonNullable<Item['holds']> =>
  (one) =>
    test(one) ? 'all' : 'no';

const each =
  (test: (host: Host, container: Container) => boolean): NonNullable<Item['holds']> =>
  ({ containers }) => {
    const wrong = containers
      .filter((container) => !test(container.HostConfig, container))
      .map(({ service }) => service);
    return wrong.length === 0 ? 'all' : wrong.includes('app') ? 'no' : 'application';
  };

const instructions = (dockerfile: string): readonly string[] => dockerfile.replaceAll(/\\\n\s*/g, '').split('\n');
const ofHost = 'a setting of the host or of its engine: no compose file decides it';
const ofPeople = 'a practice of those who run it: no file decides it';

/**
 * Sections 4 and 5 of the CIS Docker Benchmark 1.6, by the numbers and in the sense of docker-bench-security, which checks a host by it
 * (https://github.com/docker/docker-bench-security, tests/4_container_images.sh and tests/5_container_runtime.sh at ff26d67).
 */
export const items: readonly Item[] = [
  {
    id: '4.1',
    title: 'a user for the container',
    holds: image(({ image: { user } }) => user !== '' && !/^(0|root)\b/.test(user)),
  },
  {
    id: '4.2',
    title: 'trusted base images',
    reason:
      'the bases are official images and those of distroless; which of them you trust is yours to say (`dockwright pin` holds them to a digest)',
  },
  {
    id: '4.3',
    title: 'no unnecessary packages',
    holds: image(({ dockerfile }) =>
      instructions(dockerfile).every(
        (line) => !/apt-get install/.test(line) || line.includes('--no-install-recommends'),
      ),
    ),
  },
  { id: '4.4', title: 'images are scanned and rebuilt', reason: `${ofPeople} (\`dockwright scan\`, and the workflow)` },
  { id: '4.5', title: 'content trust', reason: ofPeople },
  { id: '4.6', title: 'HEALTHCHECK', holds: image(({ image: { healthcheck } }) => healthcheck) },
  {
    id: '4.7',
    title: 'no update instruction alone',
    holds: image(({ dockerfile }) =>
      instructions(dockerfile).every(
        (line) => !/apt-get update/.test(line) || /apt-get update.*&&.*apt-get install/.test(line),
      ),
    ),
  },
  {
    id: '4.8',
    title: 'no setuid and setgid files',
    holds: image(({ files }) => !files.some((line) => /^-..[sS]|^-.....[sS]/.test(line))),
    reason:
      'where the base is a slim image of a distribution its own programs have these bits; `no-new-privileges` makes them of no effect',
  },
  {
    id: '4.9',
    title: 'COPY and not ADD',
    holds: image(({ dockerfile }) => !instructions(dockerfile).some((line) => line.startsWith('ADD '))),
  },
  {
    id: '4.10',
    title: 'no secrets in Dockerfiles',
    holds: image(
      ({ image: { env } }) => !env.some((pair) => isSecretName(pair.split('=')[0] ?? '') && !pair.endsWith('=')),
    ),
  },
  {
    id: '4.11',
    title: 'verified packages alone',
    reason:
      'packages come with the checks of their managers: the hashes of a lockfile, the signatures of the distribution',
  },
  { id: '4.12', title: 'signed artifacts are validated', reason: ofPeople },
  { id: '5.1', title: 'no swarm mode that is not needed', reason: ofHost },
  {
    id: '5.2',
    title: 'an AppArmor profile',
    reason: `the default one of the engine, where the host has AppArmor: ${ofHost}`,
  },
  { id: '5.3', title: 'SELinux security options', reason: ofHost },
  {
    id: '5.4',
    title: 'kernel capabilities are restricted',
    holds: each(({ CapAdd, CapDrop }) => (CapAdd ?? []).length === 0 && (CapDrop ?? []).includes('ALL')),
    reason:
      'service images start as root and switch to another user; the capabilities that they need for this are not known, so none are dropped',
  },
  { id: '5.5', title: 'no privileged containers', holds: each(({ Privileged }) => !Privileged) },
  {
    id: '5.6',
    title: 'no sensitive folders of the host',
    holds: each((_, { Mounts }) => Mounts.every(({ Type }) => Type !== 'bind')),
  },
  { id: '5.7', title: 'no sshd', holds: image(({ files }) => !files.some((line) => /\/sshd$/.test(line))) },
  {
    id: '5.8',
    title: 'no privileged ports of the host',
    holds: each(({ PortBindings }) => hostPorts(PortBindings).every(({ port }) => port === 0 || port >= 1024)),
  },
  {
    id: '5.9',
    title: 'only needed ports are open',
    holds: each(({ PortBindings }, { service }) => Object.keys(PortBindings).length === (service === 'app' ? 1 : 0)),
  },
  { id: '5.10', title: 'not the network of the host', holds: each(({ NetworkMode }) => NetworkMode !== 'host') },
  { id: '5.11', title: 'limited memory', holds: each(({ Memory }) => Memory > 0) },
  { id: '5.12', title: 'a limit of CPUs', holds: each(({ NanoCpus }) => NanoCpus > 0) },
  {
    id: '5.13',
    title: 'a read-only root',
    holds: each(({ ReadonlyRootfs }) => ReadonlyRootfs),
    reason: 'services write their sockets and settings at the start; their data is in a volume',
  },
  {
    id: '5.14',
    title: 'ports are bound to one interface',
    holds: each(({ PortBindings }) => hostPorts(PortBindings).every(({ ip }) => !['', '0.0.0.0', '::'].includes(ip))),
    reason:
      'production is there to be reached: its port is on all interfaces, and on 127.0.0.1 in the development form; `127.0.0.1:` before it puts it behind a proxy of the host',
  },
  {
    id: '5.15',
    title: 'restarts are limited',
    holds: each(({ RestartPolicy }) => RestartPolicy.Name === 'on-failure'),
    reason:
      '`unless-stopped`: a machine that starts again is to bring the deployment back, which `on-failure` does not',
  },
  { id: '5.16', title: 'not the processes of the host', holds: each(({ PidMode }) => PidMode !== 'host') },
  { id: '5.17', title: 'not the IPC of the host', holds: each(({ IpcMode }) => IpcMode !== 'host') },
  { id: '5.18', title: 'no devices of the host', holds: each(({ Devices }) => (Devices ?? []).length === 0) },
  {
    id: '5.19',
    title: 'ulimits only where they are needed',
    holds: each(({ Ulimits }) => (Ulimits ?? []).length === 0),
  },
  {
    id: '5.20',
    title: 'mounts are not shared',
    holds: each((_, { Mounts }) =>
      Mounts.every(({ Propagation }) => Propagation !== 'shared' && Propagation !== 'rshared'),
    ),
  },
  { id: '5.21', title: 'not the UTS namespace of the host', holds: each(({ UTSMode }) => UTSMode !== 'host') },
  {
    id: '5.22',
    title: 'the default seccomp profile',
    holds: each(({ SecurityOpt }) => !(SecurityOpt ?? []).some((one) => /seccomp[=:]unconfined/.test(one))),
  },
  { id: '5.23', title: 'no `docker exec` with privileges', reason: ofPeople },
  { id: '5.24', title: 'no `docker exec` as root', reason: ofPeople },
  { id: '5.25', title: 'the usual cgroup', holds: each(({ CgroupParent }) => CgroupParent === '') },
  {
    id: '5.26',
    title: 'no further privileges',
    holds: each(({ SecurityOpt }) => (SecurityOpt ?? []).some((one) => /^no-new-privileges(:true)?$/.test(one))),
  },
  {
    id: '5.27',
    title: 'health is checked',
    holds: ({ image: { healthcheck }, containers }) =>
      healthcheck && containers.every(({ service, Config }) => service === 'app' || Config.Healthcheck !== undefined)
        ? 'all'
        : 'no',
  },
  {
    id: '5.28',
    title: 'the newest version of an image',
    reason: `tags name a line, which gets fixes with each pull: ${ofPeople}`,
  },
  { id: '5.29', title: 'limited processes', holds: each(({ PidsLimit }) => (PidsLimit ?? 0) > 0) },
  {
    id: '5.30',
    title: 'not the default bridge',
    holds: each(({ NetworkMode }) => !['default', 'bridge'].includes(NetworkMode)),
  },
  { id: '5.31', title: 'not the user namespace of the host', holds: each(({ UsernsMode }) => UsernsMode !== 'host') },
  {
    id: '5.32',
    title: 'no socket of the engine',
    holds: each((_, { Mounts }) => Mounts.every(({ Source }) => !Source.endsWith('docker.sock'))),
  },
];

const hostPorts = (bindings: Host['PortBindings']) =>
  Object.values(bindings ?? {}).flatMap((all) =>
    all.map(({ HostIp, HostPort }) => ({ ip: HostIp, port: Number(HostPort) })),
  );

const says = { all: 'holds', application: 'holds for the application', no: 'does not hold' } as const;

/** The table, a row for each item: what holds of what was looked at, and the reason where not everything does. */
export function tableOf(looked: Looked): string {
  const rows = items.map(({ id, title, holds, reason }) => {
    const found = holds?.(looked);
    if (found !== 'all' && reason === undefined)
      throw new Error(`${id} ${title}: ${found ?? 'nothing'} holds, and no reason is written`);
    return `| ${id} | ${title} | ${found === undefined ? 'not of these files' : says[found]} | ${found === 'all' ? '' : reason} |`;
  });
  return ['| Item | What | Production form | Reason |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
