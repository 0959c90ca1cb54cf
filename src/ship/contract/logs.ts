import { containerChanges, containerLogs, inspectContainer, lookInside } from '../../engine/containers.ts';
import { every, fail, type Item, needRunning, notProved, pass, type VerificationContext } from '../verification.ts';

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '').length;

/** Files that look like logs among what a container wrote into its own file system. */
export const logFiles = (changes: readonly string[]): readonly string[] =>
  changes.filter((change) => /^[AC] .*(\.log(\.\d+)?|\/logs?\/[^/]+)$/.test(change)).map((change) => change.slice(2));

/** Log files in the places that may be written, which the engine does not show among the changes. */
async function inMemory(subject: VerificationContext, at: string): Promise<readonly string[]> {
  const { tools } = subject;
  const places = subject.workload.writable.map((item) => `/proc/1/root${item.path}`);
  if (!tools || places.length === 0) return [];
  const { user } = await inspectContainer(at, subject.signal);
  const argv = ['find', ...places, '-type', 'f'];
  const look = await lookInside({
    run: subject.run,
    image: tools,
    at,
    user: user || '0',
    argv,
    signal: subject.signal,
  });
  return logFiles(look.stdout.split('\n').map((line) => `A ${line.replace('/proc/1/root', '')}`));
}

/** 10: what it says can be collected by whatever runs it. */
export const logs: Item = {
  id: 'logs',
  number: 10,
  title: 'Logs go to stdout',
  turn: 'running',
  shapes: every,
  async prove(subject) {
    const { id, runs } = needRunning(subject);
    const [run] = runs ?? [];
    const { stdout, stderr } = run ?? (await containerLogs(id, subject.signal));
    const files = [
      ...logFiles(await containerChanges(run?.name ?? id, subject.signal)),
      ...(run ? [] : await inMemory(subject, id)),
    ];
    const summary = `${lines(stdout)} lines on stdout, ${lines(stderr)} on stderr`;
    if (files.length > 0)
      return fail(
        [summary, `it writes to ${files.join(', ')}`],
        'Log to stdout, where the container runtime collects logs.',
      );
    const usual = Object.values(subject.plan.images).find(({ logs: to }) => to?.to === 'stderr')?.logs;
    if (lines(stdout) > 0) return pass(summary, 'no log file was written');
    if (lines(stderr) > 0 && usual) return pass(summary, usual.why, 'no log file was written');
    if (lines(stderr) > 0) return fail([summary], 'Log to stdout; stderr is for errors.');
    return notProved(
      [summary],
      'Log a line at startup or for a request: without any output, the destination of the logs is unknown.',
    );
  },
};
