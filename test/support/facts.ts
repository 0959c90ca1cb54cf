import { inspect } from '../../src/inspect/inspect.ts';
import type { Config } from '../../src/model/config.ts';
import { Facts } from '../../src/model/facts.ts';
import { memoryProject } from '../../src/project/memory.ts';

/** The facts of the one app of a project of texts; they are held to the schema, too. */
export async function factsOf(files: Readonly<Record<string, string>>, config: Config = {}): Promise<Facts> {
  const { apps } = await inspect(memoryProject(files), { config });
  const [app] = apps;
  if (!app || apps.length !== 1) throw new Error(`one app was expected, not ${apps.length}`);
  return Facts.parse(app);
}

/** package.json of a Bun app, with more. */
export const manifest = (more: object = {}): string =>
  JSON.stringify({ name: 'shop', scripts: { start: 'bun src/index.ts' }, engines: { bun: '^1.4' }, ...more }, null, 2);

/** The facts of an app whose one source is `text`. */
export const factsOfSource = (text: string, more: Readonly<Record<string, string>> = {}): Promise<Facts> =>
  factsOf({ 'package.json': manifest(), 'src/index.ts': text, ...more });

/** A fact's value, or what is asked. */
export const said = <T>(fact: { value: T } | { ask: string } | undefined): T | string | undefined =>
  fact === undefined ? undefined : 'value' in fact ? fact.value : `ask ${fact.ask}`;

/** The variables that the sources read: a server of Python also says which proxies it trusts. */
export const ownVariables = ({ variables }: Facts): Facts['variables'] =>
  variables.filter(({ name }) => name !== 'FORWARDED_ALLOW_IPS');
