import { UserError } from '../model/errors.ts';
import { brokenFiles } from '../plan/kept/broken.ts';
import type { Context } from './context.ts';

type Broken = ReturnType<typeof brokenFiles>[number];

/** File and line, as messages name them. */
export const placeOfBroken = ({ file, line }: Broken): string => `${file}${line === undefined ? '' : `:${line}`}`;

/** What to do about a file of the author that cannot be read. */
export const fixesOf = (broken: Broken): readonly [string, string] => [
  `Fix ${placeOfBroken(broken)} and run the command again.`,
  `Or replace it with a generated file: \`dockwright --accept ${broken.file}=generated\`.`,
];

/** Throws a UserError with file and line where a Docker file of the author that the deployment begins with cannot be read. */
export function refuseBroken({ chosen, config, replaced }: Pick<Context, 'chosen' | 'config' | 'replaced'>): void {
  const [first, ...more] = chosen.flatMap((facts) => brokenFiles(facts, config, replaced));
  if (!first) return;
  const { file, line } = first;
  const others = [...new Set(more.map((item) => item.file))].filter((value) => value !== file);
  throw new UserError({
    code: 'docker-file-broken',
    message: `${first.message.replace(/\.$/, '')}.`,
    where: { file, ...(line === undefined ? {} : { line }) },
    next: [...fixesOf(first), ...(others.length > 0 ? [`${others.join(', ')} cannot be read either.`] : [])],
    exit: 1,
  });
}
