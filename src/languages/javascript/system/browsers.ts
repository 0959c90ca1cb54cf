/** Browsers that packages start: the one that they download when they are installed is in no image, and its libraries are not either. */
import { memberPath, type Node, nodesOf, property, type Source, unwrap } from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';

/** Where Debian's package puts it, and the variable in which Puppeteer looks for it (pptr.dev, "Configuration"). */
const CHROMIUM = { name: 'chromium', path: '/usr/bin/chromium', variable: 'PUPPETEER_EXECUTABLE_PATH' };

/** What the browser writes, in the folder of a container that may be written: without a place for it, it does not start. */
const ownFolders = { XDG_CONFIG_HOME: '/tmp/.chromium', XDG_CACHE_HOME: '/tmp/.chromium' };

/**
 * Packages that start the browser of Puppeteer, by what starts it: `.x` is a method, `new X` a constructor, `x` a function of the package, which may be
 * a method of the whole (https://wppconnect.io/docs, https://docs.openwa.dev, https://github.com/orkestral/venom).
 */
const starting: Readonly<Record<string, string>> = {
  puppeteer: '.launch',
  'puppeteer-extra': '.launch',
  'puppeteer-cluster': '.launch',
  'whatsapp-web.js': 'new Client',
  '@wppconnect-team/wppconnect': 'create',
  '@open-wa/wa-automate': 'create',
  'venom-bot': 'create',
};
/** Packages that bring a browser which runs without anything of the distribution. */
const bringing = new Set(['@sparticuz/chromium', 'chrome-aws-lambda']);
/** Packages whose browsers are made for one release of them. */
const own = new Set(['playwright', 'playwright-chromium', 'playwright-firefox', 'playwright-webkit']);

export type Browser = {
  readonly package?: Fact<string>;
  /** variables that the image sets, so that it is found */
  readonly variables: Readonly<Record<string, string>>;
  readonly notes: Facts['notes'];
};

/** What the browser that an application starts needs of its image. */
export function readBrowser(context: AnalysisContext): Browser {
  const { packages, sources } = context.modules;
  const names = new Set(packages.map(({ name }) => name));
  const notes = packages
    .filter(({ name }) => own.has(name))
    .slice(0, 1)
    .flatMap((item) => ownNote(context, item));
  const calls = [...names].filter((name) => Object.hasOwn(starting, name));
  const starts = sources.flatMap((source) =>
    nodesOf(source.program, 'CallExpression', 'NewExpression')
      .filter((node) => calls.some((name) => isCalled(source, node, name)))
      .map((node) => ({ source, node })),
  );
  const [first] = starts;
  if (!first || [...bringing].some((name) => names.has(name))) return { variables: {}, notes };
  const from = inSource(first.source, first.node.start, 'it starts a browser');
  const told = starts.flatMap(({ source, node }) => toldIn(context, source, node));
  const path = { ...Object.fromEntries(told.map((name) => [name, CHROMIUM.path])), [CHROMIUM.variable]: CHROMIUM.path };
  return {
    package: detected(CHROMIUM.name, [from]),
    variables: { ...path, ...ownFolders },
    notes: [...notes, ...(isUnboxed(sources) ? [] : [boxNote(from)])],
  };
}

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

function isCalled(source: Source, node: Call, name: string): boolean {
  const call = starting[name] ?? '';
  const path = memberPath(node.callee) ?? '';
  if (!/[. ]/.test(call)) {
    const [first = '', ...rest] = path.split('.');
    const taken = source.imports
      .filter(({ specifier }) => specifier === name)
      .flatMap(({ names }) => names.filter(({ local }) => local === first));
    return taken.some(({ imported }) => [imported, ...rest].at(-1) === call);
  }
  if (call.startsWith('.')) return node.type === 'CallExpression' && path.endsWith(call);
  return node.type === 'NewExpression' && `new ${path.split('.').at(-1)}` === call;
}

/** The variables in which the code itself looks for the browser: `launch({ executablePath: process.env.CHROME_BIN })`. */
function toldIn(context: AnalysisContext, source: Source, { arguments: [options] }: Call): readonly string[] {
  const target = options && trace(context, source, options);
  if (target?.kind !== 'syntax') return [];
  const nested = property(target.node, 'puppeteer') ?? property(target.node, 'puppeteerOptions');
  const place = property(target.node, 'executablePath') ?? (nested && property(unwrap(nested), 'executablePath'));
  const { variable, value } = place ? resolveValue(context, target.source, place) : {};
  return variable && value === undefined ? [variable.name] : [];
}

const isUnboxed = (sources: readonly Source[]): boolean =>
  sources.some((source) => nodesOf(source.program, 'Literal').some((node) => node.value === '--no-sandbox'));

const boxNote = (from: Facts['notes'][number]['from'][number]): Facts['notes'][number] => ({
  code: 'browser-sandbox',
  message:
    'the app starts Chromium, whose sandbox needs privileges that the container does not have, so it exits immediately. Start it with `args: ["--no-sandbox", "--disable-dev-shm-usage"]`; the container isolates it',
  from: [from],
});

function ownNote(
  context: AnalysisContext,
  { name, source, at }: AnalysisContext['modules']['packages'][number],
): Facts['notes'] {
  const launched = context.modules.sources.some((item) =>
    nodesOf(item.program, 'CallExpression').some((call) =>
      /(^|\.)launch(PersistentContext)?$/.test(memberPath(call.callee) ?? ''),
    ),
  );
  if (!launched) return [];
  const message = `${name} starts a browser that \`playwright install\` downloads, and this image does not include it. Run the browser in a container of the image mcr.microsoft.com/playwright and connect to it, or write your own Dockerfile based on that image`;
  return [{ code: 'browser-missing', message, from: [inSource(source, at.span.start, `${name} is imported`)] }];
}
