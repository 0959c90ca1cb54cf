import type { Shape } from './shapes.ts';
import {
  command,
  count,
  decimal,
  filled,
  flag,
  healthTest,
  hosts,
  limit,
  list,
  lists,
  mode,
  object,
  pairs,
  size,
  span,
  sshKeys,
  table,
  text,
  textOrTexts,
  texts,
  variables,
  whole,
} from './shapes.ts';

// The keys of a compose file, after the types of compose (compose-go, package types, v2.9.1).

const string = filled(text);
const number = filled(whole);
const share = filled(decimal);
const bool = filled(flag);
const bytes = notZero(size, '0');
const objects = (shape: Shape): Shape => filled(list(shape));

const mount = object({ source: string, target: string, uid: string, gid: string, mode });
const device = object({
  capabilities: texts,
  driver: string,
  count: filled(count),
  device_ids: texts,
  options: pairs,
});
const hook = object(
  { command, user: string, privileged: bool, working_dir: string, environment: variables },
  { command: null },
);

const build = object({
  context: string,
  dockerfile: string,
  dockerfile_inline: string,
  entitlements: texts,
  args: variables,
  provenance: string,
  sbom: string,
  ssh: sshKeys,
  labels: pairs,
  cache_from: textOrTexts,
  cache_to: textOrTexts,
  no_cache: bool,
  additional_contexts: pairs,
  pull: bool,
  extra_hosts: filled(hosts),
  isolation: string,
  network: string,
  target: string,
  secrets: objects(mount),
  shm_size: bytes,
  tags: textOrTexts,
  ulimits: filled(table(limit)),
  platforms: textOrTexts,
  privileged: bool,
});

const resources = object({
  cpus: share,
  memory: bytes,
  pids: number,
  devices: objects(device),
  generic_resources: objects(object({ discrete_resource_spec: object({ kind: text, value: whole }) })),
});
const update = object({
  parallelism: whole,
  delay: notZero(span, '0s'),
  failure_action: string,
  monitor: notZero(span, '0s'),
  max_failure_ratio: share,
  order: string,
});
const deploy = object(
  {
    mode: string,
    replicas: whole,
    labels: pairs,
    update_config: update,
    rollback_config: update,
    resources: object({ limits: resources, reservations: resources }),
    restart_policy: object({ condition: string, delay: span, max_attempts: whole, window: span }),
    placement: object({
      constraints: texts,
      preferences: objects(object({ spread: string })),
      max_replicas_per_node: number,
    }),
    endpoint_mode: string,
  },
  { resources: {}, placement: {} },
);

const volume = object({
  type: string,
  source: string,
  target: string,
  read_only: bool,
  consistency: string,
  bind: object({ selinux: string, propagation: string, create_host_path: bool, recursive: string }),
  volume: object({ labels: pairs, nocopy: bool, subpath: string }),
  tmpfs: object({ size: bytes, mode: number }),
  image: object({ subpath: string }),
});
const port = object({
  name: string,
  mode: string,
  host_ip: string,
  target: number,
  published: string,
  protocol: string,
  app_protocol: string,
});
const network = object({
  aliases: texts,
  driver_opts: pairs,
  gw_priority: number,
  interface_name: string,
  ipv4_address: string,
  ipv6_address: string,
  link_local_ips: texts,
  mac_address: string,
  priority: number,
});
const rates = objects(object({ path: text, rate: size }));
const watch = object(
  {
    path: text,
    action: text,
    target: string,
    exec: hook,
    include: texts,
    ignore: texts,
    initial_sync: bool,
  },
  { exec: { command: null } },
);

/** Leaves out a size or a span of nothing. */
function notZero(shape: Shape, zero: string): Shape {
  return (node, path) => {
    const done = shape(node, path);
    return done?.type === 'scalar' && done.value === zero ? undefined : done;
  };
}

const service = object(
  {
    profiles: texts,
    annotations: pairs,
    attach: flag,
    build,
    develop: object({ watch: objects(watch) }),
    blkio_config: object({
      weight: number,
      weight_device: objects(object({ path: text, weight: whole })),
      device_read_bps: rates,
      device_read_iops: rates,
      device_write_bps: rates,
      device_write_iops: rates,
    }),
    cap_add: texts,
    cap_drop: texts,
    cgroup_parent: string,
    cgroup: string,
    cpu_count: number,
    cpu_percent: share,
    cpu_period: number,
    cpu_quota: number,
    cpu_rt_period: number,
    cpu_rt_runtime: number,
    cpus: share,
    cpuset: string,
    cpu_shares: number,
    command,
    configs: objects(mount),
    container_name: string,
    credential_spec: object({ config: string, file: string, registry: string }),
    depends_on: filled(table(object({ condition: string, restart: bool, required: flag }))),
    deploy,
    device_cgroup_rules: texts,
    devices: objects(object({ source: string, target: string, permissions: string })),
    dns: textOrTexts,
    dns_opt: texts,
    dns_search: textOrTexts,
    domainname: string,
    entrypoint: command,
    provider: object({ type: string, options: lists }),
    environment: variables,
    env_file: objects(object({ path: string, required: flag, format: string })),
    label_file: textOrTexts,
    expose: textOrTexts,
    external_links: texts,
    extra_hosts: filled(hosts),
    group_add: texts,
    gpus: objects(device),
    hostname: string,
    healthcheck: object({
      test: filled(healthTest),
      timeout: span,
      interval: span,
      retries: whole,
      start_period: span,
      start_interval: span,
      disable: bool,
    }),
    image: string,
    init: flag,
    ipc: string,
    isolation: string,
    labels: pairs,
    links: texts,
    logging: object({ driver: string, options: pairs }),
    mem_limit: bytes,
    mem_reservation: bytes,
    memswap_limit: bytes,
    mem_swappiness: bytes,
    mac_address: string,
    models: filled(table(object({ endpoint_var: string, model_var: string }), null)),
    network_mode: string,
    networks: filled(table(network, null)),
    oom_kill_disable: bool,
    oom_score_adj: number,
    pid: string,
    pids_limit: number,
    platform: string,
    ports: objects(port),
    privileged: bool,
    pull_policy: string,
    read_only: bool,
    restart: string,
    runtime: string,
    scale: whole,
    secrets: objects(mount),
    security_opt: texts,
    shm_size: bytes,
    stdin_open: bool,
    stop_grace_period: span,
    stop_signal: string,
    storage_opt: pairs,
    sysctls: pairs,
    tmpfs: textOrTexts,
    tty: bool,
    ulimits: filled(table(limit)),
    use_api_socket: bool,
    user: string,
    userns_mode: string,
    uts: string,
    volumes: objects(volume),
    volumes_from: texts,
    working_dir: string,
    post_start: objects(hook),
    pre_stop: objects(hook),
  },
  { command: null, entrypoint: null },
);

const pool = object({ subnet: string, gateway: string, ip_range: string, aux_addresses: pairs });
const fileObject = object({
  name: string,
  file: string,
  environment: string,
  content: string,
  external: bool,
  labels: pairs,
  driver: string,
  driver_opts: pairs,
  template_driver: string,
});

/** A compose file in its one form. Top keys that begin with `x-` stay, as compose prints them. */
export const shapes: Readonly<Record<string, Shape>> = {
  services: table(service),
  networks: filled(
    table(
      object(
        {
          name: string,
          driver: string,
          driver_opts: pairs,
          ipam: object({ driver: string, config: objects(pool) }),
          external: bool,
          internal: bool,
          attachable: bool,
          labels: pairs,
          enable_ipv4: flag,
          enable_ipv6: flag,
        },
        { ipam: {} },
      ),
    ),
  ),
  volumes: filled(table(object({ name: string, driver: string, driver_opts: pairs, external: bool, labels: pairs }))),
  secrets: filled(table(fileObject)),
  configs: filled(table(fileObject)),
};
