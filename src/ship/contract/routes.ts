import type { AnsweredPath } from '../../model/facts.ts';
import { wordsOfName } from '../../model/name-words.ts';
import { answered, type Failure, type Findings, isBroken, readLog, strayFailure } from './findings.ts';
import type { Visit, Visitor } from './visits.ts';

const ends = ['logout', 'signout', 'delete', 'remove', 'unsubscribe'];
const acts = [
  ...ends,
  ...'reset cron run trigger shutdown send mail email notify webhook webhooks callback destroy purge clear flush drop wipe kill exit stop restart crash seed migrate'.split(
    ' ',
  ),
];

/** Whether the words of a path say that asking it does something: two words count as one, too, as in `log-out`. */
const says = (path: string, those: readonly string[]): boolean => {
  const words = wordsOfName(path);
  return words.some((word, at) => those.includes(word) || those.includes(`${word}${words[at + 1] ?? ''}`));
};

/** Whether a link of a page ends something, such as a session. */
export const endsSomething = (path: string): boolean => says(path, ends);

/** Whether a path of the sources does something. */
const doesSomething = (path: string): boolean => says(path, acts);

/** A path with `1` in the place of each parameter; undefined: it is a pattern. */
export function concretePath(path: string): string | undefined {
  const parts = path.split('/').map((part) => {
    if (part.startsWith('*') || /^\[.+\]$/.test(part) || /^\{[^{}]+\}$/.test(part)) return '1';
    return part.replace(/:\w+(?:\([^()]*\))?[?*+]?/g, '1');
  });
  const whole = parts.join('/');
  return whole.startsWith('/') && !/[*?()[\]{}|$\\+:#]/.test(whole) ? whole : undefined;
}

/** What the pages left: what they asked, and what came of `/`. */
export type PageResults = { readonly asked: ReadonlySet<string>; readonly first: Visit };

type Route = { readonly path: string; readonly isOpen: boolean; readonly visit: Visit };

/** Asks each path of the sources once, without anything. */
export async function useRoutes(
  { visit, isOver }: Visitor,
  paths: readonly Pick<AnsweredPath, 'path' | 'open'>[],
  { asked, first }: PageResults,
  { isUnsure }: { readonly isUnsure: boolean },
): Promise<Findings> {
  const top = paths.find(({ path }) => path === '/');
  const isTop = top !== undefined || (first.answer.ok && first.answer.status >= 500);
  const routes: Route[] = isTop ? [{ path: '/', isOpen: top?.open === true, visit: first }] : [];
  const wanted = new Map<string, boolean>();
  for (const { path, open } of paths) {
    const plain = concretePath(path);
    if (plain === undefined || asked.has(plain) || wanted.has(plain) || doesSomething(path)) continue;
    wanted.set(plain, open === true && plain === path);
  }
  for (const [path, isOpen] of wanted) {
    if (isOver()) break;
    wanted.delete(path);
    routes.push({ path, isOpen, visit: await visit(path) });
  }
  const notVisited = wanted.size === 0 ? [] : [`${wanted.size} more routes were skipped`];
  const { bad, listed, below, count } = judged(routes, isUnsure);
  return {
    good: [...(count === 0 ? [] : [`${below} of ${count} routes return a status below 500`]), ...notVisited],
    listed,
    bad,
  };
}

function judged(routes: readonly Route[], isUnsure: boolean) {
  const bad: Failure[] = [];
  const listed: string[] = [];
  const statuses: number[] = [];
  for (const { path, isOpen, visit } of routes) {
    const { answer, stray, said } = visit;
    if (!answer.ok) {
      listed.push(`GET ${path} failed: ${answer.why}`);
      continue;
    }
    statuses.push(answer.status);
    // what `/` is sent on to is told with the pages
    if (stray !== undefined && path !== '/') bad.push(strayFailure(path, stray));
    if (answer.status < 500) continue;
    const what = answered(path, answer.status, said);
    if (isOpen && !isUnsure && isBroken(answer.status)) bad.push({ what, next: readLog });
    else listed.push(what);
  }
  const below = statuses.filter((status) => status < 500).length;
  if (statuses.length > 2 && statuses.every(isBroken))
    bad.unshift({ what: `all ${statuses.length} routes that were requested returned 5xx`, next: readLog });
  return { bad, listed, below, count: statuses.length };
}
