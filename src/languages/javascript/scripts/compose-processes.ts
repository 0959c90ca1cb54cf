/** Further processes that the author's compose file starts from the image of the application, each with a command of its own. */
import type { ExistingService } from '../../../model/existing.ts';
import type { Hint } from '../../../model/hint.ts';
import type { App } from '../app.ts';
import { lineOf } from '../image-command.ts';

/** Where the set of the author goes, its processes go on: each as a line that a platform would have. */
export function composeHints({ config, container }: App): readonly Hint[] {
  const { set, service: main } = container ?? {};
  if (config.existing !== 'replace' || !set) return [];
  // what others wait for until it has ended is a step before them
  const steps = new Set(set.services.flatMap(({ completed = [] }) => completed));
  return set.services
    .filter(({ runs, name, profiles }) => runs === 'application' && !steps.has(name) && profiles.length === 0)
    .filter((service) => service !== main && !service.has.includes('ports'))
    .flatMap((service) => hintOf(service, main));
}

/** The lines of shell of such services: their grammar is loaded before they are read. */
export const composeLines = ({ config, container }: App): readonly string[] =>
  config.existing === 'replace'
    ? (container?.set?.services ?? []).flatMap(({ command, entrypoint }) =>
        [command, entrypoint].flatMap((item) => (item ? (lineOf(item) ?? lineOfWords(item.argv) ?? []) : [])),
      )
    : [];

function hintOf(service: ExistingService, main: ExistingService | undefined): readonly Hint[] {
  const command = service.command ?? service.entrypoint;
  const line = command && (lineOf(command) ?? lineOfWords(command.argv));
  if (!command || line === undefined) return [];
  const settings = ownSettings(service, main).map(([name, value]) => `${name}=${value} `);
  const from = command.from.map((item) => ({ ...item, why: `the service ${service.name} starts a separate process` }));
  return [{ hint: 'compose', says: 'process', name: service.name, value: `${settings.join('')}${line}`, from }];
}

/** Words that a shell reads as they are; undefined: one of them would mean something to it. */
const lineOfWords = (argv: readonly string[]): string | undefined =>
  argv.every((word) => /^[\w./:=@,+-]+$/.test(word)) ? argv.join(' ') : undefined;

/** Plain variables that the application itself has otherwise, or not at all: they say which process it is. */
const ownSettings = ({ env }: ExistingService, main: ExistingService | undefined): readonly [string, string][] =>
  Object.entries(env).flatMap(([name, { value }]): [string, string][] => {
    const other = main && Object.hasOwn(main.env, name) ? main.env[name]?.value : undefined;
    return value !== null && value !== other && /^[\w./-]+$/.test(value) && other !== null ? [[name, value]] : [];
  });
