import { webServer } from '../../catalog/web.ts';
import { containerLogs } from '../../engine/containers.ts';
import { loadHtml } from '../../formats/html/index.ts';
import { instruction } from '../measure.ts';
import { type BuiltImage, needRunning, pause, type VerificationContext } from '../verification.ts';
import { type Findings, firstLines } from './findings.ts';
import { type ReadLog, reasonIn } from './log-reader.ts';
import { type PageContext, usePages } from './pages.ts';
import { endsSomething, useRoutes } from './routes.ts';
import { readServed } from './served-files.ts';
import { visitorOf } from './visits.ts';

/** How far an application is used: what is left over is counted. */
const LIMITS = { requests: 150, seconds: 45 };

/** What came of using it: `bad` is empty where nothing fails, and `next` says what to do about the first of it. */
export type UseResult = { readonly good: readonly string[]; readonly bad: readonly string[]; readonly next: string };

/**
 * Uses an application as a browser does: the first page, what it names and what the pages that it links to name, then each path that the sources answer to
 * GET. Nothing but its own address is asked. `said`: what its log says since a moment.
 */
export async function useApplication(
  subject: VerificationContext,
  url: string,
  said: ReadLog = saidBy(subject),
): Promise<UseResult> {
  const { workload, built, plan, signal, externals, unsure } = subject;
  await loadHtml();
  const isSite = workload.shape === 'site';
  const served = isSite && built ? await readServed(built.archive) : undefined;
  const about: PageContext = { isSite, isUnsure: externals.length > 0 || unsure, served, does: endsSomething };
  // a container is known to others by the beginning of its id, too
  const inside = [...Object.keys(plan.workloads), needRunning(subject).id.slice(0, 12)];
  const visitor = () => visitorOf({ url, inside, said, signal, ...LIMITS });
  const pages = await usePages(visitor(), about);
  const { answer } = pages.first;
  if (built && answer.ok && served?.stock !== undefined && served.stock === answer.body) return stockPage(built);
  const routes = await useRoutes(visitor(), isSite ? [] : subject.paths, pages, about);
  return inShort([pages, routes]);
}

/** The lines that are shown of each kind. */
const SHOWN = 8;

function inShort(all: readonly Findings[]): UseResult {
  const bad = all.flatMap((findings) => findings.bad);
  const listed = all.flatMap((findings) => findings.listed);
  return {
    good: [...all.flatMap((findings) => findings.good), ...firstLines(listed, SHOWN)],
    bad: firstLines(
      bad.map(({ what }) => what),
      SHOWN,
    ),
    next: bad[0]?.next ?? '',
  };
}

/** The page of the web server's own image answers: nothing of ours is in its place. */
function stockPage({ archive }: BuiltImage): UseResult {
  const step = archive.config.history
    ?.map(({ created_by: by }) => instruction(by))
    .find((value) => value.startsWith('COPY') && value.includes(webServer.root));
  return {
    good: [],
    bad: [
      'the page is the default page of the web server image: the build did not write an index.html to the folder that is copied',
    ],
    next: `Check which folder the build writes its pages to${step === undefined ? '' : `, and compare it with ${step}`}: change the output folder in the settings of the build tool, the command with the key \`build\`, or the folder in the Dockerfile.`,
  };
}

const saidBy =
  (subject: VerificationContext): ReadLog =>
  async (since) => {
    // what is printed comes to the engine by a way of its own
    await pause(150, subject.signal);
    const { stdout, stderr } = await containerLogs(needRunning(subject).id, subject.signal, since);
    return reasonIn(`${stderr}\n${stdout}`);
  };
