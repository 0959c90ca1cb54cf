import type { Facts } from '../../index.ts';
import { HIDDEN_VALUE } from '../../model/secret-names.ts';
import { place, type Row } from './facts.ts';

type Docker = NonNullable<Facts['docker']>;
type Stage = Docker['dockerfiles'][number]['stages'][number];
type Service = Docker['compose'][number]['services'][number];

/** What the Docker files of the author say, each with its place; none where there are none. */
export function dockerRows({ docker }: Facts): Row[] {
  if (!docker) return [];
  return [
    ...docker.dockerfiles.flatMap(dockerfileRows),
    ...docker.compose.flatMap(composeRows),
    ...docker.dockerignores.map((path): Row => ['ignore file', path, '']),
    ...(docker.devcontainer
      ? [
          [
            'devcontainer',
            docker.devcontainer.image ?? docker.devcontainer.dockerfile ?? docker.devcontainer.compose.join(', '),
            docker.devcontainer.path,
          ] as const,
        ]
      : []),
    ...docker.broken.map(
      ({ file, line, message }): Row => ['not read', message, line === undefined ? file : `${file}:${line}`],
    ),
  ];
}

function dockerfileRows({ path, builds, context, why, stages, unread }: Docker['dockerfiles'][number]): Row[] {
  if (builds === 'other') return [['Dockerfile', `not for the application: ${why}`, path]];
  return [
    ['Dockerfile', `builds the application from ${context === '.' ? 'the repository' : context}: ${why}`, path],
    ...stages.flatMap(stageRows),
    ...unread.map(({ what, from }): Row => ['not read', what, place(from)]),
  ];
}

/** A stage, and what it says itself: what it takes over is shown where it stands. */
const assigned = (key: string, value: string, secret: boolean | undefined): string =>
  `${key} = ${secret ? HIDDEN_VALUE : value}`;

function stageRows(stage: Stage): Row[] {
  const name = stage.name === undefined ? `stage ${stage.index}` : `stage ${stage.name}`;
  if (stage.use === 'build') return [[`  ${name}`, `build, from ${stage.base}`, place(stage.from)]];
  const command = [...(stage.entrypoint?.argv ?? []), ...(stage.command?.argv ?? [])].join(' ');
  return [
    [`  ${name}`, `${stage.use}, from ${stage.base}: ${stage.why}`, place(stage.from)],
    ...stage.packages.map(({ value, from }): Row => ['    package', value, place(from)]),
    ...Object.entries(stage.args).map(([key, { default: value, secret, from }]): Row => {
      return ['    argument', value === undefined ? key : assigned(key, value, secret), place(from)];
    }),
    ...Object.entries(stage.env).map(
      ([key, { value, secret, from }]): Row => ['    variable', assigned(key, value, secret), place(from)],
    ),
    ...stage.ports.map(({ number, from }): Row => ['    port', String(number), place(from)]),
    ...stage.volumes.map(({ value, from }): Row => ['    volume', value, place(from)]),
    ...stage.secrets.map(({ id, from }): Row => ['    build secret', id, place(from)]),
    ...(stage.user ? [['    user', stage.user.value, place(stage.user.from)] as const] : []),
    ...(command === ''
      ? []
      : [['    command', command, place((stage.command ?? stage.entrypoint)?.from ?? [])] as const]),
    ...(stage.healthcheck
      ? [
          [
            '    health check',
            stage.healthcheck.command?.argv.join(' ') ?? 'none',
            place(stage.healthcheck.from),
          ] as const,
        ]
      : []),
  ];
}

function composeRows({ files, use, why, services, volumes }: Docker['compose'][number]): Row[] {
  return [
    ['compose', `${use}: ${why}`, files.join(', ')],
    ...services.flatMap(serviceRows),
    ...Object.entries(volumes).map(([key, { name, from }]): Row => ['  volume', name ?? key, place(from)]),
  ];
}

function serviceRows(service: Service): Row[] {
  const image = service.build
    ? `built from ${service.build.dockerfile ?? service.build.context}${service.build.target ? `, stage ${service.build.target}` : ''}`
    : (service.image?.value ?? '');
  const what = service.service ?? service.runs;
  return [
    [`  service ${service.name}`, `${what}, ${image}`, place(service.from)],
    ...service.ports.map(({ container, host, from }): Row => {
      return ['    port', host === undefined ? String(container) : `${host} to ${container}`, place(from)];
    }),
    ...service.mounts.map(
      ({ source, target, from }): Row => ['    mount', source ? `${source} to ${target}` : target, place(from)],
    ),
    ...Object.entries(service.env).map(([key, { value, secret, from }]): Row => {
      return ['    variable', value === null ? key : assigned(key, value, secret), place(from)];
    }),
  ];
}
