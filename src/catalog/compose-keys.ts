/** What whoever needs such a key does. */
const elsewhere = 'if you need it, add it to the generated compose file, which keeps your edits';

/**
 * Keys of a service that a generated one has as the author wrote them, in this order: they give a container nothing of the host, and what it needs of them is
 * lost without them. https://docs.docker.com/reference/compose-file/services/
 */
export const carriedKeys: readonly string[] = [
  'hostname',
  'domainname',
  'extra_hosts',
  'dns',
  'dns_opt',
  'dns_search',
  'shm_size',
  'ulimits',
  'sysctls',
  'stop_signal',
  'stop_grace_period',
  'logging',
  'labels',
  'annotations',
];

/** Why one of them is not carried over all the same. */
export const notCarried = `its value holds a secret, or comes from a variable: ${elsewhere}`;

/**
 * Keys of a service that a generated compose file has no place for, each with what is lost without it. What a generated file says in its own words (restart,
 * limits, networks) is not among them.
 */
export const unplacedKeys: Readonly<Record<string, string>> = {
  cap_add: `generated containers get no extra capabilities: ${elsewhere}, with only what the program needs`,
  cgroup: `generated containers have their own control group: ${elsewhere}`,
  cgroup_parent: `it refers to a control group of one machine: ${elsewhere}`,
  container_name: `the engine names the containers: a fixed name allows only one of them on a machine: ${elsewhere}`,
  configs: `generated services get their settings as variables: mount the file in the generated compose file, which keeps your edits`,
  device_cgroup_rules: `generated containers have no access to devices of the host: ${elsewhere}`,
  devices: `generated containers have no access to devices of the host: ${elsewhere}`,
  external_links: `it refers to containers of another deployment: ${elsewhere}`,
  gpus: `generated containers have no access to devices of the host: ${elsewhere}`,
  group_add: `generated containers only run in the groups of their user: ${elsewhere}`,
  ipc: `generated containers share no memory with others: ${elsewhere}`,
  isolation: `generated containers use the default isolation of the engine: ${elsewhere}`,
  mac_address: `generated containers get their addresses from the engine: ${elsewhere}`,
  network_mode: `generated containers are on the network of their deployment: ${elsewhere}`,
  oom_score_adj: `it weighs containers of one machine against each other: ${elsewhere}`,
  pid: `generated containers only see their own processes: ${elsewhere}`,
  platform: `generated images are built for the platforms in the key "platforms": ${elsewhere}`,
  privileged: `generated containers have no privileges on the host: ${elsewhere}, with only what the program needs`,
  runtime: `generated containers use the default runtime of the engine: ${elsewhere}`,
  storage_opt: `it only applies to the storage of one machine: ${elsewhere}`,
  userns_mode: `generated containers have the default user namespace of the engine: ${elsewhere}`,
  uts: `generated containers have their own host names: ${elsewhere}`,
};
