/** What whoever needs such a key does. */
const elsewhere = 'where it is needed, write it into the generated compose file, which keeps your edit';

/**
 * Keys of a service that a generated compose file has no place for (https://docs.docker.com/reference/compose-file/services/), each with what is lost without
 * it. What a generated file says in its own words (restart, logging, limits, networks) is not among them.
 */
export const unplacedKeys: Readonly<Record<string, string>> = {
  annotations: `annotations are for tools beside the deployment: ${elsewhere}`,
  cap_add: `generated containers get no further capabilities: ${elsewhere}, with no more than the program needs`,
  cgroup: `generated containers have a control group of their own: ${elsewhere}`,
  cgroup_parent: `it names a control group of one machine: ${elsewhere}`,
  configs: `generated services take their settings as variables: mount the file again in the generated compose file, which keeps your edit`,
  device_cgroup_rules: `generated containers reach no device of the machine: ${elsewhere}`,
  devices: `generated containers reach no device of the machine: ${elsewhere}`,
  dns: `names are looked up by the engine: ${elsewhere}`,
  dns_opt: `names are looked up by the engine: ${elsewhere}`,
  dns_search: `names are looked up by the engine: ${elsewhere}`,
  domainname: `generated containers have the names of their services: ${elsewhere}`,
  external_links: `it names containers of another deployment: ${elsewhere}`,
  extra_hosts: `generated containers know the names of their deployment alone: ${elsewhere}`,
  gpus: `generated containers reach no device of the machine: ${elsewhere}`,
  group_add: `generated containers run in the groups of their user alone: ${elsewhere}`,
  ipc: `generated containers share no memory with others: ${elsewhere}`,
  isolation: `generated containers are isolated as the engine does it: ${elsewhere}`,
  labels: `labels are for tools beside the deployment, such as a proxy that reads them: ${elsewhere}`,
  mac_address: `generated containers have addresses that the engine gives them: ${elsewhere}`,
  network_mode: `generated containers are on the network of their deployment: ${elsewhere}`,
  oom_score_adj: `it weighs containers of one machine against each other: ${elsewhere}`,
  pid: `generated containers see their own processes alone: ${elsewhere}`,
  platform: `generated images are built for the platform that they are asked for ("platforms"): ${elsewhere}`,
  privileged: `generated containers have no rights over the machine: ${elsewhere}, with no more than the program needs`,
  runtime: `generated containers run with the runtime that the engine is set to: ${elsewhere}`,
  shm_size: `generated containers have the shared memory that the engine gives: ${elsewhere}`,
  storage_opt: `it is for the storage of one machine: ${elsewhere}`,
  sysctls: `generated containers have the settings of the kernel that the engine gives: ${elsewhere}`,
  ulimits: `generated containers have the limits that the engine gives: ${elsewhere}`,
  userns_mode: `generated containers have the users that the engine gives: ${elsewhere}`,
  uts: `generated containers have host names of their own: ${elsewhere}`,
};
