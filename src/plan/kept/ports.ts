import type { KeptSet } from './set.ts';

/** The port of a `host` as a compose file has it: the number itself, or the default of the variable that gives it. */
export const hostPort = (host: string | undefined): number | undefined => {
  const found = /(\d{1,5})\}?$/.exec(host ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
};

/** The ports of this machine that the author's compose files take: what is added beside them takes others. */
export const authorPorts = ({ base, override, development, production }: KeptSet): readonly number[] =>
  [base, override, development, production].flatMap((set) =>
    (set?.services ?? []).flatMap(({ ports }) => ports.flatMap(({ host }) => hostPort(host) ?? [])),
  );
