/** Addresses of servers on this machine that stand in the source: in a container they are the container itself. */
import { type Expression, expressionsOf, valuesIn } from '../../formats/python/index.ts';
import type { Facts } from '../../model/facts.ts';
import { type App, inModule } from './app.ts';
import type { Reading } from './values.ts';

const local =
  /^(rediss?|amqps?|postgres(?:ql)?(?:\+\w+)?|mysql(?:\+\w+)?|mariadb(?:\+\w+)?|mongodb|memcached|nats|kafka):\/\/(?:[^@/\s]*@)?(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/;

/** What is said of each scheme that has such an address: one that is only the default of a variable is none. */
export function localAddressNotes(app: App, reading: Reading): Facts['notes'] {
  const found = new Map<string, Facts['notes'][number]>();
  for (const module of app.modules) {
    const values = expressionsOf(module.syntax.body);
    const defaults = new Set<Expression>(
      values.flatMap((value) => (reading.variableOf(module, value) || isFallback(value) ? valuesIn(value) : [])),
    );
    for (const value of values) {
      const scheme = value.kind === 'text' && !defaults.has(value) ? local.exec(value.value)?.[1] : undefined;
      if (scheme === undefined || found.has(scheme)) continue;
      const from = inModule(module, value.start, `an address of ${scheme} on this machine`);
      const message = `${from.file}:${from.line} connects to ${scheme} on localhost, which is the container itself. Read the address from a variable.`;
      found.set(scheme, { code: 'local-address', message, from: [from] });
    }
  }
  return [...found.values()];
}

/** `x or 'redis://localhost'` */
const isFallback = (value: Expression): boolean => value.kind === 'binary' && value.operator === 'or';
