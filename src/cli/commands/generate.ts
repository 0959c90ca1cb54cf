import {
  buildSecretsOf,
  conflictIn,
  type GenerateOptions,
  type Generation,
  generate,
  isPending,
  maskedText,
  type Plan,
  type Sides,
  UserError,
  withDockerEdits,
  withoutEdits,
  withSides,
  writeGeneration,
} from '../../index.ts';
import { type Flags, flowOptions, type Run } from '../options.ts';
import { askOne, askSome } from '../prompts.ts';
import { changeLines, conflictLines, diffLines, reasonLines } from '../report/changes.ts';
import { dockerEditLines } from '../report/docker-edits.ts';
import { factRows, leftOutLines, specificationLines, table } from '../report/facts.ts';
import { keptLines } from '../report/kept.ts';
import { pageValueLines } from '../report/page-values.ts';
import { sizeLines } from '../report/sizes.ts';
import { summary } from '../report/summary.ts';
import { secretLines } from '../secrets.ts';
import { interactive, json, note, out, style, symbols } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

type GenerateFlags = Flags & {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly diff?: boolean;
  readonly output?: string;
  readonly accept?: Readonly<Record<string, string>>;
};
type Consent = { readonly edits: boolean; readonly env: boolean };

/** Reads, decides, previews, asks one question, writes. */
export const run: Run<GenerateFlags> = async (flags, _args, signal) => {
  const generation = await withApplications(flags, (asked) => chosen(asked, signal));
  if (!generation) {
    out('Nothing was written');
    return 0;
  }
  const pending = isPending(generation);
  const conflict = conflictIn(generation);
  if (flags.json && conflict) {
    json(document(generation, []));
    return 3;
  }
  if (flags.json) {
    const written =
      pending && flags.yes && !flags.dryRun ? await writeGeneration(generation, { edits: true, env: true }) : [];
    json(document(generation, written));
    return pending && !flags.yes && !flags.dryRun ? 2 : 0;
  }
  preview(generation, flags.diff === true);
  if (conflict) {
    const changes = generation.changes.filter(({ act }) => act === 'conflict');
    for (const line of changes.flatMap((change) => conflictLines(change, generation))) out(line);
    throw conflict;
  }
  if (flags.dryRun) return 0;
  if (generation.refused) throw generation.refused;
  if (!pending) {
    const gone = new Set(generation.changes.flatMap(({ awaits = [] }) => awaits));
    if (gone.size > 0) {
      const accept = [...gone].map((path) => `\`--accept ${path}=generated\``).join(' ');
      out(
        `${style.warn(symbols.open)} Nothing was written: ${[...gone].join(' and ')} is gone. Restore it, or run with ${accept}`,
      );
      return 0;
    }
    const { kept } = generation.context.plan;
    const added = generation.artifacts.length > 0 ? ', and the files added beside them are up to date' : '';
    const message = kept ? `Your Docker files are unchanged${added}` : 'Everything is up to date';
    out(`${style.good(symbols.good)} ${message}`);
    if (generation.context.plan.publish) for (const line of summary(generation, [], { env: false })) out(line);
    return 0;
  }
  if (!flags.yes && !interactive()) {
    note(`${style.warn(symbols.open)} Nothing was written: there is no terminal to ask for confirmation in`);
    note(
      `  ${symbols.arrow} \`--yes\` writes the files shown above; \`--set health.generate=false\` leaves your source files unchanged`,
    );
    for (const question of generation.context.plan.questions)
      note(`  ${symbols.arrow} ${question.ask} \`--set ${question.key}=VALUE\``);
    return 2;
  }
  const edited = flags.yes ? generation : await askDockerEdits(generation);
  if (edited && edited !== generation) preview(edited, flags.diff === true);
  if (!edited || !(await write(edited, flags.yes === true))) out('Nothing was written');
  return 0;
};

/** Asks what of the preview is written, unless all of it is, and writes it. False: the user went away. */
async function write(generation: Generation, isAgreed: boolean): Promise<boolean> {
  const consent = isAgreed ? { edits: true, env: true } : await ask(generation);
  const decided = consent && !isAgreed ? await askOffers(generation) : {};
  if (!consent || !decided) return false;
  const asked = Object.keys(decided).length === 0 ? generation : await withSides(generation, decided);
  const wanted = consent.edits || asked.edits.length === 0 ? asked : await withoutEdits(asked);
  const written = await writeGeneration(wanted, consent);
  out();
  for (const line of summary(wanted, written, consent)) out(line);
  if (!consent.edits && generation.edits.length > 0)
    out(
      `  Your source files stay unchanged; set \`"health": { "generate": false }\` in dockwright.json to stop this offer`,
    );
  return true;
}

/** Which of the offered edits of the author's Docker files and settings are made: none, unless the user chooses them. Undefined: the user went away. */
async function askDockerEdits(generation: Generation): Promise<Generation | undefined> {
  const { dockerEdits, uncommitted } = generation;
  if (dockerEdits.length === 0) return generation;
  const note = uncommitted.length > 0 ? ` Uncommitted changes: ${uncommitted.join(', ')}.` : '';
  const chosen = await askSome(
    `Which edits should be made to your files?${note}`,
    dockerEdits.map(({ what, why, line, change, decision }) => ({
      value: decision,
      label: `${change.path}:${line}: ${what}`,
      hint: why,
    })),
    'none',
  );
  if (!chosen) return undefined;
  return chosen.length === 0 ? generation : withDockerEdits(generation, chosen);
}

type Application = { readonly name: string; readonly root: string; readonly archetype?: string };

/** Does something for the applications that the flags name, and asks for them at a terminal where a repository holds several and nothing names any. */
async function withApplications<T>(
  flags: GenerateFlags,
  work: (flags: GenerateFlags) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work(flags);
  } catch (error) {
    const isOpen = error instanceof UserError && error.code === 'app-ambiguous';
    if (!isOpen || flags.yes || flags.json || !interactive()) throw error;
    const answer = await askApplications(error.details['applications'] as readonly Application[]);
    return answer && work({ ...flags, ...answer });
  }
}

/** Which of several applications are deployed: one of them, or all. Undefined: the user went away. */
async function askApplications(
  applications: readonly Application[],
): Promise<Pick<GenerateFlags, 'app' | 'all'> | undefined> {
  const all = 'all applications';
  const answer = await askOne('This repository contains several applications. Which ones should be deployed?', [
    { value: all, label: all, hint: 'one set of compose files, with a Dockerfile for each' },
    ...applications.map(({ name, root, archetype }) => ({
      value: root,
      label: name,
      hint: `${root}${archetype === undefined ? '' : `, ${archetype}`}; others can be added later`,
    })),
  ]);
  if (answer === undefined) return undefined;
  return answer === all ? { all: true } : { app: answer };
}

/** What generating would do, once it is decided whether the author's Docker files are kept or replaced. Undefined: the user went away. */
async function chosen(flags: GenerateFlags, signal: AbortSignal): Promise<Generation | undefined> {
  const options = {
    ...flowOptions(flags, signal),
    ...(flags.output ? { output: flags.output } : {}),
    accept: sides(flags.accept),
  };
  const read = await generate(options);
  const choice = isOpen(read, flags) ? await askExisting(read) : 'keep';
  if (choice !== 'replace') return choice && read;
  return generate({ ...options, set: { ...options.set, existing: choice } });
}

/** Docker files of the author that run the application: kept or replaced, unless something says so already. */
const ownDockerFiles = ({ context: { chosen } }: Generation): readonly string[] => {
  const files = chosen.flatMap(({ docker }) => {
    const { dockerfiles = [], compose = [], replaced = [] } = docker ?? {};
    return [
      ...dockerfiles.filter(({ builds }) => builds === 'application').map(({ path }) => path),
      ...compose.filter(({ use }) => use !== 'other' && use !== 'test').flatMap((set) => set.files),
    ].filter((path) => !replaced.includes(path));
  });
  return [...new Set(files)];
};

/** Whether to ask if the author's Docker files are kept or replaced: once, at a terminal, before anything was generated. */
const isOpen = (generation: Generation, flags: GenerateFlags): boolean =>
  !flags.yes &&
  !flags.json &&
  !flags.dryRun &&
  interactive() &&
  generation.context.config.existing === undefined &&
  generation.last.size === 0 &&
  Object.keys(flags.accept ?? {}).length === 0 &&
  ownDockerFiles(generation).length > 0;

const askExisting = (generation: Generation): Promise<'keep' | 'replace' | undefined> => {
  const files = ownDockerFiles(generation).join(', ');
  return askOne<'keep' | 'replace'>(`This project already has Docker files (${files}). What should happen to them?`, [
    {
      value: 'keep',
      label: 'keep and complete',
      hint: 'your files stay unchanged, and what is missing is added beside them',
    },
    {
      value: 'replace',
      label: 'replace',
      hint: 'a new set is generated from them; volumes and versions are kept, and anything left out is listed',
    },
  ]);
};

function sides(accept: Readonly<Record<string, string>> = {}): NonNullable<GenerateOptions['accept']> {
  return Object.fromEntries(
    Object.entries(accept).map(([file, side]) => {
      if (side !== 'mine' && side !== 'generated' && side !== 'edited')
        throw new UsageError(`--accept ${file}=${side}: the side must be mine, generated or edited`);
      return [file, side];
    }),
  );
}

/** A change as it may be printed: passwords that the author wrote out are not. */
function shown(change: Generation['changes'][number]): Generation['changes'][number] {
  const { path, content, before, offer, conflicts } = change;
  const masked = (text: string) => maskedText(path, text);
  return {
    ...change,
    ...(content === undefined ? {} : { content: masked(content) }),
    ...(before === undefined ? {} : { before: masked(before) }),
    ...(offer === undefined ? {} : { offer: masked(offer) }),
    ...(conflicts === undefined
      ? {}
      : {
          conflicts: conflicts.map((conflict) =>
            conflict.mine ? { ...conflict, mine: { ...conflict.mine, text: masked(conflict.mine.text) } } : conflict,
          ),
        }),
  };
}

/** The preview as a document; the values of `.env` are not in it, as they do not exist yet. */
const document = (
  { context, artifacts, changes, edits, dockerEdits, applied, uncommitted, env, target, leftOut }: Generation,
  written: readonly string[],
) => ({
  target,
  plan: context.plan,
  warnings: context.warnings,
  questions: context.plan.questions,
  ...(secretsIn(context.plan).length > 0 ? { buildSecrets: secretsIn(context.plan) } : {}),
  artifacts,
  changes: changes.map(shown),
  edits: [...edits, ...applied].map(shown),
  ...(dockerEdits.length > 0
    ? { dockerEdits: dockerEdits.map((edit) => ({ ...edit, change: shown(edit.change) })) }
    : {}),
  ...(uncommitted.length > 0 ? { uncommitted } : {}),
  ...(env ? { env } : {}),
  leftOut,
  written,
});

function preview(generation: Generation, whole: boolean): void {
  const { context, changes } = generation;
  const { chosen: applications, plan, specification } = context;
  for (const facts of applications) {
    const folder = applications.length > 1 ? ` ${style.dim(facts.root)}` : '';
    out(`${style.bold(facts.title.value)}${folder} ${style.dim(facts.description?.value ?? '')}`);
    out();
    out(style.bold('Found'));
    for (const line of table(factRows(facts))) out(line);
    if (applications.length > 1) out();
  }
  const beside = Object.keys(plan.applications ?? {}).filter((name) => !isAbout(context, name));
  if (beside.length > 0) out(style.dim(`  ${beside.join(', ')}: already generated`));
  if (specification) {
    out();
    out(
      `${style.bold('Specification')} ${style.dim(`${specification.confirmed} of ${specification.counted} assertions confirmed, ${specification.verified.status === 'verified' ? 'verified' : `not verified: ${specification.verified.why}`}`)}`,
    );
    for (const line of specificationLines(context)) out(line);
  }
  for (const question of plan.questions) {
    out(`${style.warn(symbols.open)} ${question.ask} Unclear: ${question.why}`);
    out(
      style.dim(
        `  ${symbols.arrow} ${question.choices.map((choice) => `--set ${question.key}=${choice.value} (${choice.label})`).join(', ')}; currently: ${question.default ?? 'not set'}`,
      ),
    );
  }
  for (const warning of context.warnings) out(`${style.warn('!')} ${warning}`);
  const edited = generation.applied.map(({ path }) => path);
  for (const line of keptLines(plan, edited)) out(line);
  writes(generation, whole);
  for (const line of dockerEditLines(generation)) out(line);
  offers(generation, whole);
  for (const line of leftOutLines(generation)) out(line);
  for (const line of [...sizeLines(generation), ...pageValueLines(generation), ...buildSecretLines(plan)]) out(line);
  const images = Object.values(plan.images).map(({ dockerfile }) => dockerfile);
  for (const image of images) {
    // of several at once it would fill the screen
    if (images.length > 1 && applications.length > 1 && !whole) continue;
    if (!changes.some((change) => change.path === image && change.act === 'create')) continue;
    out();
    out(style.bold(images.length > 1 ? `Why: ${image}` : 'Why'));
    for (const line of reasonLines(generation, image)) out(style.dim(line));
  }
  out(style.dim(`  explain any line: dockwright explain FILE:LINE${whole ? '' : '; show full files: --diff'}`));
  for (const item of plan.manual) {
    out();
    out(
      `${style.warn('!')} ${item.why}. Add to ${item.file ?? 'your source'}${item.line === undefined ? '' : `:${item.line}`}:`,
    );
    for (const line of item.lines) out(`    ${line}`);
  }
  out();
}

/** Whether a command is about an application that is deployed. */
const isAbout = ({ chosen, plan }: Generation['context'], name: string): boolean =>
  chosen.some(({ root }) => root === plan.applications?.[name]?.root);

/** What will be written, and how it differs from what is there. */
function writes(generation: Generation, whole: boolean): void {
  const { changes } = generation;
  const edits = [...generation.edits, ...generation.applied];
  out();
  out(style.bold('Will be written'));
  for (const line of changeLines([...changes.filter((change) => change.act !== 'same'), ...edits])) out(line);
  for (const change of [...changes, ...edits]) {
    const inPlace = change.before !== undefined && change.content !== undefined;
    if (!inPlace && !(whole && change.content !== undefined)) continue;
    out();
    out(style.bold(change.path));
    for (const line of diffLines(change, generation)) out(`  ${line}`);
  }
}

/** The build secrets of every image of a plan. */
const secretsIn = (plan: Plan) => Object.values(plan.images).flatMap((image) => buildSecretsOf(plan, image));

function buildSecretLines(plan: Plan): readonly string[] {
  const secrets = secretsIn(plan);
  return secrets.length > 0 ? ['', style.bold('Build secrets'), ...secretLines(secrets)] : [];
}

/** What is shown of a proposal before `--diff` is asked for. Lines. */
const MAX_SHOWN_LINES = 40;

/** Files that were there before: what would be generated in their place, and what can be done with each. */
function offers(generation: Generation, whole: boolean): void {
  const theirs = generation.changes.filter((change) => change.offer !== undefined);
  for (const change of theirs) {
    const lines = diffLines(change, generation);
    const shown = whole ? lines : lines.slice(0, MAX_SHOWN_LINES);
    out();
    out(
      `${style.bold(change.path)} ${style.dim('is your own file and stays unchanged. The generated one would differ:')}`,
    );
    for (const line of shown) out(`  ${line}`);
    if (shown.length < lines.length) out(style.dim(`  … ${lines.length - shown.length} more lines: --diff`));
  }
  const [first] = theirs;
  if (!first) return;
  out();
  out(
    `${style.warn('!')} ${theirs.map((change) => change.path).join(', ')} ${theirs.length === 1 ? 'is' : 'are'} your own; the other files expect what Dockwright would generate there.`,
  );
  out(
    `  ${symbols.arrow} \`--accept ${first.path}=mine\` adopts it: your version is kept, and later changes are merged into it`,
  );
  out(
    `  ${symbols.arrow} \`--accept ${first.path}=generated\` replaces it; \`--output DIR --yes\` writes everything elsewhere`,
  );
}

/** What of settings is made for this machine. */
function envLabel({ path, fills, leaves, files = [] }: NonNullable<Generation['env']>): string {
  if (files.length === 0) return 'a local .env with random secrets';
  const paths = [...(fills.length + leaves.length > 0 ? [path] : []), ...files.map((file) => file.path)];
  return `local settings files with random secrets: ${[...new Set(paths)].join(', ')}`;
}

/** The one question: what of the preview is written. */
async function ask(generation: Generation): Promise<Consent | undefined> {
  const { edits, env } = generation;
  const answer = await askSome<'artifacts' | keyof Consent>('Write these files?', [
    {
      value: 'artifacts',
      label: 'the deployment',
      hint: generation.changes
        .filter((change) => change.content !== undefined)
        .map((change) => change.path)
        .join(', '),
    },
    ...(edits.length > 0
      ? [
          {
            value: 'edits' as const,
            label: 'the health routes in your source',
            hint: edits.map((edit) => edit.path).join(', '),
          },
        ]
      : []),
    ...(env ? [{ value: 'env' as const, label: envLabel(env), hint: 'mode 600, ignored by Git' }] : []),
  ]);
  if (!answer?.includes('artifacts')) return undefined;
  return { edits: answer.includes('edits'), env: answer.includes('env') };
}

/** One question for each file that was there before: it is left alone, adopted or replaced. Undefined: the user went away. */
async function askOffers({ changes }: Generation): Promise<Sides | undefined> {
  const decided: Record<string, 'mine' | 'generated'> = {};
  for (const { path } of changes.filter((change) => change.offer !== undefined)) {
    const answer = await askOne<'leave' | 'mine' | 'generated'>(`${path} is your own file. What should happen to it?`, [
      { value: 'leave', label: 'leave it alone', hint: 'the next run asks again' },
      { value: 'mine', label: 'adopt it', hint: 'your version is kept; later changes are merged into it' },
      { value: 'generated', label: 'replace it with the generated file' },
    ]);
    if (answer === undefined) return undefined;
    if (answer !== 'leave') decided[path] = answer;
  }
  return decided;
}
