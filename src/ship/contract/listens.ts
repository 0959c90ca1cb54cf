import { inspectContainer, lookInside } from '../../engine/containers.ts';
import { get } from '../../engine/http.ts';
import {
  fail,
  type Item,
  needRunning,
  notProved,
  pass,
  servers,
  until,
  type VerificationContext,
} from '../verification.ts';
import { useApplication } from './browse.ts';

/** A socket that listens, from /proc/net/tcp or tcp6. */
export type Listener = { readonly port: number; readonly everywhere: boolean };

/** Reads the kernel's tables of TCP sockets: state 0A listens; an address of zeros is every interface. */
export function readListeners(text: string): readonly Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== '0A' || !/^[0-9A-F]{8}([0-9A-F]{24})?$/.test(address)) return [];
    return [{ port: Number.parseInt(port, 16), everywhere: /^0+$/.test(address) }];
  });
}

/** How long what has no health check may take until it listens, in seconds: nothing else says that it is up. */
const LISTENS_WITHIN = 60;

/** The sockets that are listened on, asked again while it may still be starting. */
async function listening(subject: VerificationContext, tools: string, declared: number): Promise<readonly Listener[]> {
  const { id } = needRunning(subject);
  const { run, signal } = subject;
  let listeners: readonly Listener[] = [];
  const { health } = await inspectContainer(id, signal);
  await until(health === 'none' ? LISTENS_WITHIN : 0, signal, async () => {
    const { user, status } = await inspectContainer(id, signal);
    const argv = ['cat', '/proc/1/net/tcp', '/proc/1/net/tcp6'];
    const look = await lookInside({ run, image: tools, at: id, user: user || '0', argv, signal });
    listeners = readListeners(look.stdout);
    return status !== 'running' || listeners.some(({ port }) => port === declared);
  });
  return listeners;
}

async function prove(subject: VerificationContext) {
  const running = needRunning(subject);
  const { workload, tools, signal } = subject;
  const declared = Object.values(workload.ports)[0]?.container;
  if (declared === undefined)
    return notProved(['no port is declared'], 'Set the key `port` to the port that the app listens on.');
  if (!tools) return notProved(['no image with a shell to inspect it with'], 'Use a build image with a shell.');
  const listeners = await listening(subject, tools, declared);
  const own = listeners.filter((listener) => listener.port === declared);
  const answer = running.url === undefined ? undefined : await get(`${running.url}/`, 5000, signal);
  const ports = [...new Set(listeners.map((listener) => listener.port))].sort((a, b) => a - b).join(', ') || 'none';
  if (own.length === 0) {
    return fail(
      [`nothing listens on port ${declared}; open ports: ${ports}`],
      'Set the key `port`, or make the app read the port from its variable.',
    );
  }
  if (!own.some((listener) => listener.everywhere)) {
    return fail(
      [`port ${declared} is only open on one address`],
      'Listen on 0.0.0.0: a loopback address cannot be reached from outside the container.',
    );
  }
  if (answer && !answer.ok) {
    return fail(
      [`listens on port ${declared}, but a request from outside failed: ${answer.why}`],
      'The app must answer HTTP on its published port.',
    );
  }
  const socket = `the kernel shows a socket on port ${declared} for all addresses`;
  if (!answer?.ok || running.url === undefined)
    return pass(socket, 'the compose file publishes no port, so no request was sent from outside');
  const { good, bad, next } = await useApplication(subject, running.url);
  const seen = [socket, `a request from outside returned ${answer.status}`, ...good];
  return bad.length > 0 ? fail([...bad, ...seen], next) : pass(...seen);
}

/** 4: it can be reached where it says, and what it names there answers. */
export const listens: Item = {
  id: 'listens',
  number: 4,
  title: 'Listens on all interfaces on the declared port, and serves requests',
  turn: 'running',
  shapes: servers,
  prove,
};
