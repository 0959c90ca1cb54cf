import type { Place } from './model.ts';
import { invalid, type Mapping, record } from './nodes.ts';

/** A range over more ports than this is refused: every port becomes an entry. */
const MAX_PORTS = 65_536;

type Range = { readonly first: number; readonly last: number };

/** The long forms of a short port such as `127.0.0.1:8000-8001:80-81/udp`: one for each port of the container. */
export function longPorts(spec: string, at: Place): readonly Mapping[] {
  const wrong = (why: string) => invalid(`${JSON.stringify(spec)} is not a valid port: ${why}.`, at);
  const { host, published, container, protocol } = split(spec);
  const ip = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (ip !== '' && !isAddress(ip)) throw wrong(`${JSON.stringify(ip)} is not an IP address`);
  const target = rangeOf(container);
  if (!target) throw wrong('the port of the container is not a number or a range');
  const source = published === '' ? undefined : rangeOf(published);
  if (published !== '' && !source) throw wrong('the port of the host is not a number or a range');
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) throw wrong('the protocol is not tcp, udp or sctp');
  const count = target.last - target.first;
  if (source && source.last - source.first !== count && count !== 0) throw wrong('its ranges differ in length');
  const spread = count === 0 && source && source.first !== source.last ? `-${source.last}` : '';
  return Array.from({ length: Math.min(count + 1, MAX_PORTS) }, (_, index) =>
    record(
      {
        mode: 'ingress',
        host_ip: ip === '' ? undefined : ip,
        target: target.first + index,
        published: source ? `${source.first + index}${spread}` : undefined,
        protocol,
      },
      at,
    ),
  ).sort(byText);
}

/** Compose sorts the ports of a range as strings: 10 before 9. */
const byText = (a: Mapping, b: Mapping): number => (textOfPort(a) < textOfPort(b) ? -1 : 1);
const textOfPort = (port: Mapping): string => {
  const target = port.entries.get('target');
  return target?.type === 'scalar' ? `${target.text}/` : '';
};

/** Whether a string is an IPv4 or IPv6 address. */
function isAddress(text: string): boolean {
  if (text.includes(':')) return /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function split(spec: string) {
  const parts = spec.split(':');
  const last = parts.at(-1) ?? '';
  const [port = '', protocol = ''] = last.split('/');
  return {
    host: parts.slice(0, -2).join(':'),
    published: parts.length > 1 ? (parts.at(-2) ?? '') : '',
    container: port,
    protocol: protocol === '' ? 'tcp' : protocol.toLowerCase(),
  };
}

function rangeOf(text: string): Range | undefined {
  const [start = '', end = start] = text.split('-');
  if (!/^\d{1,5}$/.test(start) || !/^\d{1,5}$/.test(end)) return undefined;
  const [first, last] = [Number(start), Number(end)];
  return first <= last && last <= 65_535 ? { first, last } : undefined;
}
