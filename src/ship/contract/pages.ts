import { platformPaths } from '../../catalog/web.ts';
import {
  answered,
  counted,
  type Failure,
  type Findings,
  firstLines,
  isBroken,
  readLog,
  strayFailure,
} from './findings.ts';
import { type Named, namedIn } from './page-links.ts';
import type { ServedFiles } from './served-files.ts';
import type { Visit, Visitor } from './visits.ts';

/** What is known of the application whose pages are read. */
export type PageContext = {
  /** it is files alone, which a web server gives out: asking does nothing */
  readonly isSite: boolean;
  /** what it asks may not be there, such as an API that is answered by a stub: it may fail for that */
  readonly isUnsure: boolean;
  /** the files of a site that is built here */
  readonly served: ServedFiles | undefined;
  /** words of a path that does something: such a link is not followed */
  readonly does: (path: string) => boolean;
};

type PageRequest = { readonly named: Named; readonly visit: Visit };

/** The pages that were read, and everything that they name. */
type Walk = {
  readonly first: Visit;
  readonly pages: number;
  readonly asked: readonly PageRequest[];
  readonly left: number;
};

/** Of what one page names no more is kept. */
const MOST = 2000;

const isPage = ({ answer }: Visit): boolean => answer.ok && answer.type === 'text/html';

/** Reads the first page and those that it links to: what is loaded is asked before what is linked. */
async function walkPages({ visit, isOver }: Visitor, { isSite, does }: PageContext): Promise<Walk> {
  const seen = new Set(['/']);
  const read = new Set<string>();
  const files: Named[] = [];
  const links: (Named & { readonly depth: number })[] = [];
  const take = (from: Visit, depth: number) => {
    const { answer, at } = from;
    const address = `${at.pathname}${at.search}`;
    if (!answer.ok || !isPage(from) || read.has(address)) return;
    read.add(address);
    seen.add(address);
    for (const named of namedIn(answer.body, at).slice(0, MOST)) {
      if (seen.has(named.path) || (named.kind === 'link' && !isSite && does(named.path))) continue;
      seen.add(named.path);
      if (named.kind === 'link') links.push({ ...named, depth });
      else files.push(named);
    }
  };
  const first = await visit('/');
  take(first, 0);
  const asked: PageRequest[] = [];
  while (!isOver()) {
    const link = files.length === 0 ? links.shift() : undefined;
    const named = link ?? files.shift();
    if (!named) break;
    const found = await visit(named.path);
    asked.push({ named, visit: found });
    if (link?.depth === 0 && found.answer.ok && found.answer.status < 400) take(found, 1);
  }
  return { first, pages: read.size, asked, left: files.length + links.length };
}

type Verdict = 'fine' | { readonly missing: string } | { readonly listed: string } | Failure;

/** What an answer says of something that a page names. */
function judge({ named: { path, kind }, visit }: PageRequest, about: PageContext): Verdict {
  const { answer, stray, at, isRedirected, said } = visit;
  const isNeeded = kind === 'code' || kind === 'style';
  if (stray !== undefined) return strayFailure(path, stray);
  if (!answer.ok) {
    const what = `GET ${path} failed: ${answer.why}`;
    return isNeeded ? { what, next: needed } : { listed: what };
  }
  const { status, type } = answer;
  if (status === 401 || status === 403) return 'fine';
  if (platformPaths.some((start) => path.startsWith(start)) && (status > 399 || type === 'text/html'))
    return { missing: path };
  if (status < 400) {
    const isOther = isNeeded && type === 'text/html' && !isRedirected;
    return isOther ? { what: `GET ${path} returns a page instead of ${names[kind]}`, next: needed } : 'fine';
  }
  const what = answered(path, status, status >= 500 ? said : `a page uses it as ${names[kind]}`);
  if (isNeeded) return { what, next: status >= 500 ? readLog : needed };
  if (status >= 500) {
    // a part of the address is another address: what answers there is not here
    const isSure = isBroken(status) && !about.isUnsure && !/https?(?::|%3a)/i.test(path);
    return isSure ? { what, next: readLog } : { listed: what };
  }
  const file = status === 404 ? about.served?.fileOf(at.pathname) : undefined;
  // the page for what is missing is answered with the status of what is missing
  if (file !== undefined && !/\/404(\.html|\/index\.html)$/.test(file))
    return { what: `GET ${path} returned 404, but the image contains ${file}`, next: held };
  return status === 404 ? { missing: path } : { listed: `GET ${path} returned ${status}` };
}

const names = { code: 'a script', style: 'a stylesheet', file: 'a file', link: 'a link' } as const;

const needed =
  'The build output must contain the files that pages load, at the path that they request: check the base path and the output folder of the build.';
const held =
  'The web server looks for a different file than the page requests: make it try the path, the path with .html, and the index.html of a folder.';

/** Uses the pages of an application as a browser does. `asked` are the paths that were asked, and `first` is what came of `/`. */
export async function usePages(
  visitor: Visitor,
  about: PageContext,
): Promise<Findings & { readonly asked: ReadonlySet<string>; readonly first: Visit }> {
  const walk = await walkPages(visitor, about);
  const { first, pages, asked, left } = walk;
  const verdicts = asked.map((pageRequest) => ({ request: pageRequest, verdict: judge(pageRequest, about) }));
  const bad = [
    ...(first.stray === undefined ? [] : [strayFailure('/', first.stray)]),
    ...verdicts.flatMap(({ verdict }) => (verdict !== 'fine' && 'what' in verdict ? [verdict] : [])),
  ];
  const missing = verdicts.flatMap(({ verdict }) =>
    verdict !== 'fine' && 'missing' in verdict ? [verdict.missing] : [],
  );
  const others = verdicts.flatMap(({ verdict }) => (verdict !== 'fine' && 'listed' in verdict ? [verdict.listed] : []));
  const good = pages > 0 && asked.length > 0 ? [summary(pages, verdicts)] : [];
  const leftOver = left === 0 ? [] : [`${left} more files and links were skipped, after ${asked.length} requests`];
  return {
    good: [...good, ...leftOver],
    listed: [
      ...others,
      ...(missing.length > 0
        ? [`pages use files or links that do not exist: ${firstLines(missing, 5).join(', ')}`]
        : []),
    ],
    bad,
    asked: new Set(['/', first.at.pathname, ...asked.map(({ named }) => named.path.split('?')[0] ?? '')]),
    first,
  };
}

/** `14 files and 6 links that 3 pages name answer`. */
function summary(pages: number, all: readonly { readonly request: PageRequest; readonly verdict: Verdict }[]): string {
  const of = (isLink: boolean, what: string) => {
    const some = all.filter(({ request }) => (request.named.kind === 'link') === isLink);
    const fine = some.filter(({ verdict }) => verdict === 'fine').length;
    return fine === some.length ? counted(fine, what) : `${fine} of ${counted(some.length, what)}`;
  };
  const isOne = pages === 1;
  return `${of(false, 'file')} and ${of(true, 'link')} that ${counted(pages, 'page')} ${isOne ? 'names' : 'name'} answer`;
}
