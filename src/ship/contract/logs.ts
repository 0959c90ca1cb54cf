import { containerChanges, containerLogs } from '../../engine/containers.ts';
import { every, fail, type Item, needRunning, notProved, pass } from '../subject.ts';

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '').length;

/** Files that look like logs among what a container wrote into its own file system. */
export const logFiles = (changes: readonly string[]): readonly string[] =>
  changes.filter((change) => /^[AC] .*(\.log(\.\d+)?|\/logs?\/[^/]+)$/.test(change)).map((change) => change.slice(2));

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
    const files = logFiles(await containerChanges(run?.name ?? id, subject.signal));
    const said = `${lines(stdout)} lines on stdout, ${lines(stderr)} on stderr`;
    if (files.length > 0)
      return fail([said, `it writes ${files.join(', ')}`], 'Log to stdout; whatever runs the container collects it.');
    if (lines(stdout) > 0) return pass(said, 'no log file was written');
    if (lines(stderr) > 0) return fail([said], 'Log to stdout: stderr is for what went wrong.');
    return notProved(
      [said],
      'A line at the start or at a request: an app that says nothing cannot show where it says it.',
    );
  },
};
