import type { Archive } from '../engine/archive.ts';
import type { SecretValue } from '../engine/buildx.ts';
import type { ComposeProject, ServiceRun } from '../engine/compose.ts';
import type { Engine } from '../engine/docker.ts';
import type { TempFolder } from '../engine/temp.ts';
import type { ContractItem } from '../model/contract.ts';
import type { AnsweredPath, ExternalApi } from '../model/facts.ts';
import type { Image, Plan, Workload } from '../model/plan.ts';
import type { TrustedInput } from './frontend.ts';
import type { BuiltArchive } from './image.ts';
import type { Measure } from './measure.ts';

/** An image that was built in this run. */
export type BuiltImage = {
  readonly image: Image;
  /** the stage that was built: the production target of the image, or that of the workload; absent: the last one */
  readonly target: string | undefined;
  /** absolute path of the folder that the image is built from */
  readonly context: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** what the builds of this run get for the build secrets of the image */
  readonly buildSecrets: readonly SecretValue[];
  readonly made: BuiltArchive;
  readonly archive: Archive;
  readonly sizes: Measure;
};

/** Everything an item of the contract can look at. */
export type VerificationContext = {
  readonly root: string;
  readonly plan: Plan;
  readonly name: string;
  readonly workload: Workload;
  /** its image; undefined: it runs one that is not built here */
  readonly built: BuiltImage | undefined;
  /** image with a shell and the usual small programs, to look into its containers with; undefined: none is known */
  readonly tools: string | undefined;
  readonly engine: Engine;
  readonly trust: TrustedInput;
  readonly run: string;
  readonly temp: TempFolder;
  readonly externals: readonly ExternalApi[];
  /** paths that its sources answer to GET */
  readonly paths: readonly Pick<AnsweredPath, 'path' | 'open'>[];
  /** what it asks may not be there in this run, whatever the image holds: tables that nothing makes, an account that another party gives */
  readonly unsure: boolean;
  /** largest compressed size in bytes, where one is set */
  readonly budget: number | undefined;
  /** source file, relative to the build context, that may be edited in a copy */
  readonly source: string | undefined;
  /** names of dependencies that only development needs */
  readonly developmentDependencies: ReadonlySet<string>;
  /** values that must stand in no layer, by the name of their variable */
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  /** the running deployment; undefined where it could not be started, with the reason in `whyNot` */
  readonly running: Running | undefined;
  readonly whyNot: string;
};

export type Running = {
  readonly project: ComposeProject;
  /** id of the app's container */
  readonly id: string;
  /** seconds from starting it until it was healthy; undefined: it did not become so */
  readonly healthyAfter: number | undefined;
  /** what the app's own check said last */
  readonly lastCheck: string;
  /** base address on this machine, where a port is published */
  readonly url: string | undefined;
  readonly stub: string | undefined;
  /** where `id` is not the app's own container: what it is instead */
  readonly standsFor?: string;
  /** of what runs and ends: its runs, the first one first */
  readonly runs?: readonly ServiceRun[];
};

/** What came of an item. */
export type Outcome = Pick<ContractItem, 'status' | 'evidence' | 'next'>;

/** contract/NAME.ts exports one of these. */
export type Item = {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /**
   * Whether it needs the deployment running, and in what turn: what takes services away comes after what looks at containers, and what stops the
   * application comes last. `still` is about the image alone.
   */
  readonly turn: 'still' | 'running' | 'disturbing' | 'stopping';
  readonly shapes: readonly Workload['shape'][];
  readonly prove: (subject: VerificationContext) => Promise<Outcome>;
};

export const pass = (...evidence: string[]): Outcome => ({ status: 'pass', evidence });
export const fail = (evidence: readonly string[], next: string): Outcome => ({
  status: 'fail',
  evidence: [...evidence],
  next,
});
export const notProved = (evidence: readonly string[], next: string): Outcome => ({
  status: 'not-proved',
  evidence: [...evidence],
  next,
});
export const notApplicable = (...evidence: string[]): Outcome => ({ status: 'not-applicable', evidence });

export const servers: readonly Workload['shape'][] = ['service', 'site'];
/** What runs and ends by itself. */
export const ending: readonly Workload['shape'][] = ['job', 'schedule', 'command'];
export const every: readonly Workload['shape'][] = ['service', 'site', 'worker', 'job', 'schedule', 'command'];

/** The image in which the app is built: it has a shell and the usual small programs, which production lacks. */
export function toolbox(image: Image): string | undefined {
  const base = image.stages.find((stage) => 'image' in stage.from)?.from;
  return base && 'image' in base ? base.image : image.kept?.base;
}

/** The running deployment, for the items that cannot do without. */
export function needRunning(subject: VerificationContext): Running {
  if (!subject.running) throw new Error(subject.whyNot);
  return subject.running;
}

/** The image of the workload, for the items that are about it. */
export function needBuilt(subject: VerificationContext): BuiltImage {
  if (!subject.built) throw new Error(`${subject.name} runs an image that is not built here`);
  return subject.built;
}

export const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });

/** Asks until the answer is there or the time is over; returns the seconds it took, or undefined. */
export async function until(
  limit: number,
  signal: AbortSignal | undefined,
  ask: () => Promise<boolean>,
): Promise<number | undefined> {
  const start = performance.now();
  for (;;) {
    if (await ask()) return (performance.now() - start) / 1000;
    if ((performance.now() - start) / 1000 > limit) return undefined;
    await pause(150, signal);
  }
}

export const short = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;

/** Bytes for people, as registries count: 1 MB is a million. */
export const megabytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
