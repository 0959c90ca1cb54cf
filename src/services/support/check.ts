import { environmentRead } from '../../formats/source/index.ts';
import type { Check } from '../../model/plan.ts';

/** A health check of a container: asked often while it starts, patiently afterwards. Times in seconds. */
export const check = (...argv: readonly string[]): Check => ({
  argv: [...argv],
  interval: 10,
  timeout: 3,
  retries: 5,
  startPeriod: 30,
  startInterval: 1,
});

/** Image-safe names hold dashes; the names of databases and users better hold none. */
export const identifier = (app: string): string => app.replaceAll('-', '_');

type Connection = {
  readonly url?: string;
  readonly parts?: Readonly<Partial<Record<'host' | 'port' | 'user' | 'password' | 'name', string>>>;
};

/** How the app's source reads a variable. */
export const environmentValue: (variable: string) => string = environmentRead;

/**
 * For clients that have no cheap question of their own: whether the port takes a connection. `url` or `host` has to be among the
 * variables, else there is nothing to ask.
 */
export function portCheck(connection: Connection, port: number) {
  const { url, parts } = connection;
  if (!url && !parts?.host) return undefined;
  const target = url ? `const { hostname, port } = new URL(${environmentValue(url)} || '');` : hostAndPort(parts);
  return connects(target, port);
}

/** The same for clients that take one server or several (`a:4222,b:4222`), with a scheme or without one: the first is asked. */
export function listCheck(
  connection: Connection,
  { scheme, port }: { readonly scheme: string; readonly port: number },
) {
  const { url } = connection;
  if (!url) return portCheck(connection, port);
  const target = `const [first = ''] = (${environmentValue(url)} || '').split(',');
const { hostname, port } = new URL(first.includes('://') ? first : \`${scheme}://\${first}\`);`;
  return connects(target, port);
}

const hostAndPort = (parts: Connection['parts']): string =>
  `const hostname = ${environmentValue(parts?.host ?? '')} || '';\nconst port = ${parts?.port ? environmentValue(parts.port) : 'undefined'};`;

/** Whether the place that `target` names takes a connection. */
function connects(target: string, port: number) {
  return {
    imports: ["import { connect } from 'node:net';"],
    setup: '',
    body: `${target}
await new Promise<void>((resolve, reject) => {
  const socket = connect(Number(port || ${port}), hostname, () => {
    socket.destroy();
    resolve();
  });
  socket.once('error', reject);
  signal.addEventListener('abort', () => socket.destroy(new Error('no answer in time')), { once: true });
});`,
  };
}
