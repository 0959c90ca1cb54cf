/** What an application needs of the distribution: packages of programs that it starts, and of what its dependencies call or load. */
import { packageOfProgram } from '../../../catalog/system-programs.ts';
import { memberPath, nodesOf, property, propertyName, type Source, unwrap } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { plainContext } from '../analysis.ts';
import { type App, byConfig, inSource, isInside } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { existing, readModules } from '../modules/graph.ts';
import { readBrowser } from './browsers.ts';
import { readStarted, type StartedPrograms } from './started-programs.ts';

/** The part of the facts that says it. */
export type SystemFacts = {
  readonly facts: Pick<Facts, 'runPackages' | 'buildPackages' | 'asksGit' | 'asksVersion' | 'shell'>;
  readonly notes: Facts['notes'];
  /** variables that the image sets, so that what it has is found; absent: none */
  readonly variables?: Readonly<Record<string, string>>;
};

/** What draws letters: slim images have none, and every letter would be the same empty box. */
const FONTS = ['fontconfig', 'fonts-dejavu-core'] as const;

/** A package of the registry that calls a program, or loads files of the distribution. */
type Need = {
  readonly packages: readonly string[];
  readonly why: string;
  /** whether the code uses what needs them; absent: it always does */
  readonly when?: (source: Source) => number | undefined;
};

const isFontless: Need = { packages: FONTS, why: 'it renders text, and a slim image has no fonts', when: drawsText };

const needs: Readonly<Record<string, Need>> = {
  sharp: isFontless,
  canvas: isFontless,
  '@napi-rs/canvas': isFontless,
  'skia-canvas': isFontless,
  '@resvg/resvg-js': isFontless,
  'chartjs-node-canvas': { packages: FONTS, why: 'it renders text, and a slim image has no fonts' },
  'fluent-ffmpeg': { packages: ['ffmpeg'], why: 'it starts ffmpeg' },
  gm: { packages: ['graphicsmagick'], why: 'it starts gm' },
  imagemagick: { packages: ['imagemagick'], why: 'it starts convert' },
  easyimage: { packages: ['imagemagick'], why: 'it starts convert' },
  pdf2pic: { packages: ['ghostscript', 'graphicsmagick'], why: 'it starts gm, which starts gs' },
  'node-poppler': { packages: ['poppler-utils'], why: 'it starts programs of poppler' },
  'simple-git': { packages: ['git'], why: 'it starts git' },
  'libreoffice-convert': { packages: ['libreoffice-nogui'], why: 'it starts soffice' },
  'node-tesseract-ocr': { packages: ['tesseract-ocr'], why: 'it starts tesseract' },
  'node-pandoc': { packages: ['pandoc'], why: 'it starts pandoc' },
  'node-exiftool': { packages: ['libimage-exiftool-perl'], why: 'it starts exiftool' },
  'youtube-dl-exec': { packages: ['python3'], why: 'it starts a Python program' },
  'python-shell': { packages: ['python3'], why: 'it starts python3' },
  odbc: { packages: ['unixodbc'], why: 'it loads the ODBC driver manager' },
  kerberos: { packages: ['libgssapi-krb5-2'], why: 'it loads the Kerberos library' },
};

/** Packages that bring the program which another one starts. */
const bringing: Readonly<Record<string, readonly string[]>> = {
  ffmpeg: ['ffmpeg-static', '@ffmpeg-installer/ffmpeg', 'ffmpeg-ffprobe-static', '@ffmpeg-installer/linux-x64'],
};

/** Where text is drawn: `fillText` of a canvas, the option `text` of sharp, an element of an SVG. */
function drawsText(source: Source): number | undefined {
  const call = nodesOf(source.program, 'CallExpression').find(({ callee }) => {
    const name = propertyName(source, unwrap(callee));
    return name === 'fillText' || name === 'strokeText';
  });
  if (call) return call.start;
  // `sharp({ text: { text: 'a' } })`
  const option = nodesOf(source.program, 'ObjectExpression').find((object) => {
    const text = property(object, 'text');
    return text && property(unwrap(text), 'text');
  });
  if (option) return option.start;
  const literal = nodesOf(source.program, 'Literal', 'TemplateElement').find((node) => {
    const text = node.type === 'Literal' ? node.value : node.value.raw;
    return typeof text === 'string' && text.includes('<text');
  });
  return literal?.start;
}

/** The settings of tools that build, in the folder of an app. */
const settingsFile = /^[\w.-]+\.config\.[cm]?[jt]s$/;

const whileBuilding = ({ argv }: { readonly argv: readonly string[] }): string =>
  `\`${argv.join(' ')}\` runs while the app is built`;

/** What building asks of the distribution: `files` are programs of the project that it runs. */
export async function readBuildSystem(
  app: App,
  runtime: AnalysisContext['runtime'],
  files: readonly string[],
): Promise<Pick<Facts, 'asksGit' | 'asksVersion' | 'buildPackages'>> {
  const settings = app.project.files().filter((file) => isInside(app, file) && settingsFile.test(app.own(file)));
  const programs = files.flatMap((file) => existing(app.project, app.path(file)) ?? []);
  if (settings.length + programs.length === 0) return {};
  const context = plainContext({ app, modules: readModules(app, [...programs, ...settings]), runtime });
  const { programs: started } = await readStarted(context, []);
  const git = started.find(({ name }) => name === 'git');
  const describe = started.find(({ name, argv }) => name === 'git' && argv.includes('describe'));
  const packages = unique(
    ofPrograms(context, { programs: started, shell: undefined })
      .filter(({ name }) => name !== 'git')
      .map(({ name, from }) => detected(name, [from])),
  );
  return {
    ...(git ? { asksGit: detected(whileBuilding(git), [git.from]) } : {}),
    ...(describe ? { asksVersion: detected(whileBuilding(describe), [describe.from]) } : {}),
    ...(packages.length > 0 ? { buildPackages: packages } : {}),
  };
}

type Found = { readonly name: string; readonly from: Evidence };

/** What the reached sources need of the distribution, with what the configuration adds. Has to read shell, whose grammar may be loaded. */
export async function readSystem(
  context: AnalysisContext,
  start: { readonly value: { readonly argv: readonly string[] }; readonly from: readonly Evidence[] } | undefined,
  building: Awaited<ReturnType<typeof readBuildSystem>>,
): Promise<SystemFacts> {
  const [place] = start?.from ?? [];
  const started = await readStarted(context, start && place ? [{ argv: start.value.argv, from: place }] : []);
  const found = [...ofPrograms(context, started), ...ofPackages(context)];
  const { run = [], build = [] } = asked(context.app);
  const browser = readBrowser(context);
  const runPackages = unique([
    ...run.map((name) => byConfig(name, 'system')),
    ...found.map(({ name, from }) => detected(name, [from])),
    ...(browser.package ? [browser.package] : []),
  ]);
  const buildPackages = unique([...build.map((name) => byConfig(name, 'system')), ...(building.buildPackages ?? [])]);
  const shell = started.shell ?? needsPath(started);
  const { variables } = browser;
  return {
    facts: {
      ...(runPackages.length > 0 ? { runPackages } : {}),
      ...(buildPackages.length > 0 ? { buildPackages } : {}),
      ...(building.asksGit ? { asksGit: building.asksGit } : {}),
      ...(building.asksVersion ? { asksVersion: building.asksVersion } : {}),
      ...(shell ? { shell: detected(shell.why, [shell]) } : {}),
    },
    notes: [...missingNotes(context, started), ...gitNotes(building), ...browser.notes],
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
  };
}

/** What the configuration names: packages that the running app needs, or those of each step. */
function asked({ config }: App): {
  readonly run?: readonly string[] | undefined;
  readonly build?: readonly string[] | undefined;
} {
  const { system } = config;
  if (!system) return {};
  return Array.isArray(system) ? { run: system } : system;
}

function unique(all: readonly Fact<string>[]): Fact<string>[] {
  const known = new Map<string, Fact<string>>();
  for (const item of all) {
    const before = known.get(item.value);
    known.set(item.value, before ? { ...before, from: [...before.from, ...item.from].slice(0, 8) } : item);
  }
  return [...known.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
}

const isImported = ({ modules }: AnalysisContext, names: readonly string[]): boolean =>
  modules.packages.some(({ name }) => names.includes(name));

/** Programs by themselves; of one that a package brings, nothing. */
function ofPrograms(context: AnalysisContext, { programs }: StartedPrograms): readonly Found[] {
  return programs.flatMap(({ name, from }) => {
    const found = packageOfProgram(name);
    if (typeof found !== 'object' || isImported(context, bringing[found.name] ?? [])) return [];
    return [{ name: found.name, from }];
  });
}

function ofPackages(context: AnalysisContext): readonly Found[] {
  const { packages, sources } = context.modules;
  const imported = new Map(packages.map((item) => [item.name, item]));
  return [...imported.values()].flatMap(({ name, source, at }) => {
    const need = Object.hasOwn(needs, name) ? needs[name] : undefined;
    if (!need) return [];
    const used =
      need.when &&
      sources.map((item) => ({ source: item, offset: need.when?.(item) })).find(({ offset }) => offset !== undefined);
    if (need.when && !used) return [];
    const place =
      used?.offset === undefined ? { file: source, offset: at.span.start } : { file: used.source, offset: used.offset };
    const from = inSource(place.file, place.offset, `${name} is used: ${need.why}`);
    return ofImageMagick(name, context, need.packages)
      .filter((value) => !isImported(context, bringing[value] ?? []))
      .map((value) => ({ name: value, from }));
  });
}

/** `gm.subClass({ imageMagick: true })` starts the programs of ImageMagick. */
function ofImageMagick(name: string, { modules }: AnalysisContext, packages: readonly string[]): readonly string[] {
  if (name !== 'gm') return packages;
  const asksFor = (source: Source) =>
    nodesOf(source.program, 'CallExpression').some(
      (call) =>
        /(^|\.)subClass$/.test(memberPath(call.callee) ?? '') &&
        call.arguments[0] &&
        property(unwrap(call.arguments[0]), 'imageMagick'),
    );
  return modules.sources.some(asksFor) ? ['imagemagick'] : packages;
}

/** Where a program is looked for on the path: a base without a shell has none. */
function needsPath({ programs }: StartedPrograms): Evidence | undefined {
  const found = programs.find(({ name }) => ['runtime', 'brought'].includes(String(packageOfProgram(name))));
  return found?.from;
}

/** What only the build of a site needs; `history` is what its tool asks git for besides. */
export const ofSite = (
  building: Awaited<ReturnType<typeof readBuildSystem>>,
  history: Fact<string> | undefined,
): SystemFacts => ({
  facts: { ...building, ...(history ? { asksGit: building.asksGit ?? history } : {}) },
  notes: [...gitNotes(building), ...(history ? [historyNote(history)] : [])],
});

/** What the modules of pages ask git for while a site is built: those that make pages before anybody asks for them run then. */
export async function historyOfPages(context: AnalysisContext): Promise<Fact<string> | undefined> {
  const { programs } = await readStarted(context, []);
  const found = [...ofPackages(context), ...programs].find(({ name }) => name === 'git');
  return found && detected('a module of its pages asks Git during the build', [found.from]);
}

/** Dates of edits are in the history alone, which no build context holds. */
const historyNote = ({ value, from }: Fact<string>): Facts['notes'][number] => ({
  code: 'build-asks-git',
  message: `${value}, but the image has no Git history: the pages are built without it`,
  from: [...from],
});

/** A build that asks git for the commit gets it as an argument: whoever builds without one is told what that gives. */
const gitNotes = ({ asksGit, asksVersion }: Awaited<ReturnType<typeof readBuildSystem>>): Facts['notes'] =>
  asksGit
    ? [
        {
          code: 'build-asks-git',
          message: `${(asksVersion ?? asksGit).value}, but the image has no Git history: \`dockwright build\` passes it the ${asksVersion ? 'newest tag and the commit' : 'commit'}; other builds use "unknown" if ${asksVersion ? 'the build arguments GIT_DESCRIBE and REVISION are' : 'the build argument REVISION is'} not set`,
          from: [...asksGit.from],
        },
      ]
    : [];

/** Programs that no package is known for: an image lacks them, and only whoever wrote the code knows what has them. */
function missingNotes(context: AnalysisContext, { programs }: StartedPrograms): Facts['notes'] {
  const names = new Set<string>();
  return programs.flatMap(({ name, from }) => {
    const isKnown = packageOfProgram(name) !== undefined || context.app.project.has(context.app.path(name));
    if (isKnown || names.has(name)) return [];
    names.add(name);
    const place = `${from.file}:${from.line ?? 1}`;
    const message = `${place} starts \`${name}\`, and the Debian package that provides it is not known: if the image needs it, add the package to the key "system"`;
    return [{ code: 'program-unknown', message, from: [from] }];
  });
}
