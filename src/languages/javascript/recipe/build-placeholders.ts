import { placeholders } from '../../../catalog/placeholders.ts';
import type { Facts, Variable } from '../../../model/facts.ts';
import { services } from '../../../services/registry.gen.ts';
import type { FullStack } from '../../../stacks/contract.ts';

const { text, host, place } = placeholders;

/**
 * Values for what the modules of the server stop without, where the build loads them: the image is built before anybody knows the real ones, and what
 * runs gets those. What the build writes into the code has no stand-in, as that would be what runs.
 */
export function standIns(facts: Facts, { loadsServer, prefixes }: FullStack): Readonly<Record<string, string>> {
  if (!loadsServer) return {};
  const isWritten = ({ name, built }: Variable) => built || prefixes.some((prefix) => name.startsWith(prefix));
  // the build gets the true one
  const given = new Set((facts.buildSecrets ?? []).map(({ variable }) => variable));
  const demanded = facts.variables.filter(
    (variable) =>
      !given.has(variable.name) &&
      variable.required &&
      variable.default === undefined &&
      !isWritten(variable) &&
      variable.from.some(({ file }) => file !== undefined),
  );
  const switches = facts.variables.filter(({ name, values }) => switchesOff.test(name) && values === undefined);
  return Object.fromEntries([
    ...switches.map(({ name }) => [name, '1']),
    ...demanded.filter((item) => !switches.includes(item)).map((item) => [item.name, standIn(item)]),
  ]);
}

/** By which a project turns its checks of variables off, for the build of an image: t3-env's name and its like. */
const switchesOff = /^SKIP_(ENV|ENVIRONMENT|VARIABLES?)_?(VALIDATION|CHECKS?)$/;

const byKind = {
  url: `http://${host}`,
  number: '1',
  email: `build@${host}`,
  boolean: 'false',
  uuid: '00000000-0000-4000-8000-000000000000',
} as const;

function standIn(variable: Variable): string {
  const { name, form, kind, values, example, secret } = variable;
  if (values?.[0] !== undefined) return values[0];
  const connected = ofService(variable);
  if (connected !== undefined) return connected;
  if (form && 'bytes' in form) return Buffer.alloc(form.bytes).toString(form.encoding);
  if (form && 'length' in form) return form.hex ? '0'.repeat(form.length) : text.padEnd(form.length, '-');
  if (kind) return byKind[kind];
  if (!secret && example !== undefined && example !== '') return example;
  if (/(^|_)(URL|URI|ORIGIN|ENDPOINT)$/.test(name)) return byKind.url;
  if (/(^|_)PORT$/.test(name)) return byKind.number;
  return text;
}

/** An address, or a part of one, at which nothing answers: clients connect when they are first asked. */
function ofService({ service: name, part, example }: Variable): string | undefined {
  const service = services.find((service) => service.name === name);
  if (!service || part === undefined) return undefined;
  if (service.embedded) return example ?? 'file:/tmp/build.db';
  const values = {
    url: `${service.schemes[0] ?? 'http'}://${place}/build`,
    host: '127.0.0.1',
    port: '1',
    address: '127.0.0.1:1',
  };
  return { ...values, user: 'build', password: text, name: 'build', other: undefined }[part];
}
