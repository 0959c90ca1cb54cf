/** A database, a broker or an admin console is reachable on every network of the host. */
import type { Remark, Rule } from '../contract.ts';
import { dataServiceOf } from '../facts/catalogue.ts';
import type { PortFacts, ServiceFacts } from '../facts/compose.ts';
import type { LintFacts } from '../facts/facts.ts';

const isLocal = (address: string | undefined): boolean =>
  address !== undefined && /^(127\.|::1$|localhost$|\[::1\]$)|\$/.test(address);

/** The port as it would be written for this machine alone, where it is written in its short form. */
function editOf({ place }: PortFacts, { scalarsOf }: LintFacts) {
  const scalars = (scalarsOf(place.file).get(place.line) ?? []).filter(({ isKey }) => !isKey);
  const [scalar] = scalars;
  if (scalars.length !== 1 || !scalar || !/^[\w${}:-]+:\d+(\/tcp)?$/.test(scalar.value)) return undefined;
  return { file: place.file, start: scalar.start, end: scalar.end, text: `"127.0.0.1:${scalar.value}"` };
}

function opened(service: ServiceFacts, facts: LintFacts): readonly Remark[] {
  const data = dataServiceOf(service.image);
  if (!data || service.set.use === 'test') return [];
  const open = service.ports.filter((port) => data.ports.includes(port.container) && !isLocal(port.address));
  const [port] = open;
  if (!port) return [];
  const edits = open.map((portFacts) => editOf(portFacts, facts));
  const isWhole = edits.every((edit) => edit !== undefined);
  return [
    {
      ...(service.isDevelopment || service.set.use === 'development' ? { severity: 'info' as const } : {}),
      message: `${data.title} (${service.name}) is published on every network of the host, at port ${open.map(({ published, container }) => published ?? container).join(' and ')}.`,
      why: 'Docker bypasses the host firewall for published ports: anybody on the internet can try passwords. Services in the same compose file do not need published ports.',
      ...port.place,
      fix: {
        safety: 'suggested',
        description: 'Remove `ports`, or write `127.0.0.1:` before the port, so that only this machine can reach it.',
        ...(isWhole ? { edits: edits.flatMap((edit) => edit ?? []) } : {}),
      },
    },
  ];
}

export const rule: Rule = {
  name: 'published-database',
  title: 'A database is published on all interfaces',
  severity: 'warning',
  weight: 85,
  check: (facts) => facts.services.flatMap((service) => opened(service, facts)),
};
