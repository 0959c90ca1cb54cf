import { type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { basic } from './basic.ts';
import { isLoopback } from './loopback.ts';

/** How a request goes through a proxy. */
export type ProxyRoute = {
  /** what is asked in the place of the address itself; undefined: the address, over the connection of `options` */
  readonly url?: URL;
  readonly options: RequestOptions;
  readonly headers: Readonly<Record<string, string>>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** What the shell says of proxies. */
const ofShell = (): Environment => ({
  HTTPS_PROXY: process.env['HTTPS_PROXY'],
  https_proxy: process.env['https_proxy'],
  HTTP_PROXY: process.env['HTTP_PROXY'],
  http_proxy: process.env['http_proxy'],
  ALL_PROXY: process.env['ALL_PROXY'],
  all_proxy: process.env['all_proxy'],
  NO_PROXY: process.env['NO_PROXY'],
  no_proxy: process.env['no_proxy'],
});

/** Both spellings are in use, and the small one counts where both are set, as with curl and Go. */
const named = (env: Environment, name: string): string | undefined =>
  env[name.toLowerCase()] || env[name.toUpperCase()] || undefined;

/** The proxy that the variables of the shell name for an address; undefined: none. A machine never asks one for itself. */
export function proxyFor(url: URL, env: Environment = ofShell()): URL | undefined {
  if (isLoopback(url.hostname) || isExcepted(url, named(env, 'no_proxy') ?? '')) return undefined;
  const text = named(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? named(env, 'all_proxy');
  if (text === undefined) return undefined;
  const whole = text.includes('://') ? text : `http://${text}`;
  const proxy = URL.canParse(whole) ? new URL(whole) : undefined;
  return proxy && ['http:', 'https:'].includes(proxy.protocol) ? proxy : undefined;
}

/** Whether NO_PROXY names the host: itself, a domain that it is in, its address in a network, or everything. */
function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const own = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list.split(',').some((part) => {
    const entry = part.trim().toLowerCase();
    if (entry === '*') return true;
    const [, name = '', at] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
    if (name === '' || (at !== undefined && at !== own)) return false;
    const domain = name.replace(/^\*?\./, '');
    return name.includes('/') ? isInNetwork(host, name) : host === domain || host.endsWith(`.${domain}`);
  });
}

const isIpv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether an address is in a network such as 10.0.0.0/8. */
function isInNetwork(host: string, network: string): boolean {
  const [base = '', length = ''] = network.split('/');
  if (!isIpv4.test(host) || !isIpv4.test(base) || !/^\d{1,2}$/.test(length)) return false;
  const size = 2 ** (32 - Math.min(32, Number(length)));
  return Math.floor(numberOf(host) / size) === Math.floor(numberOf(base) / size);
}

/** Opens the way through a proxy: a tunnel for https, and for http the whole address in the place of its path. */
export async function through(
  proxy: URL,
  url: URL,
  silence: number,
  signal: AbortSignal | undefined,
): Promise<ProxyRoute> {
  const headers: Record<string, string> = proxy.username === '' ? {} : { 'proxy-authorization': loginOf(proxy) };
  if (url.protocol !== 'https:') {
    // Node fills in the host of what it connects to, which is the proxy
    return { url: proxy, options: { path: url.href }, headers: { ...headers, host: url.host } };
  }
  const socket = await tunnel(proxy, url, { headers, silence, signal });
  const servername = url.hostname;
  const secure = (options: object) =>
    connect({ ...options, socket, ...(isIpv4.test(servername) ? {} : { servername }) });
  return { options: { createConnection: secure as NonNullable<RequestOptions['createConnection']> }, headers: {} };
}

const loginOf = ({ username, password }: URL): string =>
  basic(decodeURIComponent(username), decodeURIComponent(password));

type Tunnel = {
  readonly headers: Readonly<Record<string, string>>;
  readonly silence: number;
  readonly signal: AbortSignal | undefined;
};

function tunnel(proxy: URL, { hostname, port }: URL, { headers, silence, signal }: Tunnel): Promise<Socket> {
  const place = `${hostname}:${port === '' ? 443 : port}`;
  return new Promise((done, fail) => {
    const asked = (proxy.protocol === 'https:' ? requestSecure : requestPlain)({
      hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: place,
      headers: { host: place, ...headers },
      agent: false,
      ...(signal ? { signal } : {}),
    });
    asked.setTimeout(silence, () => asked.destroy(new Error(`it sent nothing for ${silence / 1000} s`)));
    asked.on('error', fail);
    asked.on('connect', ({ statusCode }, socket) => {
      asked.setTimeout(0);
      if (statusCode === 200) return done(socket);
      socket.destroy();
      fail(new Error(statusCode === 407 ? 'it requires a login' : `it returned ${statusCode}`));
    });
    asked.on('response', (answer) => {
      answer.destroy();
      fail(new Error(answer.statusCode === 407 ? 'it requires a login' : `it returned ${answer.statusCode}`));
    });
    asked.end();
  });
}
