import { contentsOf } from '../../catalog/image-contents.ts';
import { imageName } from '../../catalog/image-name.ts';
import type { Facts } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { KeptApp } from './set.ts';

type Port = Extract<NonNullable<Facts['port']>, { value: unknown }>;

const numberIn = (text: string | null | undefined): number | undefined => {
  const found = /^\$\{\w+:?-(\d{1,5})\}$/.exec(text ?? '')?.[1] ?? text ?? '';
  return /^\d{1,5}$/.test(found) && Number(found) > 0 ? Number(found) : undefined;
};

/**
 * The port that the application listens on in a container of the author's: what a flag or the configuration says, else the compose file, the
 * image, and at last the source.
 */
export function portOf({ service, built }: KeptApp, facts: Facts): Port | undefined {
  const read = facts.port && 'value' in facts.port ? facts.port : undefined;
  if (read && (read.by === 'flag' || read.by === 'config')) return read;
  const variable = knownValue(facts.port)?.variable;
  const named = variable === undefined ? [] : [service?.env[variable], built?.stage.env[variable]];
  const told = named.flatMap((item) => {
    const number = numberIn(item?.value);
    return item && number !== undefined ? [{ number, from: item.from }] : [];
  });
  const open = [
    ...(service?.ports ?? []).map(({ container, from }) => ({ number: container, from })),
    ...(built?.stage.ports ?? []),
  ];
  // a port that nobody published may be another one, such as that of metrics
  const known = told[0]?.number ?? read?.value.number;
  const found = told[0] ?? open.find(({ number }) => number === known) ?? open[0];
  if (!found) return service ? undefined : (read ?? portOfImage(built));
  const value = { number: found.number, ...(variable === undefined ? {} : { variable }) };
  return { value, by: 'detected', from: [...found.from] };
}

/** The port of a web server that no file of the author names: that of its image, where its settings say no other. */
function portOfImage(built: KeptApp['built']): Port | undefined {
  const number = built && contentsOf(imageName(built.stage.base))?.listens;
  if (number === undefined) return undefined;
  const from = built?.stage.from.map((item) => ({ ...item, why: `${built.stage.base} listens on ${number}` })) ?? [];
  return { value: { number }, by: 'default', from };
}
