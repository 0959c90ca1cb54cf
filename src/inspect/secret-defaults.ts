import type { Config } from '../model/config.ts';
import type { Facts, Variable } from '../model/facts.ts';
import { hiddenSecret, isSecretForm } from '../model/secret-names.ts';

/**
 * The facts of an application without the values that its source has for secrets: nothing that is made of facts can show one then. Evidence
 * quotes such a value as JSON does. Of an address the place stays, which says what service it leads to.
 */
export function withoutSecretDefaults(facts: Facts, { variables: settings = {} }: Config): Facts {
  // whoever configures it may say that what looks like a secret is none
  const variables = facts.variables.map((variable) =>
    settings[variable.name]?.secret === false ? variable : asSecret(variable),
  );
  const texts = variables.flatMap((variable) => (variable.secret ? [variable.default, variable.example] : []));
  const secrets = [...new Set(texts.filter((text) => text !== undefined && text !== ''))] as string[];
  if (secrets.length === 0) return { ...facts, variables };
  const hidden = variables.map((variable) =>
    variable.secret && variable.default !== undefined
      ? { ...variable, default: hiddenSecret(variable.default) }
      : variable,
  );
  const quoted = new Map(secrets.map((text) => [JSON.stringify(text), JSON.stringify(hiddenSecret(text))]));
  return without({ ...facts, variables: hidden, externals: facts.externals.map(plainExternal) }, quoted) as Facts;
}

/** What has the form of a secret is one, whatever its name says. */
function asSecret(variable: Variable): Variable {
  const { default: value, example, ...rest } = variable;
  if (variable.secret || ![value, example].some((text) => text !== undefined && isSecretForm(text))) return variable;
  return { ...rest, ...(value === undefined ? {} : { default: value }), secret: true };
}

/** The address of an API without what in it is a secret: who knows it could use what it leads to. */
const plainExternal = (item: Facts['externals'][number]): Facts['externals'][number] => {
  if (item.url === undefined || !isSecretForm(item.url)) return item;
  const { url: _url, ...rest } = item;
  return rest;
};

function without(value: unknown, quoted: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    if (!value.includes('"')) return value;
    let text = value;
    for (const [secret, shown] of quoted) text = text.replaceAll(secret, () => shown);
    return text;
  }
  if (Array.isArray(value)) return value.map((item) => without(item, quoted));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, without(item, quoted)]));
}
