import { type Answer, get } from '../../engine/http.ts';
import type { ReadLog } from './log-reader.ts';
import { PAGE_LIMIT, resolved, sameAddress } from './page-links.ts';

/** A path that was asked, and what came of it in the end. */
export type Visit = {
  readonly path: string;
  /** where it ended, after redirects */
  readonly at: URL;
  readonly isRedirected: boolean;
  readonly answer: Answer;
  /** where it is sent on to, if that is an address that no browser reaches */
  readonly stray?: string;
  /** what the log of the moment says, where the answer is 5xx; empty: nothing; absent: it was not looked into */
  readonly said?: string;
};

/** Asks an application as a browser does, within a number of requests and a time. */
export type Visitor = {
  readonly isOver: () => boolean;
  readonly visit: (path: string) => Promise<Visit>;
};

export type VisitOptions = {
  /** base address of the application on this machine: nothing else is asked */
  readonly url: string;
  /** names of machines that only the deployment itself knows */
  readonly inside: readonly string[];
  readonly requests: number;
  readonly seconds: number;
  readonly said: ReadLog;
  readonly signal: AbortSignal | undefined;
};

/** Redirects that are followed for one path. */
const HOPS = 5;

/** So many times the log is looked into. */
const LOGS = 12;

/** Makes what asks the paths of one application. */
export function visitorOf({ url, inside, requests, seconds, said, signal }: VisitOptions): Visitor {
  const base = new URL(url);
  const begun = performance.now();
  const names = new Set(['0.0.0.0', '[::]', ...inside]);
  let asked = 0;
  let logs = 0;
  return {
    isOver: () => asked >= requests || performance.now() - begun >= seconds * 1000,
    async visit(path) {
      const since = new Date();
      const first = resolved(path, base);
      const start = first && sameAddress(first, base);
      if (!start)
        return {
          path,
          at: base,
          isRedirected: false,
          answer: { ok: false, why: 'it is not a path of the app' },
        };
      let at: URL = start;
      for (let hops = 0; ; hops += 1) {
        asked += 1;
        const answer: Answer = await get(at.href, 5000, signal, { limit: PAGE_LIMIT, accept });
        const next: URL | undefined = answer.ok ? sentOn(answer, at) : undefined;
        const visit: Visit = { path, at, isRedirected: hops > 0, answer };
        if (next && answer.ok && names.has(next.hostname)) return { ...visit, stray: answer.location ?? '' };
        const own = next && sameAddress(next, base);
        if ((!own || hops === HOPS) && answer.ok && answer.status >= 500 && logs < LOGS) {
          logs += 1;
          return { ...visit, said: await said(since) };
        }
        if (!own || hops === HOPS) return visit;
        at = own;
      }
    },
  };
}

/** What browsers ask for when a page is opened; a server of pages may look for it. */
const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';

const sentOn = ({ status, location }: Extract<Answer, { ok: true }>, at: URL): URL | undefined =>
  status >= 300 && status < 400 && location !== undefined ? resolved(location, at) : undefined;
