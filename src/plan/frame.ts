import { posix } from 'node:path';
import type { Config } from '../model/config.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan, Step, Workload } from '../model/plan.ts';
import type { RuntimeBase } from '../stacks/contract.ts';
import { type Decide, settled } from './decide.ts';
import type { Stacks } from './stacks.ts';

/** What building comes to: what runs in production, and where it comes from. */
export type Output =
  | {
      readonly kind: 'built';
      readonly folder: string;
      readonly start: readonly string[];
      readonly selfContained: boolean;
      /** stays in its folder, beside the manifest */
      readonly keeps: boolean;
      /** holds the runtime too */
      readonly compiled: boolean;
      readonly argv: readonly string[];
      readonly env?: Readonly<Record<string, string>> | undefined;
      readonly needs: readonly string[];
      readonly why: string;
    }
  | { readonly kind: 'source'; readonly start: readonly string[]; readonly why: string };

export type ImageInput = {
  readonly facts: Facts;
  readonly config: Config;
  readonly stacks: Stacks;
  readonly shape: Workload['shape'];
  readonly probes: Workload['probes'];
  readonly writable: Workload['writable'];
  readonly labels: Readonly<Record<string, string>>;
  readonly specification: Plan['specification'];
  readonly decide: Decide;
};

/** What every stage is planned from. */
export type Frame = ImageInput & {
  /** commands that make what installing alone does not: own scripts that read the sources */
  readonly generates: readonly { readonly argv: readonly string[]; readonly from: readonly Evidence[] }[];
  readonly output: Output;
  readonly version: string;
  readonly base: RuntimeBase & { by: 'config' | 'default' };
};

/** The path of a decision about the image. */
export const key = (...path: string[]) => ['images.app', ...path].join('.');

const isFile = (path: string) => /\.[a-z0-9]+$/i.test(posix.basename(path));

/** COPY of files and folders: one for the files of the root, one for each folder, since a COPY of several flattens them. */
export function copies(sources: readonly string[], decision: string): Step[] {
  if (sources.includes('.')) return [copy(['.'], '.', decision)];
  const top = sources.filter((path) => isFile(path) && !path.includes('/'));
  const rest = sources.filter((path) => !top.includes(path));
  return [
    ...(top.length > 0 ? [copy(top, './', decision)] : []),
    ...rest.map((path) => copy([path], isFile(path) ? `./${posix.dirname(path)}/` : `./${path}`, decision)),
  ];
}

const copy = (sources: readonly string[], to: string, decision: string): Step => ({
  do: 'copy',
  sources: [...sources],
  to,
  decision,
});

/** One path of a stage, as a layer that does not depend on those below it. */
export const linked = (from: string, source: string, to: string, decision: string): Step => ({
  do: 'copy',
  from,
  sources: [source],
  to,
  link: true,
  decision,
});

/** Whether the image brings an init of its own. A command gets the engine's (`--init`): it is run by hand, on any platform. */
export const bringsInit = ({ facts, shape }: ImageInput): boolean => needsInit(facts) && shape !== 'command';

/** Whether the app's own handler ends it on SIGTERM; if not, process 1 must be an init. */
export const needsInit = (facts: Facts) => !facts.signals.value.includes('SIGTERM');

/** Who ends the app on SIGTERM, as evidence: the handler, or the entry that registers none. */
export const signalReason = (facts: Facts): { by: 'detected'; from: readonly Evidence[] } => {
  const entry = settled(facts.entry);
  const none = { ...(entry ? { file: entry } : {}), why: 'what it starts registers no handler for SIGTERM' };
  return { by: 'detected', from: needsInit(facts) ? [none] : facts.signals.from };
};

/** What dependencies need of the distribution, where the image can install it. */
export function systemSteps({ facts, decide }: ImageInput, stage: string): Step[] {
  if (facts.system.length === 0) return [];
  const names = [...new Set(facts.system.map((one) => one.value))].sort();
  const decision = decide(key('stages', stage, 'system'), {
    choice: names.join(', '),
    why: 'dependencies need them, and slim images lack them',
    from: facts.system.flatMap((one) => one.from),
  });
  const install = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  return [{ do: 'shell', script: ['apt-get update', install, 'rm -rf /var/lib/apt/lists/*'], decision }];
}

/** The files that installing reads. */
export const manifestsOf = ({ facts }: ImageInput): string[] => [
  ...(facts.manifest ? [facts.manifest] : []),
  ...(facts.lockfile ? [facts.lockfile.value.path] : []),
  ...facts.installs,
];

/** Whether production runs with dependencies beside it: nothing has been built, or not into one piece. */
export const needsModules = (frame: Frame): boolean =>
  (frame.facts.dependencies.some((one) => !one.dev) || needsDevelopment(frame)) &&
  (frame.output.kind === 'source' || !frame.output.selfContained);

/** Whether the app starts with a development dependency, such as a loader of TypeScript, or imports one: then none can be left out. */
export const needsDevelopment = ({ output, facts }: Frame): boolean =>
  (facts.needed ?? []).length > 0 ||
  (output.kind === 'source' && facts.dependencies.some((one) => one.dev && loaders(output.start).includes(one.name)));

/** Packages that a command loads before its file. */
const loaders = (argv: readonly string[]): readonly string[] =>
  argv.flatMap((word, at) =>
    ['--import', '--require', '-r', '--loader'].includes(argv[at - 1] ?? '') ? [packageName(word)] : [],
  );

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Files and folders that running needs besides what is built: those inside a folder that is copied anyway are left out. */
export function readsOf({ facts, output }: Frame): string[] {
  const reads = [...new Set(facts.reads.map((read) => read.value))];
  const copied = [...(output.kind === 'source' ? facts.sources : []), ...reads];
  return reads.filter(
    (path) =>
      !copied.some((other) => path.startsWith(`${other}/`)) &&
      !(output.kind === 'source' && facts.sources.includes(path)),
  );
}

/** What the build copies from the context. */
export const needsOf = (frame: Frame): string[] =>
  [...new Set([...manifestsOf(frame), ...builtFrom(frame), ...readsOf(frame)])].sort();

/** What building reads: the sources, and what the builder asks for besides. */
export function builtFrom({ facts, output, generates }: Frame): string[] {
  const needs = output.kind === 'built' ? output.needs : [];
  // what a script of the project reads is not known
  if (needs.includes('.') || generates.length > 0) return ['.'];
  return [...new Set([...facts.sources, ...needs])];
}

/** The port and the address, as variables where the app reads them. */
export function ownVariables(facts: Facts): Record<string, string> {
  const port = settled(facts.port);
  const host = facts.host?.value;
  return {
    ...(port?.variable ? { [port.variable]: String(port.number) } : {}),
    ...(host?.variable ? { [host.variable]: '0.0.0.0' } : {}),
  };
}

/** The runtime's own variables, with the value that means development. */
export const developmentVariables = (production: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(production).map(([name, value]) => [name, value === 'production' ? 'development' : value]),
  );

/** The folders of the app that volumes are mounted on. */
export const volumesOf = (writable: Workload['writable']): Workload['writable'] =>
  writable.filter((one) => one.kind === 'volume' && one.path.startsWith('/app/'));

/** Folders for volumes, with the owner that a new volume takes over. */
export function writableSteps({ writable, base }: Frame): Step[] {
  const [volume] = volumesOf(writable);
  if (!volume) return [];
  const chown = `${base.uid}:${base.gid}`;
  return [{ do: 'copy', from: 'writable', sources: ['/writable/app/'], to: './', chown, decision: volume.decision }];
}
