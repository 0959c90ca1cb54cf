import { blockedPorts } from '../../catalog/blocked-ports.ts';
import { environmentRead, sourceString } from '../../formats/source/index.ts';
import type { ProbeOptions } from '../../model/recipe.ts';

/** Compose would take a dollar sign for a variable of its own. Outside of texts these programs have none. */
const withoutDollars = (program: string): string => program.replaceAll('$', '\\x24');

/** The port as an expression of JavaScript: written without `$`, which Compose would take for a variable of its own. */
export const portOf = (port: number, variable: string | undefined): string =>
  variable === undefined ? String(port) : `(${withoutDollars(environmentRead(variable))}||${port})`;

/** What a proxy that got the request over https says. */
const forwarded = "{'x-forwarded-proto':'https'}";

/**
 * A program of one line that asks a path of the application on this machine, and ends with 0 where the answer is a good one. By `fetch`, but for
 * ports that it refuses to ask, where the runtime has none, and where the application speaks https with a certificate of its own: there by a module.
 */
export function httpProbe(
  port: number,
  variable: string | undefined,
  path: string,
  { over, refused }: ProbeOptions = {},
  hasFetch = true,
): string {
  const number = portOf(port, variable);
  const more = over === 'https' ? ',rejectUnauthorized:false' : over === 'proxy' ? `,headers:${forwarded}` : '';
  if (!hasFetch || over === 'https' || blockedPorts.has(port)) {
    const module = `${hasFetch ? 'node:' : ''}http${over === 'https' ? 's' : ''}`;
    return `require('${module}').get({host:'127.0.0.1',port:${number},path:${withoutDollars(sourceString(path))}${more}},r=>process.exit(r.statusCode<${refused ? 500 : 400}?0:1)).on('error',()=>process.exit(1))`;
  }
  const address =
    variable === undefined
      ? withoutDollars(sourceString(`http://127.0.0.1:${port}${path}`))
      : `'http://127.0.0.1:'+${number}+${withoutDollars(sourceString(path))}`;
  return `fetch(${address}${over ? `,{headers:${forwarded}}` : ''}).then(r=>process.exit(${refused ? 'r.status<500' : 'r.ok'}?0:1),()=>process.exit(1))`;
}
