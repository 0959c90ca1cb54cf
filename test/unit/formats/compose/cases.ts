/** Compose projects with what each is about. What they mean to compose itself is compared in `compose.test.ts`. */
export type Case = {
  readonly files: Readonly<Record<string, string>>;
  /** the files that are named to compose, in their order; `compose.yaml` where nothing is said */
  readonly main?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** compose prints nothing that could be compared here, as it prints broken JSON or leaves the key out */
  readonly differs?: string;
};

const one = (text: string, variables?: Readonly<Record<string, string>>): Case => ({
  files: { 'compose.yaml': text },
  ...(variables ? { variables } : {}),
});
const two = (first: string, second: string): Case => ({
  files: { 'compose.yaml': first, 'over.yaml': second },
  main: ['compose.yaml', 'over.yaml'],
});
/** A service `web` with keys. */
const web = (keys: string, rest = ''): string =>
  `services:\n  web:\n    image: app\n${keys.replace(/^/gm, '    ')}\n${rest}`;

export const cases: Readonly<Record<string, Case>> = {
  'a service with an image alone': one('services:\n  web:\n    image: nginx:1\n'),
  'the version of old files': one('version: "3.9"\nservices:\n  web:\n    image: a\n'),
  'short ports of every form': one(
    web(`ports:
  - 3000
  - "3001"
  - "8000:80"
  - "9090-9091:8080-8081"
  - "49100:22"
  - "127.0.0.1:8001:8001"
  - "127.0.0.1:5000-5002:5000-5002"
  - "127.0.0.1::5010"
  - "6060:6060/udp"
  - "[::1]:7000:7000"
  - "12400-12500:1240"
  - "9-11"`),
  ),
  'long ports': one(
    web(`ports:
  - target: 80
    published: 8080
    host_ip: 127.0.0.1
    protocol: udp
    mode: host
    name: web
    app_protocol: http
  - target: "443"
    published: "8000-9000"`),
  ),
  'short volumes of every form': one(
    web(
      `volumes:
  - /var/lib/data
  - ./data:/data
  - ../beside:/beside:ro
  - .:/app
  - ~/configs:/etc/configs:ro
  - named:/named
  - named:/again:ro,nocopy
  - /abs:/mnt/abs:rw,z
  - ./shared/:/shared//x/:rshared,Z
  - ./a/../b:/b
  - "C:\\\\data:/windows"
  - /x`,
      'volumes:\n  named:\n',
    ),
  ),
  'long volumes': one(
    web(
      `volumes:
  - type: bind
    source: ./static
    target: /opt/app/static/
    read_only: true
    bind: { propagation: rslave, create_host_path: false, selinux: z, recursive: enabled }
  - type: volume
    source: data
    target: /data
    volume: { nocopy: true, subpath: sub, labels: [a=1] }
  - type: tmpfs
    target: /tmp
    tmpfs: { size: 64m, mode: 0755 }
  - type: image
    source: tools
    target: /tools
    image: { subpath: bin }
  - type: bind
    source: /etc/x
    target: /etc/x
    consistency: cached`,
      'volumes:\n  data: {}\n',
    ),
  ),
  'a build as a string': one('services:\n  web:\n    build: ./app\n'),
  'a build of the folder itself': one('services:\n  web:\n    build: .\n  other:\n    build: {}\n'),
  'every key of a build': one(`
services:
  web:
    build:
      context: ./app
      dockerfile: docker/Dockerfile
      target: production
      args: [ONE=1, TWO, THREE=]
      labels: { a.b: c, n: 1 }
      cache_from: ["type=local,src=cache"]
      cache_to: [type=inline]
      additional_contexts:
        - shared=../shared
        - base=docker-image://node:24
        - other=https://example.org/x.git
        - sibling=service:other
      extra_hosts: ["a=10.0.0.1", "b:10.0.0.2"]
      network: host
      shm_size: 2gb
      ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 3 }
      tags: [x:1, y:2]
      platforms: [linux/amd64]
      no_cache: true
      pull: true
      privileged: true
      isolation: process
      secrets:
        - token
        - { source: token, target: other, uid: "1", gid: "2", mode: 0400 }
      provenance: true
      sbom: false
      entitlements: [network.host]
      ssh: [default]
  other:
    build: { context: https://example.org/repo.git#main:dir }
  inline:
    build:
      dockerfile_inline: |
        FROM scratch
secrets:
  token: { environment: TOKEN }
`),
  'arguments of a build from variables': one(
    'services:\n  web:\n    build:\n      context: .\n      args: { A: , B: "", C: 1, D: true, E: 1.50 }\n',
    { A: 'from-outside' },
  ),
  'environment as a mapping': one(web('environment: { A: 1, B: "x", C: , D: true, E: 1.0, F: 0x10, G: "", H: 1e3 }')),
  'environment as a list': one(web('environment:\n  - A=1\n  - B\n  - C=\n  - D=a=b\n  - E=$$HOME'), { B: 'seen' }),
  'environment of variables that are not set': one(web('environment: [NONE, "X=${NONE}"]')),
  'commands that are split': one(
    web(`command: sh -c "echo 'a b' \\"c\\"" plain 'single $$X' back\\ slash ""
entrypoint: ["/bin/sh", "-c"]`),
  ),
  'commands that end at a pipe': one(web('command: run --x > out\nentrypoint: a | b')),
  'commands of a subshell': one(web('command: echo $$(date +%s) `hostname a`')),
  'empty commands': one(web('command: []\nentrypoint: ""')),
  'a health check as a string': one(web('healthcheck:\n  test: curl -f http://x || exit 1\n  interval: 90s')),
  'every key of a health check': one(
    web(`healthcheck:
  test: ["CMD", "true"]
  interval: 1m30s
  timeout: 1500ms
  retries: 3
  start_period: 1h
  start_interval: 0.5s`),
  ),
  'a health check that is off': one(web('healthcheck:\n  disable: true')),
  'spans of time': one(
    `services:\n${['1h', '90m', '100ms', '1500us', '2h0.5s', '24h', '0s', '1.25s', '3m0s', '15ns']
      .map((text, index) => `  s${index}:\n    image: a\n    stop_grace_period: ${text}\n`)
      .join('')}`,
  ),
  sizes: one(
    `services:\n${['512', '1k', '64m', '1.5g', '2GB', '"10 MiB"', '300b', '1T']
      .map((text, index) => `  s${index}:\n    image: a\n    mem_limit: ${text}\n`)
      .join('')}`,
  ),
  'limits of memory, processors and processes': one(
    web(`cpus: 0.1
cpu_shares: 73
cpu_quota: "50000"
cpuset: 0,1
mem_limit: 50m
memswap_limit: 1g
mem_reservation: 20m
mem_swappiness: 60
pids_limit: 10
oom_score_adj: -500
oom_kill_disable: true
shm_size: 64m`),
  ),
  'what a service waits for, as a list': one(
    `${web('depends_on: [db, cache]')}  db: { image: b }\n  cache: { image: c }\n`,
  ),
  'what a service waits for, as a mapping': one(
    `${web('depends_on:\n  db: { condition: service_healthy, restart: true }\n  cache: { condition: service_started, required: false }\n  x-unused: { condition: service_started }')}  db: { image: b }\n  cache: { image: c }\n  x-unused: { image: d }\n`,
  ),
  'what a service waits for without saying so': one(
    `${web('links: ["db:database", cache]\nvolumes_from: ["files:ro", "container:other"]\nnetwork_mode: service:net\nipc: service:db')}  db: { image: b }\n  cache: { image: c }\n  files: { image: d }\n  net: { image: e }\n`,
  ),
  'networks of services': one(
    `${web('networks:\n  front: { aliases: [w], ipv4_address: 10.0.0.5, priority: 10, mac_address: "02:42:ac:11:00:02", driver_opts: { a: 1 } }\n  back:')}  db: { image: b, networks: [back] }\n  off: { image: c, network_mode: none }
networks:
  front: { driver: bridge, internal: true, attachable: false, enable_ipv6: false, labels: [a=1, b], driver_opts: { x: 1 }, ipam: { driver: default, config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1, ip_range: 10.0.0.0/25, aux_addresses: { h: 10.0.0.2 } }] } }
  back: { name: shared }
`,
  ),
  'an external network and volume': one(
    `${web('networks: [out]\nvolumes: ["kept:/kept"]')}networks: { out: { external: true } }\nvolumes: { kept: { external: { name: real } } }\n`,
  ),
  'volumes that are folders': one(
    `${web('volumes: ["one:/a", "two:/b"]')}volumes:\n  one: { driver: local, driver_opts: { type: none, o: bind, device: ./data } }\n  two: { driver: local, driver_opts: { type: nfs, o: "addr=1.2.3.4", device: ":/x" }, labels: { a: 1 }, name: "b_$\{V:-x}" }\n`,
  ),
  'secrets and configs': one(
    `${web('secrets:\n  - key\n  - old\n  - { source: token, target: /run/t, uid: "103", mode: "0440" }\nconfigs:\n  - page\n  - env\n  - { source: inline, target: /etc/x, mode: 0444 }')}
secrets:
  key: { file: ./secrets/key }
  token: { environment: TOKEN }
  old: { external: true, name: real }
configs:
  page: { file: ../page.html }
  inline: { content: "a $\{B:-b}\\n" }
  env: { environment: CONFIG }
`,
    { TOKEN: 'never-in-the-model', CONFIG: 'nor-this' },
  ),
  labels: one(
    `${web('labels: [a=1, b, "c=d=e", f=]\nannotations: { x: 1 }')}  m: { image: a, labels: { a: 1, b: , c: true } }\n`,
  ),
  hosts: one(
    `${web('extra_hosts: ["a:10.0.0.1", "b=::1", "c=[::2]", "host.docker.internal:host-gateway"]')}  m: { image: a, extra_hosts: { z: 10.0.0.1, y: [10.0.0.2, 10.0.0.3] } }\n`,
  ),
  'dns and lists of one': one(
    web('dns: 1.1.1.1\ndns_search: example.org\ntmpfs: /tmp\ndns_opt: [use-vc]\nexpose: [80, "90-91", 100/udp]'),
  ),
  'ulimits, sysctls and groups': one(
    web(
      'ulimits: { nproc: 65535, nofile: { soft: 20000, hard: 40000 } }\nsysctls: [net.core.somaxconn=1024, a.b=0]\ngroup_add: [mail, 1000]\nstorage_opt: { size: 1G }',
    ),
  ),
  flags: one(
    web(
      'privileged: false\nread_only: true\ninit: false\ntty: "true"\nstdin_open: $TTY\nattach: false\nuse_api_socket: true',
    ),
    { TTY: 'yes' },
  ),
  'every key of deploy': one(
    web(`deploy:
  mode: replicated
  replicas: 2
  endpoint_mode: vip
  labels: [a=1]
  update_config: { parallelism: 2, delay: 10s, order: start-first, failure_action: rollback, monitor: 0s, max_failure_ratio: 0.1 }
  rollback_config: { parallelism: 0 }
  resources:
    limits: { cpus: "0.50", memory: 50M, pids: 1 }
    reservations:
      cpus: 0.25
      memory: 20M
      devices: [{ capabilities: [gpu], driver: nvidia }, { capabilities: [tpu], device_ids: ["0"], options: { a: 1 } }]
      generic_resources: [{ discrete_resource_spec: { kind: SSD, value: 2 } }]
  restart_policy: { condition: on-failure, delay: 5s, max_attempts: 3, window: 2m }
  placement: { constraints: [node.role==manager], preferences: [{ spread: node.labels.zone }], max_replicas_per_node: 1 }`),
  ),
  'an empty deploy': one(web('deploy: {}')),
  'graphics cards': one(`${web('gpus: all')}  m: { image: a, gpus: [{ driver: nvidia, count: 2 }] }\n`),
  devices: one(
    web(
      'devices: ["/dev/a", "/dev/b:/dev/c", "/dev/d:/dev/e:r", { source: /dev/f, target: /dev/g, permissions: rw }]\ndevice_cgroup_rules: ["c 1:3 mr"]',
    ),
  ),
  'what opens the host': one(
    web(
      'pid: host\nipc: host\nuts: host\nuserns_mode: host\ncgroup: host\ncgroup_parent: m\ncap_add: [ALL, ALL]\ncap_drop: [NET_ADMIN]\nsecurity_opt: ["seccomp:unconfined"]\nruntime: runc\nisolation: default',
    ),
  ),
  'a provider': one('services:\n  db:\n    provider: { type: /bin/x, options: { a: 1, b: [x, y] } }\n'),
  hooks: one(
    web(
      'post_start:\n  - { command: ./x.sh a, user: root, privileged: true, environment: [A=1] }\npre_stop:\n  - { command: ["./y"], working_dir: /z }',
    ),
  ),
  development: one(
    web(
      'develop:\n  watch:\n    - { path: ./src, action: sync, target: /src, ignore: node_modules/, initial_sync: true }\n    - { path: package.json, action: rebuild, include: ["*.json"] }',
    ),
  ),
  'logging and links': one(
    web(
      'logging: { driver: syslog, options: { syslog-address: "tcp://192.168.0.42:123", n: 1 } }\nexternal_links: [redis, "db:mysql"]',
    ),
  ),
  'names of containers': one(
    web(
      'container_name: c1\nhostname: h\ndomainname: d\nmac_address: "02:42:ac:11:00:02"\nplatform: linux/amd64\npull_policy: if_not_present\nrestart: "no"\nstop_signal: SIGINT\nuser: "1000:1000"\nworking_dir: /w\nscale: 1\nprofiles: [debug]',
    ),
  ),
  profiles: one('services:\n  a: { image: a, profiles: [x] }\n  b: { image: b, profiles: [y], depends_on: [a] }\n'),
  'keys for people': one(
    'x-top: { a: 1 }\nservices:\n  web:\n    image: a\n    x-own: { b: 2 }\n    deploy: { x-d: 1 }\n  x-named: { image: b }\n',
  ),
  'anchors and merge keys': one(`
x-common: &common
  restart: always
  logging: &logging { driver: json-file, options: { max-size: 10m } }
x-env: &env { A: 1, B: 2 }
services:
  web:
    <<: *common
    image: a
    environment: { <<: *env, B: 3 }
  other:
    <<: [*common, { restart: "no", init: true }]
    image: b
    logging: *logging
    command: &list [x, y]
  third:
    image: c
    command: *list
`),
  'scalars that readers disagree on': one(
    web(
      'environment: { A: 010, B: 1_000, C: yes, D: 0o17, E: 1e400, F: -0x1F, G: 12345678901234567890, H: .5, I: +1, J: 1.10, K: 0b11, L: 6.02e23, M: 1e-7, N: Null, O: TRUE, P: off, Q: 100000000000000000000000 }',
    ),
  ),
  variables: one(
    web(`environment:
  A: $ONE-\${ONE}
  B: \${EMPTY:-default} \${EMPTY-default} \${NONE:-default} \${NONE-default}
  C: \${ONE:+there} \${EMPTY:+there} \${EMPTY+there} \${NONE+there}
  D: \${ONE:?needed} \${EMPTY?needed}
  E: \${NONE:-\${ONE:-x}} \${NONE:-a\${NONE-b}c}tail
  F: $$ONE $$\${ONE} $1 $ x$
  G: \${NONE:-{"a":1}}
  H: \${NONE:-a:-b} \${ONE-}
  I: "\${NONE:-x}\\n\${ONE}"
  J: \${NONE:-\${A} \${B}} z`),
    { ONE: '1', EMPTY: '' },
  ),
  'variables that hold names of properties': one(
    web('environment: ["A=${constructor:-none}", "B=${__proto__:-none}", toString]'),
  ),
  'variables in typed keys': one(
    web(
      'ports: ["${PORT}:80"]\nscale: ${SCALE}\nread_only: ${RO}\nulimits: { nofile: $N }\ndeploy: { resources: { limits: { cpus: "${CPU}" } } }',
    ),
    { PORT: '8080', SCALE: '3', RO: 'true', N: '100', CPU: '1.5' },
  ),
  'the name of the project': one(
    'name: My App!\nservices:\n  web: { image: "${COMPOSE_PROJECT_NAME}", volumes: ["data:/d"] }\nvolumes: { data: }\n',
  ),
  'the name of the project from a variable': one('name: ${NAME}-x\nservices:\n  web: { image: a }\n', { NAME: 'abc' }),
  'a second file over the first': two(
    web(
      'command: a\nenvironment: { A: 1, B: 2 }\nports: ["80:80"]\nvolumes: ["./a:/a", "./b:/b"]\nlabels: { x: 1 }\ndns: 1.1.1.1\nhealthcheck: { test: a, interval: 1s }',
      'volumes: { vol: { labels: { a: 1 } } }',
    ),
    web(
      'command: [b]\nenvironment: [B=3, C=4]\nports: ["80:80", "81:81"]\nvolumes: ["./c:/a", "vol:/v"]\nlabels: [x=2, y=3]\ndns: [2.2.2.2]\nhealthcheck: { test: ["CMD", "b"] }',
      'volumes: { vol: { labels: [b=2] } }',
    ),
  ),
  'files that agree on less': two(
    'services:\n  web:\n    image: a\n    build: ./x\n    depends_on: [db]\n    networks: [one]\n    logging: { driver: a, options: { x: 1 } }\n    extra_hosts: ["a=1.1.1.1"]\n    tmpfs: /a\n  db: { image: b }\nnetworks: { one: , two: }\n',
    'services:\n  web:\n    build: { args: [A=1], target: t }\n    depends_on: { db: { condition: service_healthy } }\n    networks: { two: { aliases: [z] } }\n    logging: { driver: b, options: { y: 1 } }\n    extra_hosts: { b: 2.2.2.2, a: 1.1.1.1 }\n    tmpfs: [/b]\n',
  ),
  'one driver of logs in two files': two(
    web(
      'logging: { driver: a, options: { x: 1 } }\nulimits: { n: { soft: 1, hard: 2 } }\nentrypoint: x\nsecrets: [s]\nconfigs: [c]',
      'secrets: { s: { environment: S } }\nconfigs: { c: { content: c } }',
    ),
    web(
      'logging: { options: { y: 1 } }\nulimits: { n: 5 }\nentrypoint: null\nsecrets: [{ source: s, target: t }, s]\nconfigs: [{ source: c, target: /c }]',
    ),
  ),
  'pools of addresses in two files': {
    ...two(
      'services: { web: { image: a } }\nnetworks: { default: { ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: 10.1.0.0/24 }] } } }\n',
      'networks: { default: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }, { subnet: 10.2.0.0/24 }] } } }\n',
    ),
    differs: 'compose loses the second pool',
  },
  'keys that a file resets': two(
    `${web('ports: ["80:80"]\nenvironment: { A: 1, B: 2 }\ncommand: a\nvolumes: ["./a:/a"]\ndeploy: { replicas: 2, labels: [a=1] }')}  gone: { image: b }\n`,
    'services:\n  web:\n    ports: !reset []\n    environment:\n      A: !reset null\n    volumes: !override ["./b:/b"]\n    deploy: { replicas: !reset 0 }\n    labels: !override { x: 1 }\n  gone: !reset\n',
  ),
  'a service that extends another of its file': one(
    'services:\n  base: { image: a, environment: { A: 1 }, ports: ["80:80"], command: x, volumes: ["./d:/d"] }\n  web:\n    extends: base\n    environment: [B=2]\n    ports: ["81:81"]\n  third:\n    extends: { service: web }\n    command: y\n',
  ),
  'a service that extends one of another folder': {
    files: {
      'compose.yaml':
        'services:\n  web:\n    extends: { file: common/base.yaml, service: base }\n    volumes: ["./own:/own"]\n',
      'common/base.yaml':
        'services:\n  base:\n    extends: { file: ../deep/more/root.yaml, service: root }\n    build: { context: ., additional_contexts: { x: ../x } }\n    volumes: ["./data:/data", "../up:/up", "~/home:/home"]\n    develop: { watch: [{ path: ./s, action: rebuild }] }\n  unused: { image: z }\n',
      'deep/more/root.yaml':
        'services:\n  root:\n    image: r\n    volumes: ["./r:/r"]\n    environment: { FROM: "${V:-none}" }\n    labels: { l: 1 }\n',
    },
    variables: { V: 'seen' },
  },
  'what an extended service resets': {
    files: {
      'compose.yaml':
        'services:\n  web:\n    extends: { file: base.yaml, service: base }\n    ports: !reset []\n    environment: !override { B: 2 }\n',
      'base.yaml': 'services:\n  base: { image: a, ports: ["80:80"], environment: { A: 1 }, labels: { x: 1 } }\n',
    },
  },
  'included files': {
    files: {
      'compose.yaml':
        'include:\n  - db/compose.yaml\n  - path: [cache/a.yaml, cache/b.yaml]\n  - path: elsewhere/c.yaml\n    project_directory: .\nservices:\n  web: { image: a, depends_on: [db, cache, third], networks: [n], secrets: [s] }\n',
      'db/compose.yaml':
        'include: [more/compose.yaml]\nservices:\n  db: { image: b, volumes: ["./data:/data", "vol:/v"], build: . }\nvolumes: { vol: }\nsecrets: { s: { file: ./s } }\n',
      'db/more/compose.yaml': 'services:\n  more: { build: ./x, configs: [c] }\nconfigs: { c: { file: ../c } }\n',
      'cache/a.yaml': 'services:\n  cache: { image: c, environment: { A: 1 }, volumes: ["./a:/a"] }\n',
      'cache/b.yaml': 'services:\n  cache: { environment: { B: 2 }, volumes: ["./b:/b"] }\nnetworks: { n: }\n',
      'elsewhere/c.yaml': 'services:\n  third: { build: ./third }\n',
    },
  },
  'a file of a folder': {
    files: { 'deploy/compose.yaml': 'services:\n  web: { build: .., volumes: ["./d:/d"] }\n' },
    main: ['deploy/compose.yaml'],
  },
  'files of two folders': {
    files: {
      'deploy/compose.yaml': 'services:\n  web: { image: a, volumes: ["./d:/d"] }\n',
      'more/over.yaml': 'services:\n  web: { volumes: ["./e:/e"] }\n',
    },
    main: ['deploy/compose.yaml', 'more/over.yaml'],
  },
  'names of folders that look like homes': one(web('volumes: ["./~x:/x"]')),
  'values that are said twice': one(
    web(
      'cap_add: [A, B, A]\nexpose: [80, "80"]\nprofiles: [a, a]\ndns: [1.1.1.1, 1.1.1.1]\nsysctls: [a=1, a=2]\nenvironment: [A=1, A=2]',
    ),
  ),
  'swap without a limit': { ...one(web('memswap_limit: -1')), differs: 'compose prints what it does not read again' },
  'settings of disks': {
    ...one(
      web(
        'blkio_config: { weight: 300, weight_device: [{ path: /dev/a, weight: 400 }], device_read_bps: [{ path: /dev/a, rate: 12mb }] }',
      ),
    ),
    differs: 'compose prints the names of its own fields',
  },
  'keys of SSH with a path': {
    ...one('services:\n  web: { build: { context: ., ssh: ["id=./key", default] } }\n'),
    differs: 'compose prints no valid JSON',
  },
  models: one(
    `${web('models: [llm]')}  m: { image: a, models: { llm: { endpoint_var: E, model_var: M } } }\nmodels: { llm: { model: ai/x, context_size: 1024 } }\n`,
  ),
};

/** Projects that are not valid, with what our message says. */
export const broken: Readonly<Record<string, Case & { readonly says: RegExp; readonly line: number }>> = {
  'a service that is waited for without a condition': {
    ...one('services:\n  web:\n    image: a\n    depends_on:\n      db: { required: false }\n  db: { image: b }\n'),
    line: 5,
    says: /depends_on\.db must have a condition/,
  },
  'a variable that is required': {
    ...one(web('user: x\ncommand: ${MISSING:?set it}')),
    says: /MISSING.*set it/,
    line: 5,
  },
  'a variable that is not one': { ...one(web('user: "${1x}"')), says: /not a valid variable/, line: 4 },
  'a file that is a list': { ...one('- a\n- b\n'), says: /must be a mapping/, line: 1 },
  'an empty file': { ...one('# nothing\n'), says: /empty/, line: 1 },
  'services that are a list': { ...one('services: [a]\n'), says: /services must be a mapping/, line: 1 },
  'a service that is a string': {
    ...one('services:\n  web: nginx\n'),
    says: /services\.web must be a mapping/,
    line: 2,
  },
  'a service without an image': {
    ...one('services:\n  web:\n    command: x\n'),
    says: /neither an image nor a build/,
    line: 2,
  },
  'a key that is a number': { ...one(web('environment:\n  1: a')), says: /key must be a string/, line: 5 },
  'a port that is none': { ...one(web('ports: ["80:abc"]')), says: /not a valid port/, line: 4 },
  'ranges of ports that differ': { ...one(web('ports: ["1-3:1-2"]')), says: /differ in length/, line: 4 },
  'an address that is none': { ...one(web('ports: ["1.2.3:80:80"]')), says: /not an IP address/, line: 4 },
  'a volume with too many parts': { ...one(web('volumes: ["aa:/b:ro:x"]')), says: /too many colons/, line: 4 },
  'a volume that is not declared': {
    ...one(web('volumes:\n  - /x\n  - data:/data')),
    says: /"data".*volumes/,
    line: 6,
  },
  'a network that is not declared': { ...one(web('networks: [front]')), says: /"front".*networks/, line: 4 },
  'a secret that is not declared': { ...one(web('secrets: [key]')), says: /"key".*secrets/, line: 4 },
  'a secret without a content': {
    ...one(web('secrets: [key]', 'secrets:\n  key: { labels: [a] }')),
    says: /secrets\.key must have one of/,
    line: 6,
  },
  'a model that is not declared': { ...one(web('models: [llm]')), says: /"llm".*models/, line: 4 },
  'a secret whose name leads elsewhere': {
    ...one(web('tty: true', 'secrets:\n  ../../x: { environment: A }')),
    says: /secrets\.\.\.\/\.\.\/x is not a valid name/,
    line: 6,
  },
  'a service with a name of two words': { ...one('services:\n  a b: { image: a }\n'), says: /valid name/, line: 2 },
  'a service that is not there': { ...one(web('depends_on: [db]')), says: /"db".*services/, line: 4 },
  'services that wait in a circle': {
    ...one('services:\n  a: { image: a, depends_on: [b] }\n  b: { image: b, depends_on: [a] }\n'),
    says: /circular/,
    line: 3,
  },
  'services that extend each other': {
    ...one('services:\n  a: { extends: b }\n  b: { extends: a }\n'),
    says: /circular/,
    line: 2,
  },
  'a service that extends nothing': {
    ...one('services:\n  a:\n    extends: b\n'),
    says: /"b".*compose\.yaml does not have/,
    line: 3,
  },
  'a file that extends nothing there': {
    ...one('services:\n  a:\n    extends: { file: none.yaml, service: b }\n'),
    says: /none\.yaml could not be read/,
    line: 3,
  },
  'files that include each other': {
    files: {
      'compose.yaml': 'include: [b.yaml]\nservices: { a: { image: a } }\n',
      'b.yaml': 'include:\n  - compose.yaml\n',
    },
    says: /circular/,
    line: 2,
  },
  'an include of what is there already': {
    files: {
      'compose.yaml': 'include:\n  - b.yaml\nservices: { a: { image: a } }\n',
      'b.yaml': 'services: { a: { image: b } }\n',
    },
    says: /services\.a is in the included file/,
    line: 2,
  },
  'kinds that do not fit': {
    ...two(web('deploy: { labels: [a=1], resources: { limits: { pids: 1 } } }'), web('deploy: { resources: [a] }')),
    says: /a list here and a mapping/,
    line: 4,
  },
  'a duration without a unit': { ...one(web('stop_grace_period: 30')), says: /duration such/, line: 4 },
  'a size that is none': { ...one(web('mem_limit: lots')), says: /size such as/, line: 4 },
  'a flag that is none': { ...one(web('read_only: maybe')), says: /true or false/, line: 4 },
  'a command with an open quote': { ...one(web('command: echo "a')), says: /not closed/, line: 4 },
  'a test of health without its kind': { ...one(web('healthcheck: { test: ["curl", "x"] }')), says: /CMD/, line: 4 },
  'ports that are a mapping': { ...one(web('ports: { a: 1 }')), says: /ports must be a list/, line: 4 },
  'two mounts at one place': { ...one(web('tmpfs: [/a]\nvolumes: ["./a:/a"]')), says: /mounts \/a twice/, line: 5 },
  'a network beside a network mode': {
    ...one(web('network_mode: host\nnetworks: [default]')),
    says: /network_mode and networks/,
    line: 4,
  },
};
