import { type BuildReport, build } from '../../index.ts';
import { type Flags, type Run, type SecretFlags, warningOptions } from '../options.ts';
import { progress } from '../progress.ts';
import { secretOptions } from '../secrets.ts';
import { bytes, columns, json, out, style } from '../terminal.ts';

type BuildFlags = Flags &
  SecretFlags & {
    readonly tag?: string;
    readonly target?: string;
    readonly platform?: readonly string[];
    readonly emulate?: boolean;
    readonly cacheFrom?: readonly string[];
    readonly cacheTo?: readonly string[];
    readonly builder?: string;
    readonly ssh?: readonly string[];
    readonly baseline?: boolean;
  };

/** Builds the image, live, and says what came of it. */
export const run: Run<BuildFlags> = async (flags, _args, signal) => {
  const shown = progress(flags);
  const report = await build(
    {
      ...warningOptions(flags, signal),
      ...secretOptions(flags),
      ...(flags.tag ? { tag: flags.tag } : {}),
      ...(flags.target ? { target: flags.target } : {}),
      ...(flags.platform ? { platforms: flags.platform } : {}),
      ...(flags.emulate ? { emulate: true } : {}),
      ...(flags.cacheFrom ? { cacheFrom: flags.cacheFrom } : {}),
      ...(flags.cacheTo ? { cacheTo: flags.cacheTo } : {}),
      ...(flags.builder ? { builder: flags.builder } : {}),
      ...(flags.ssh ? { ssh: flags.ssh } : {}),
      baseline: flags.baseline !== false,
    },
    shown.on,
  ).finally(shown.end);
  if (flags.json) json(report);
  else for (const line of lines(report)) out(line);
  return 0;
};

const given = {
  shell: 'value from this shell',
  empty: 'empty: not set in this shell',
  throwaway: 'throwaway value',
} as const;

function lines(report: BuildReport): string[] {
  const { baseline } = report;
  const less =
    baseline && baseline.compressed > 0 ? Math.round((1 - report.compressed / baseline.compressed) * 100) : 0;
  return [
    '',
    ...columns([
      ['image', style.bold(report.image)],
      ['digest', report.digest],
      ...revisionRows(report.revision),
      ['size', `${bytes(report.compressed)} compressed, ${bytes(report.size)} unpacked`],
      ...(baseline
        ? [
            [
              'single-stage',
              `${bytes(baseline.compressed)} compressed, ${bytes(baseline.size)} unpacked: this one is ${less} % smaller`,
            ],
          ]
        : []),
      ...(report.secrets ?? []).map(({ name, value }) => ['build secret', `${name}, ${given[value]}`]),
    ]),
    '',
    style.bold('Layers'),
    ...columns(
      report.layers
        .filter((layer) => layer.size > 0)
        .map((layer) => [bytes(layer.size).padStart(9), layer.instruction.slice(0, 100)]),
    ),
    '',
    ...(report.others ?? []).flatMap((other) => [
      ...columns([
        ['image', style.bold(other.image)],
        ['digest', other.digest],
        ['size', `${bytes(other.compressed)} compressed, ${bytes(other.size)} unpacked`],
      ]),
      '',
    ]),
    style.bold('Next'),
    ...report.next.map((step) => `  ${step}`),
  ];
}

/** The commit that the image says it is of; files that could not be compared are named, a few of them. */
function revisionRows(revision: BuildReport['revision']): string[][] {
  if (!revision) return [];
  const { commit, state, why, notCompared } = revision;
  const differs = {
    clean: '',
    dirty: `, with changes: ${why}`,
    unknown: `, could not be compared with the working tree: ${why}`,
  };
  const names = notCompared.slice(0, 3).join(', ');
  const more = notCompared.length > 3 ? ` and ${notCompared.length - 3} more` : '';
  return [
    ['commit', `${commit.slice(0, 12)}${differs[state]}`],
    ...(notCompared.length > 0 ? [['not compared', `${names}${more}: a submodule, or converted by a Git filter`]] : []),
  ];
}
