/** What whoever needs such a key does. */
const elsewhere = 'if you need it, add it to the generated compose file, which keeps your edits';

/**
 * Keys of a service that a generated compose file has no place for (https://docs.docker.com/reference/compose-file/services/), each with what is lost without
 * it. What a generated file says in its own words (restart, logging, limits, networks) is not among them.
 */
export const unplacedKeys: Readonly<Record<string, string>> = {
  annotations: `annotations are for tools beside the deployment: ${elsewhere}`,
  cap_add: `generated containers get no extra capabilities: ${elsewhere}, with only what the program needs`,
  cgroup: `generated containers have their own control group: ${elsewhere}`,
  cgroup_parent: `it refers to a control group of one machine: ${elsewhere}`,
  configs: `generated services get their settings as variables: mount the file in the generated compose file, which keeps your edits`,
  device_cgroup_rules: `generated containers have no access to devices of the host: ${elsewhere}`,
  devices: `generated containers have no access to devices of the host: ${elsewhere}`,
  dns: `names are resolved by the engine: ${elsewhere}`,
  dns_opt: `names are resolved by the engine: ${elsewhere}`,
  dns_search: `names are resolved by the engine: ${elsewhere}`,
  domainname: `generated containers have the names of their services: ${elsewhere}`,
  external_links: `it refers to containers of another deployment: ${elsewhere}`,
  extra_hosts: `generated containers only resolve the names of their deployment: ${elsewhere}`,
  gpus: `generated containers have no access to devices of the host: ${elsewhere}`,
  group_add: `generated containers only run in the groups of their user: ${elsewhere}`,
  ipc: `generated containers share no memory with others: ${elsewhere}`,
  isolation: `generated containers use the default isolation of the engine: ${elsewhere}`,
  labels: `labels are for tools beside the deployment, such as a proxy that reads them: ${elsewhere}`,
  mac_address: `generated containers get their addresses from the engine: ${elsewhere}`,
  network_mode: `generated containers are on the network of their deployment: ${elsewhere}`,
  oom_score_adj: `it weighs containers of one machine against each other: ${elsewhere}`,
  pid: `generated containers only see their own processes: ${elsewhere}`,
  platform: `generated images are built for the platforms in the key "platforms": ${elsewhere}`,
  privileged: `generated containers have no privileges on the host: ${elsewhere}, with only what the program needs`,
  runtime: `generated containers use the default runtime of the engine: ${elsewhere}`,
  shm_size: `generated containers have the default shared memory of the engine: ${elsewhere}`,
  storage_opt: `it only applies to the storage of one machine: ${elsewhere}`,
  sysctls: `generated containers have the default kernel settings of the engine: ${elsewhere}`,
  ulimits: `generated containers have the default limits of the engine: ${elsewhere}`,
  userns_mode: `generated containers have the default user namespace of the engine: ${elsewhere}`,
  uts: `generated containers have their own host names: ${elsewhere}`,
};
