import { isAddressName, isHostsName, localHosts } from '../catalog/own-addresses.ts';
import { isOnlyExample } from '../catalog/placeholders.ts';
import { envValue, hasBraced, withBraced } from '../formats/env/index.ts';
import type { Artifact } from '../model/artifact.ts';
import type { RandomSecret, SecretForm } from '../model/facts.ts';
import type { Plan, Setting } from '../model/plan.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { lines, remark } from './lines.ts';

const notes = (setting: Setting): string[] => {
  const what = [
    setting.secret ? 'secret' : '',
    setting.required && setting.default === undefined ? 'required' : 'optional',
  ]
    .filter(Boolean)
    .join(', ');
  return [`${what} · ${setting.purpose}`, ...(setting.hint ? [setting.hint] : [])];
};

/** Required settings first: they are the ones to fill in. What refers to others comes behind them: Compose reads a file from its top. */
const ordered = (plan: Plan): [string, Setting][] => {
  const refers = ({ example }: Setting) => example !== undefined && hasBraced(example);
  const rank = (setting: Setting) =>
    setting.required && setting.default === undefined ? (refers(setting) ? 1 : 0) : 2;
  return Object.entries(plan.settings).sort(([a, x], [b, y]) => rank(x) - rank(y) || (a < b ? -1 : 1));
};

/** `.env.example`: every variable that the person who deploys can set, with its purpose, its default and why it is there. */
export function envExample(plan: Plan): Artifact {
  const out = lines();
  for (const line of header(plan, '.env.example')) out.add(remark(line), headerDecision);
  out.add('# Copy to .env. Set every empty variable; a commented-out one shows its default.', headerDecision);
  for (const [name, setting] of ordered(plan)) {
    out.blank();
    for (const note of notes(setting)) out.add(remark(note), setting.decision);
    const open = setting.required && setting.default === undefined;
    out.add(
      open
        ? `${name}=${exampleValue(plan, setting.example ?? '')}`
        : `#${name}=${setting.secret ? '' : envValue(setting.default ?? '')}`,
      setting.decision,
    );
  }
  return out.artifact('.env.example', 'env');
}

/** Other variables of the file are named in some values: Compose and the shell fill them in. Where one is none of the file, it says nothing. */
function exampleValue(plan: Plan, text: string): string {
  if (!hasBraced(text)) return envValue(text);
  const isWhole = withBraced(text, (name) => (plan.settings[name] ? '' : undefined)) !== undefined;
  if (!isWhole) return '';
  return /^[\w./:@%+,=?&{}$-]*$/.test(text) ? `"${text}"` : envValue(text);
}

/** A value for this machine that lets the deployment start; undefined where only the owner can give one. */
function localValue(name: string, setting: Setting, own: string, random: RandomSecret): string | undefined {
  if (setting.value !== undefined) return setting.value;
  if (setting.generate) return random(setting.form, name);
  if (setting.example !== undefined && !setting.hint?.startsWith('an address')) return setting.example;
  // .invalid never resolves (RFC 2606): the app starts, and says that the API cannot be reached
  if (setting.hint?.startsWith('an address')) {
    return `https://${name
      .toLowerCase()
      .replace(/_(url|uri|endpoint|base)$/g, '')
      .replaceAll('_', '-')}.invalid`;
  }
  // its own address, or that of a page in front of it: on this machine both are here
  if (!setting.secret && isAddressName(name)) return own;
  if (!setting.secret && /(^|_)(HOST|HOSTNAME|DOMAIN)$/.test(name)) return 'localhost';
  if (!setting.secret && isHostsName(name)) return localHosts;
  if (!setting.secret && /(^|_)(TZ|TIME_?ZONE)$/.test(name)) return 'UTC';
  return undefined;
}

/** A variable that somebody has to fill in, as a machine has it that is there for one run: a text as an `.env` file holds it, or a random value. */
export type RunValue =
  | { readonly name: string; readonly line: string }
  | { readonly name: string; readonly line?: undefined; readonly form: SecretForm | undefined };

/** Values with which the deployment starts on a machine that has none. What the data of this machine was made with is not among them. */
export function runValues(plan: Plan): readonly RunValue[] {
  const open = ordered(plan).filter(([, setting]) => setting.required && setting.default === undefined);
  return open.map(([name, { value: _own, ...setting }]): RunValue => {
    if (setting.generate) return { name, form: setting.form };
    const text = localValue(name, setting, 'http://localhost', () => '');
    // an example that has parts to fill in starts nothing
    if (text === undefined || isOnlyExample(text)) return { name, form: setting.form };
    return { name, line: exampleValue(plan, text) };
  });
}

/** The variables that say who owns the folder of the project, where that is somebody else than the stages take for granted. */
export function ownedBy(plan: Plan, owner: string | undefined): readonly string[] {
  const users = Object.values(plan.workloads).flatMap(({ development }) => development?.user ?? []);
  const others = users.filter((user) => owner !== undefined && owner !== user.default);
  return [...new Set(others.map(({ variable }) => variable))];
}

/**
 * The text of a `.env` for this machine, with random secrets from `random`, and the names of the variables that got a value. `owner`: user and group of
 * the folder, undefined where that makes no difference.
 */
export function localEnv(
  plan: Plan,
  random: RandomSecret,
  owner?: string,
): { readonly text: string; readonly filled: readonly string[] } {
  const filled: string[] = [];
  const port = Object.values(plan.workloads).flatMap((workload) => Object.values(workload.ports))[0]?.publish?.default;
  const own = `http://localhost${port === undefined ? '' : `:${port}`}`;
  const open = ordered(plan).filter(([, setting]) => setting.required && setting.default === undefined);
  const values = new Map(open.map(([name, setting]) => [name, localValue(name, setting, own, random)] as const));
  const filledIn = (text: string, around: readonly string[]): string | undefined =>
    withBraced(text, (other) => {
      const value = values.get(other);
      if (value === undefined || around.includes(other)) return plan.settings[other]?.default;
      return value === plan.settings[other]?.example ? filledIn(value, [...around, other]) : value;
    });
  const rows = open.flatMap(([name, setting]) => {
    const text = values.get(name);
    const filledText = text === undefined || setting.generate ? text : filledIn(text, [name]);
    const value = filledText ?? (setting.value === undefined ? undefined : text);
    if (value !== undefined) filled.push(name);
    return [
      '',
      remark(
        `${setting.purpose.replace(/\.$/, '')}${value === undefined ? ': set it' : setting.value !== undefined ? ': must match the existing data' : setting.generate ? ': random, for this machine' : setting.example === undefined ? ': set the real value' : ': example value from the project'}`,
      ),
      `${name}=${value === undefined ? '' : envValue(value)}`,
    ];
  });
  for (const name of ownedBy(plan, owner)) {
    filled.push(name);
    rows.push('', remark('owner of this folder, which the development server writes into'), `${name}=${owner}`);
  }
  const text = [
    '# For this machine only: ignored by Git. Generated by Dockwright; .env.example lists all variables.',
    ...rows,
    '',
  ].join('\n');
  return { text, filled };
}

const isExample = (path: string): boolean => /(^|\/)\.env\.example$/.test(path);

/** Beside files that stay an example without a row would say nothing. */
const asksSomething = (plan: Plan): boolean => plan.kept === undefined || Object.keys(plan.settings).length > 0;

export const artifact: ArtifactPrinter = {
  name: 'env',
  title: 'Example of the settings',
  order: 60,
  print: (plan) => (plan.kept?.files.some(isExample) || !asksSomething(plan) ? [] : [envExample(plan)]),
};
