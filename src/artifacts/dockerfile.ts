import { type FlagValue, formatInstruction, quoteShell, quoteSource, type Typed } from '../formats/dockerfile/index.ts';
import type { Artifact } from '../model/artifact.ts';
import { UserError } from '../model/errors.ts';
import type { Check, Image, Mount, Plan, Stage, Step } from '../model/plan.ts';
import { hasHidden, visible } from '../model/visible.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { lines, remark } from './lines.ts';

/** The Dockerfile of one image of the plan. */
export function dockerfile(plan: Plan, image: Image): Artifact {
  const out = lines();
  out.add('# syntax=docker/dockerfile:1', headerDecision);
  const open = image.stages.flatMap(({ steps }) => steps.flatMap(namesOf)).filter(soundsSecret);
  if (open.length > 0) out.add('# check=skip=SecretsUsedInArgOrEnv', headerDecision);
  for (const line of header(plan, image.dockerfile)) out.add(remark(line), headerDecision);
  if (open.length > 0) out.add(remark(skipped(open)), headerDecision);
  addStages(out, image.stages);
  return out.artifact(image.dockerfile, 'dockerfile');
}

const namesOf = (step: Step): readonly string[] =>
  step.do === 'arg' ? [step.name] : step.do === 'env' ? Object.keys(step.values) : [];

/**
 * Whether the engine's own check takes a name for that of a secret (moby/buildkit, frontend/dockerfile/dockerfile2llb, SecretsUsedInArgOrEnv). No secret of the
 * plan stands in an argument or a variable of an image: what is left are values that pages show to everybody.
 */
const soundsSecret = (name: string): boolean => {
  const words = name.toLowerCase().split('_');
  return !words.includes('public') && words.some((word) => secretWords.has(word));
};

const secretWords = new Set('apikey auth credential credentials key password pword passwd secret token pat'.split(' '));

const skipped = (names: readonly string[]): string =>
  `${[...new Set(names)].join(', ')}: ${names.length === 1 ? 'not a secret despite its name' : 'not secrets despite their names'}, hence the check directive at the top for \`docker build --check\``;

/** The text of a Dockerfile that nobody keeps: the stages alone. */
export function dockerfileText(stages: readonly Stage[]): string {
  const out = lines();
  out.add('# syntax=docker/dockerfile:1', headerDecision);
  addStages(out, stages);
  return out.artifact('Dockerfile', 'dockerfile').content;
}

function addStages(out: ReturnType<typeof lines>, stages: readonly Stage[]): void {
  for (const stage of stages) {
    out.blank();
    if (stage.note) out.add(remark(stage.note), stage.decision);
    out.add(writable(from(stage)), stage.decision);
    for (const step of stage.steps) {
      if (step.note) out.add(remark(step.note), step.decision);
      out.add(step.do === 'file' ? heredoc(step) : writable(formatInstruction(typed(step))), step.decision);
    }
  }
}

/** A file that stands in the Dockerfile itself. The quotes leave `$` in it as it is. */
function heredoc({ path, lines: text }: Extract<Step, { do: 'file' }>): string {
  const end = 'EOF';
  if (text.includes(end)) throw new Error(`a line of ${path} would end the heredoc: ${end}`);
  return [`COPY <<"${end}" ${path}`, ...text, end].join('\n');
}

/** An instruction in which nothing is hidden. JSON has escapes, values are shown; the words of a shell and the values of flags have neither. */
function writable(instruction: string): string {
  const hidden = instruction.split('\n').find(hasHidden);
  if (hidden === undefined) return instruction;
  throw new UserError({
    code: 'dockerfile-hidden-character',
    message: `A Dockerfile cannot contain control or invisible characters here: ${visible(hidden)}`,
    next: ['Remove it from the file name, or from the command that uses it.'],
  });
}

/** Values of ENV, LABEL and ARG in one line: these instructions have no escape for what nobody sees, so it is shown as text. */
const shown = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shownValue(value)]));

/** A line break is refused further on, with what to do about it. */
const shownValue = (value: string): string => value.split('\n').map(visible).join('\n');

const from = ({ from: base, name }: Stage) =>
  'image' in base
    ? `FROM ${base.platform ? `--platform=${base.platform} ` : ''}${base.image} AS ${name}`
    : `FROM ${base.stage} AS ${name}`;

const mount = (item: Mount): FlagValue => ['mount', mountParts(item).join(',')];

function mountParts(item: Mount): string[] {
  switch (item.type) {
    case 'cache':
      return [
        'type=cache',
        ...(item.id ? [`id=${item.id}`] : []),
        `target=${item.target}`,
        ...(item.sharing ? [`sharing=${item.sharing}`] : []),
      ];
    case 'secret':
      return [
        'type=secret',
        `id=${item.id}`,
        ...(item.env ? [`env=${item.env}`] : []),
        ...(item.target ? [`target=${item.target}`] : []),
        ...(item.required ? ['required=true'] : []),
      ];
    case 'bind':
      return [
        'type=bind',
        `source=${item.source}`,
        `target=${item.target}`,
        ...(item.from ? [`from=${item.from}`] : []),
      ];
  }
}

/** The exec form needs no shell; with mounts or variables the words of a shell read better. */
function run(step: Extract<Step, { do: 'run' }>): Typed {
  const flags = (step.mounts ?? []).map(mount);
  // a shell has no escape for what nobody sees: JSON has, and `env` sets the variables
  if (!step.after && [...step.argv, ...Object.values(step.env ?? {})].some(hasHidden)) {
    const set = Object.entries(step.env ?? {}).map(([name, value]) => `${name}=${value}`);
    return { keyword: 'RUN', flags, command: { argv: [...(set.length > 0 ? ['env', ...set] : []), ...step.argv] } };
  }
  const env = Object.entries(step.env ?? {}).map(([name, value]) => `${name}=${quoteShell([value])}`);
  if (flags.length === 0 && env.length === 0 && !step.after) return { keyword: 'RUN', command: { argv: step.argv } };
  const command = quoteShell(step.argv);
  // many would make a line that nobody reads
  const script = env.length > 2 ? [...env.map((value) => `export ${value}`), command] : [[...env, command].join(' ')];
  return { keyword: 'RUN', flags, command: { shell: [...script, ...(step.after ?? [])] } };
}

function copy(step: Extract<Step, { do: 'copy' }>): Typed {
  const flags: FlagValue[] = [
    ...(step.link ? [['link'] as const] : []),
    ...(step.from ? [['from', step.from] as const] : []),
    ...(step.chown ? [['chown', step.chown] as const] : []),
    ...(step.chmod ? [['chmod', step.chmod] as const] : []),
  ];
  return { keyword: 'COPY', flags, sources: step.sources.map(quoteSource), to: step.to };
}

const checkFlags = (check: Check): FlagValue[] => [
  ['interval', `${check.interval}s`],
  ['timeout', `${check.timeout}s`],
  ['start-period', `${check.startPeriod}s`],
  ['start-interval', `${check.startInterval}s`],
  ['retries', String(check.retries)],
];

/** `$NAME` alone is a reference to a build argument. */
const labels = (values: Readonly<Record<string, string>>): Typed => ({
  keyword: 'LABEL',
  values: Object.fromEntries(
    Object.entries(shown(values)).map(([name, value]) => [
      name,
      /^\$[A-Z_]+$/.test(value) ? { raw: `"${value}"` } : value,
    ]),
  ),
});

/** One step of a stage as an instruction of the language. */
function typed(step: Exclude<Step, { do: 'file' }>): Typed {
  switch (step.do) {
    case 'workdir':
      return { keyword: 'WORKDIR', value: step.path };
    case 'copy':
      return copy(step);
    case 'run':
      return run(step);
    case 'shell':
      return { keyword: 'RUN', flags: (step.mounts ?? []).map(mount), command: { shell: step.script } };
    case 'arg':
      return {
        keyword: 'ARG',
        name: step.name,
        ...(step.default === undefined ? {} : { value: shownValue(step.default) }),
      };
    case 'env':
      return { keyword: 'ENV', values: shown(step.values) };
    case 'user':
      return { keyword: 'USER', value: `${step.uid}:${step.gid}` };
    case 'expose':
      return { keyword: 'EXPOSE', ports: [String(step.port)] };
    case 'healthcheck':
      return { keyword: 'HEALTHCHECK', flags: checkFlags(step.check), command: { argv: step.check.argv } };
    case 'entrypoint':
      return { keyword: 'ENTRYPOINT', argv: step.argv };
    case 'cmd':
      return { keyword: 'CMD', argv: step.argv };
    case 'label':
      return labels(step.values);
  }
}

export const artifact: ArtifactPrinter = {
  name: 'dockerfile',
  title: 'Dockerfile',
  order: 10,
  print: (plan) => Object.values(plan.images).flatMap((image) => (image.kept ? [] : [dockerfile(plan, image)])),
};
