import { randomBytes } from 'node:crypto';
import { posix, resolve } from 'node:path';
import { readEnv } from '../formats/env/index.ts';
import { schedulerName } from '../model/applications.ts';
import type { OnProgress, VerifyReport } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { ExternalApi, Facts, RandomSecret } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import type { Plan } from '../model/plan.ts';
import { isProved } from '../model/proved.ts';
import { parseSize } from '../model/size.ts';
import { visible } from '../model/visible.ts';
import { trackedFiles } from '../project/git/index.ts';
import { filesBelow } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import type { LastGenerated } from '../reconcile/state.ts';
import { placeholdersOf } from '../ship/placeholders.ts';
import { toolbox } from '../ship/verification.ts';
import { type VerifiedApplication, verifyContract } from '../ship/verify.ts';
import { imagesOf, workloadOf, workloadsOf } from '../ship/workloads.ts';
import { sha256 } from '../spec/evidence.ts';
import { loadManager } from '../stacks/managers/registry.gen.ts';
import { writeNote } from '../write/notes.ts';
import { secretMaker } from '../write/secrets.ts';
import { appendSummary } from '../write/summary.ts';
import { refuseBroken } from './broken.ts';
import { needFiles } from './build.ts';
import { type Context, loadContext } from './context.ts';
import { placesOf } from './item-evidence.ts';
import { languageOf } from './language.ts';
import { explained, lintKept } from './lint.ts';
import { mayFailUnconfigured } from './may-fail.ts';
import type { FlowOptions } from './options.ts';
import { countsForBuild, readRevision } from './revision.ts';
import { askedBy, decideSecrets, type SecretOptions, secretOverrides } from './secrets.ts';

export type VerifyOptions = FlowOptions &
  SecretOptions & {
    /** what verify refuses and lets through in this run all the same, such as `web.volumes`; only the command line names it */
    readonly allow?: readonly string[];
    /** what is not proved counts as failed */
    readonly strict?: boolean;
  };

/** Where the stub of external APIs listens, inside the deployment's own network. */
const STUB_PORT = 8080;

/** Starts the deployment as in production, but apart, and proves the runtime contract. */
export async function verify(options: VerifyOptions, onProgress?: OnProgress): Promise<VerifyReport> {
  const context = await loadContext(options);
  const { project, chosen, facts, config, last } = context;
  refuseBroken(context);
  const plan = plannedFor(context);
  const images = Object.values(imagesOf(plan));
  const base = baseFiles(plan);
  needFiles(project.has, [...new Set([...images.map(({ dockerfile }) => dockerfile), ...base])], context.kept);
  const random = sameByName(secretMaker());
  // what the build and the app have in common is one value
  const made = (name: string) => random(plan.settings[name]?.form, name);
  const secrets = await decideSecrets({ plan, image: askedBy(images) }, options, {
    throwaway: made,
    read: project.read,
  });
  const report = await verifyContract({
    plan,
    root: resolve(options.cwd),
    composeFiles: [...new Set([...base, plan.compose.production])].filter((file) => project.has(file)),
    revision: await readRevision(resolve(options.cwd), {
      images,
      counts: countsForBuild(context),
      signal: options.signal,
    }),
    read: project.read,
    tracked: trackedOf(options.cwd, last),
    allow: options.allow ?? [],
    trust: { root: resolve(options.cwd), frontends: options.allowFrontends ?? [] },
    projectName: `dockwright-verify-${randomBytes(4).toString('hex')}`,
    externals: chosen.flatMap(({ externals }) => externals).filter((api) => !isInside(plan, api)),
    variables: chosen.flatMap(({ variables }) => variables),
    without: othersOf(context),
    stub: await stubOf(facts, plan),
    budget: budgetOf(config.budget),
    applications: await applicationsOf(context),
    buildSecrets: secrets.values,
    overrides: secretOverrides(secrets.given),
    secrets: { ...longEnough(secrets.real), ...secretsOf(project.read, plan), ...placeholdersOf(images) },
    random,
    onProgress,
    signal: options.signal,
  });
  appendSummary(contractLines(report));
  if (isProved(report, options.strict)) noteProved(report, composeHash(context), options);
  const places = Object.fromEntries(
    workloadsOf(plan).map((workload) => [workload.name, placesOf(plan, factsFor(context, workload.name), workload)]),
  );
  const main = report.workload ?? workloadOf(plan).name;
  return explained(report, (await lintKept(context, context.chosen))?.findings ?? [], places[main], places);
}

const baseFiles = ({ kept, compose }: Plan): readonly string[] =>
  kept && kept.compose.length > 0 ? kept.compose : [compose.file];

/** A hash of the compose files that production starts: a digest that was proved with others is not proved with these. */
export const composeHash = ({ plan, project }: Pick<Context, 'plan' | 'project'>): string =>
  sha256(
    [...new Set([...baseFiles(plan), plan.compose.production])]
      .map((file) => JSON.stringify([file, project.read(file) ?? null]))
      .join('\n'),
  );

/** Notes the digests of what was proved, the stages that were started beside it too: `push` lets them through on this machine. Where no note can be written, that is said. */
function noteProved({ image, built = [] }: VerifyReport, compose: string, { cwd, onWarning }: VerifyOptions): void {
  for (const digest of built) {
    const why = writeNote(resolve(cwd), 'verified', digest, { image, compose });
    if (why !== undefined) onWarning?.(`The verification of ${digest} could not be recorded, because ${why}.`);
  }
}

/** The runtime contract for the page of a workflow run, in Markdown. */
function contractLines({ image, workload, items, others = [] }: VerifyReport): readonly string[] {
  const cell = (text: string) => visible(text).replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return [{ name: workload ?? image, items }, ...others].flatMap(({ name, items: own }) => [
    `### The runtime contract of ${cell(name)}`,
    '',
    '| | Item | Result | Evidence |',
    '| --- | --- | --- | --- |',
    ...own.map((item) => `| ${item.number} | ${cell(item.title)} | ${item.status} | ${cell(item.evidence[0] ?? '')} |`),
    '',
  ]);
}

/** Random values, of which each name has one. */
function sameByName(random: RandomSecret): RandomSecret {
  const known = new Map<string, string>();
  return (form, name = '') => {
    if (name === '') return random(form);
    const value = known.get(name) ?? random(form, name);
    known.set(name, value);
    return value;
  };
}

/** The plan of what is verified. Settings are those of all applications: the compose files are read as a whole. */
const plannedFor = ({ plan, deployed }: Context): Plan =>
  deployed ? { ...plan, settings: deployed.whole.settings, secrets: deployed.whole.secrets } : plan;

/** The facts of the application that a workload belongs to. */
function factsFor({ plan, chosen, facts }: Context, workload: string): Facts {
  const own = Object.values(plan.applications ?? {}).find(({ workloads }) => workloads.includes(workload));
  return chosen.find(({ root }) => root === own?.root) ?? facts;
}

/** A file whose edit is tried: the one that starts, else a page or a module of a site below its folder. Relative to what the image is built from. */
function sourceOf({ project }: Context, facts: Facts): string | undefined {
  const { own, root } = foldersOf(facts);
  if ('value' in facts.entry) return posix.join(own, facts.entry.value);
  if (!facts.site) return undefined;
  const isPage = (path: string) =>
    path.includes('/') && !path.startsWith('.') && /\.(mdx?|html|njk|liquid|vue|svelte|astro|[cm]?[jt]sx?)$/.test(path);
  const first = filesBelow(project.files(), root).find(isPage);
  return first === undefined ? undefined : posix.join(own, first);
}

async function applicationsOf(context: Context): Promise<Readonly<Record<string, VerifiedApplication>>> {
  const found: Record<string, VerifiedApplication> = {};
  for (const name of Object.keys(context.plan.workloads)) {
    const facts = factsFor(context, name);
    found[name] = {
      source: sourceOf(context, facts),
      developmentDependencies: await onlyDevelopment(facts, context.project),
      paths: facts.paths,
      unsure: mayFailUnconfigured(facts),
      services: context.deployed?.members.flatMap(({ root, plan }) =>
        root === facts.root ? Object.keys(plan.services) : [],
      ),
    };
  }
  return found;
}

/** The services of applications that are deployed as well, and that the command is not about. */
function othersOf({ plan, deployed }: Context): readonly string[] {
  if (!deployed) return [];
  const { workloads, services } = deployed.whole;
  const all = [...Object.keys(workloads).flatMap((name) => [name, schedulerName(name)]), ...Object.keys(services)];
  const own = new Set([
    ...Object.keys(plan.workloads).flatMap((name) => [name, schedulerName(name)]),
    ...Object.keys(plan.services),
  ]);
  return all.filter((name) => !own.has(name));
}

/** Whether what an application takes for an API outside is another application of the deployment. */
const isInside = (plan: Plan, { urlVariable }: ExternalApi): boolean =>
  Object.values(plan.workloads).some(({ env }) => {
    const value = urlVariable === undefined ? undefined : env[urlVariable]?.value;
    const host = value?.from === 'user' ? /^http:\/\/([a-z0-9-]+):\d+/.exec(value.default ?? '')?.[1] : undefined;
    return host !== undefined && Object.hasOwn(plan.workloads, host);
  });

/** What may be copied into containers: what git tracks, and what we generated, which may not be committed yet. */
const trackedOf = (root: string, last: LastGenerated): readonly string[] => [
  ...new Set([...trackedFiles(root).files, ...last.keys()]),
];

/** Development dependencies that have no business in production: those that a dependency of production asks for as peers may be there. */
async function onlyDevelopment(facts: Facts, project: Project): Promise<readonly string[]> {
  const manager = 'value' in facts.manager ? await loadManager(facts.manager.value.name) : undefined;
  const shared = new Set(manager?.shared?.(project, facts.root) ?? []);
  return facts.dependencies
    .filter((dependency) => dependency.dev && !shared.has(dependency.name))
    .map((dependency) => dependency.name);
}

/** A server in the app's own language and build image, which is on this machine already. */
async function stubOf(facts: Facts, plan: Plan) {
  const recipes = await (await languageOf(facts)).recipes(facts);
  const image = Object.values(imagesOf(plan)).flatMap((image) => toolbox(image) ?? [])[0];
  const argv = recipes?.stubServer?.(STUB_PORT);
  return image && argv ? { image, argv, port: STUB_PORT } : undefined;
}

function budgetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes !== undefined) return bytes;
  throw new UserError({
    code: 'config-invalid',
    message: `The budget "${text}" is not a valid size.`,
    next: ['Use a size such as 80MB or 80MiB.'],
  });
}

/** The values that can be looked for in the layers. */
const longEnough = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.length >= LEAST));

/** Shorter values turn up by chance. */
const LEAST = 8;

/** The values of the user's own settings, only to look for them in the layers: those that are no default and no example. */
function secretsOf(read: (path: string) => string | undefined, plan: Plan): Readonly<Record<string, string>> {
  const rowsOf = (file: string) => readEnv(read(file) ?? '', file);
  const example = rowsOf('.env.example');
  const files = ['.env', '.env.local', '.env.production'];
  const rows = files.flatMap((file) => Object.entries(rowsOf(file)));
  return Object.fromEntries(
    rows.filter(([name, value]) => {
      const known = [example[name], plan.settings[name]?.default];
      return value.length >= LEAST && !known.includes(value) && !ofThisMachine.test(value);
    }),
  );
}

/** The address or the hosts of this machine, by which the application knows itself: they hold nothing, and turn up in programs and their documents. */
const ofThisMachine =
  /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?\/?(?:,(?:localhost|127\.0\.0\.1))*$/;
