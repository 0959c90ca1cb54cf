import { jsonForm, quoteEnvValue, quoteShell } from '../formats/dockerfile/quoting.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Check, Image, Mount, Plan, Stage, Step } from '../model/plan.ts';
import { header, headerDecision } from './header.ts';
import { lines } from './lines.ts';

/** The Dockerfile of one image of the plan. */
export function dockerfile(plan: Plan, image: Image): Artifact {
  const out = lines();
  out.add('# syntax=docker/dockerfile:1', headerDecision);
  for (const line of header(plan, image.dockerfile)) out.add(`# ${line}`, headerDecision);
  for (const stage of image.stages) {
    out.blank();
    if (stage.note) out.add(`# ${stage.note}`, stage.decision);
    out.add(from(stage), stage.decision);
    for (const step of stage.steps) {
      if (step.note) out.add(`# ${step.note}`, step.decision);
      out.add(instruction(step), step.decision);
    }
  }
  return out.artifact(image.dockerfile, 'dockerfile');
}

const from = (stage: Stage) => `FROM ${'image' in stage.from ? stage.from.image : stage.from.stage} AS ${stage.name}`;

const seconds = (value: number) => `${value}s`;

function healthcheck(check: Check): string {
  const flags = [
    `--interval=${seconds(check.interval)}`,
    `--timeout=${seconds(check.timeout)}`,
    `--start-period=${seconds(check.startPeriod)}`,
    `--start-interval=${seconds(check.startInterval)}`,
    `--retries=${check.retries}`,
  ];
  return wrapped(['HEALTHCHECK', ...flags].join(' '), `CMD ${jsonForm(check.argv)}`);
}

/** The second half on a line of its own. */
const wrapped = (first: string, second: string) => `${first} \\\n    ${second}`;

function mount(one: Mount): string {
  const parts =
    one.type === 'cache'
      ? [
          'type=cache',
          ...(one.id ? [`id=${one.id}`] : []),
          `target=${one.target}`,
          ...(one.sharing ? [`sharing=${one.sharing}`] : []),
        ]
      : one.type === 'secret'
        ? [
            'type=secret',
            `id=${one.id}`,
            ...(one.env ? [`env=${one.env}`] : []),
            ...(one.target ? [`target=${one.target}`] : []),
          ]
        : ['type=bind', `source=${one.source}`, `target=${one.target}`, ...(one.from ? [`from=${one.from}`] : [])];
  return `--mount=${parts.join(',')}`;
}

function run(step: Extract<Step, { do: 'run' }>): string {
  const mounts = step.mounts ?? [];
  const env = Object.entries(step.env ?? {}).map(([name, value]) => `${name}=${quoteShell([value])}`);
  // the exec form needs no shell; mounts and variables read better in a shell's words
  if (mounts.length === 0 && env.length === 0) return `RUN ${jsonForm(step.argv)}`;
  return [`RUN ${mounts.map(mount).join(' \\\n    ')}`.trimEnd(), [...env, quoteShell(step.argv)].join(' ')].join(
    mounts.length > 0 ? ' \\\n    ' : ' ',
  );
}

function shell(step: Extract<Step, { do: 'shell' }>): string {
  const mounts = (step.mounts ?? []).map((one) => `${mount(one)} \\\n    `).join('');
  return `RUN ${mounts}${step.script.join(' && \\\n    ')}`;
}

function copy(step: Extract<Step, { do: 'copy' }>): string {
  const flags = [
    ...(step.link ? ['--link'] : []),
    ...(step.from ? [`--from=${step.from}`] : []),
    ...(step.chown ? [`--chown=${step.chown}`] : []),
    ...(step.chmod ? [`--chmod=${step.chmod}`] : []),
  ];
  const paths = [...step.sources, step.to];
  // the JSON form is the only one that takes a path with a space
  return ['COPY', ...flags, paths.some((path) => /[\s"'\\$[\]]/.test(path)) ? jsonForm(paths) : paths.join(' ')].join(
    ' ',
  );
}

const pairs = (keyword: string, values: Readonly<Record<string, string>>) =>
  `${keyword} ${Object.entries(values)
    .map(([name, value]) => `${name}=${quoteEnvValue(value)}`)
    .join(` \\\n${' '.repeat(keyword.length + 1)}`)}`;

/** `$NAME` alone stays a reference to a build argument. */
const label = (values: Readonly<Record<string, string>>) =>
  `LABEL ${Object.entries(values)
    .map(([name, value]) => `${name}=${/^\$[A-Z_]+$/.test(value) ? `"${value}"` : quoted(value)}`)
    .join(' \\\n      ')}`;

const quoted = (value: string) => {
  const text = quoteEnvValue(value);
  return text.startsWith('"') ? text : `"${text}"`;
};

/** One instruction as text, of one line or several. */
function instruction(step: Step): string {
  switch (step.do) {
    case 'workdir':
      return `WORKDIR ${step.path}`;
    case 'copy':
      return copy(step);
    case 'run':
      return run(step);
    case 'shell':
      return shell(step);
    case 'arg':
      return `ARG ${step.name}${step.default === undefined ? '' : `=${quoteEnvValue(step.default)}`}`;
    case 'env':
      return pairs('ENV', step.values);
    case 'user':
      return `USER ${step.uid}:${step.gid}`;
    case 'expose':
      return `EXPOSE ${step.port}`;
    case 'healthcheck':
      return healthcheck(step.check);
    case 'entrypoint':
      return `ENTRYPOINT ${jsonForm(step.argv)}`;
    case 'cmd':
      return `CMD ${jsonForm(step.argv)}`;
    case 'label':
      return label(step.values);
    case 'stopsignal':
      return `STOPSIGNAL ${step.signal}`;
  }
}
