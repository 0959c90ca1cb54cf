import { type BuildReport, build } from '../../index.ts';
import { type Flags, type Run, warningOptions } from '../program.ts';
import { progress } from '../progress.ts';
import { bytes, columns, json, out, style } from '../terminal.ts';

type BuildFlags = Flags & {
  readonly tag?: string;
  readonly target?: string;
  readonly platform?: readonly string[];
  readonly baseline?: boolean;
};

/** Builds the image, live, and says what came of it. */
export const run: Run<BuildFlags> = async (flags, _args, signal) => {
  const shown = progress(flags);
  const report = await build(
    {
      ...warningOptions(flags, signal),
      ...(flags.tag ? { tag: flags.tag } : {}),
      ...(flags.target ? { target: flags.target } : {}),
      ...(flags.platform ? { platforms: flags.platform } : {}),
      baseline: flags.baseline !== false,
    },
    shown.on,
  ).finally(shown.end);
  if (flags.json) json(report);
  else for (const line of lines(report)) out(line);
  return 0;
};

function lines(report: BuildReport): string[] {
  const { baseline } = report;
  const less =
    baseline && baseline.compressed > 0 ? Math.round((1 - report.compressed / baseline.compressed) * 100) : 0;
  return [
    '',
    ...columns([
      ['image', style.bold(report.image)],
      ['digest', report.digest],
      ['size', `${bytes(report.compressed)} compressed, ${bytes(report.size)} unpacked`],
      ...(baseline
        ? [
            [
              'single-stage',
              `${bytes(baseline.compressed)} compressed, ${bytes(baseline.size)} unpacked: this one is ${less} % smaller`,
            ],
          ]
        : []),
    ]),
    '',
    style.bold('Layers'),
    ...columns(
      report.layers
        .filter((layer) => layer.size > 0)
        .map((layer) => [bytes(layer.size).padStart(9), layer.instruction.slice(0, 100)]),
    ),
    '',
    style.bold('Next'),
    ...report.next.map((step) => `  ${step}`),
  ];
}
