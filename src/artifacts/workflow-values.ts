import { composeArguments, startingForm, valuesPath } from '../model/compose-arguments.ts';
import type { KeyForm, SecretForm } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { runValues } from './env.ts';

/** What a step writes before Compose starts the deployment: variables of the step, and lines of its shell. */
export type StartValues = {
  readonly env: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  readonly written: readonly string[];
};

/** The algorithm of a key as OpenSSL names it. */
const algorithms: Readonly<Record<KeyForm['key'], string>> = {
  rsa: 'RSA -pkeyopt rsa_keygen_bits:2048',
  ec: 'EC -pkeyopt ec_paramgen_curve:P-256',
  ed25519: 'ED25519',
};

/** Prints a random value of a form. Of a pair of keys the private half is made once, in the folder of the run. */
function maker(form: SecretForm | undefined, name: string): string {
  if (!form) return 'openssl rand -hex 16';
  if ('bytes' in form) {
    const plain = `openssl rand -base64 ${form.bytes} | tr -d '\\n'`;
    return form.encoding === 'base64' ? plain : `${plain} | tr '+/' '-_' | tr -d '='`;
  }
  if (!('key' in form)) return `openssl rand -hex ${Math.ceil(form.length / 2)} | cut -c 1-${form.length}`;
  const file = `"$RUNNER_TEMP/${form.of ?? name}.pem"`;
  const made = `{ [ -e ${file} ] || openssl genpkey -algorithm ${algorithms[form.key]} -out ${file}; }`;
  const half = form.half === 'private' ? `cat ${file}` : `openssl pkey -in ${file} -pubout`;
  return `${made} && ${half}${form.as === 'pem-base64' ? ' | base64 --wrap=0' : ''}`;
}

/** Whether the value stands on several lines. */
const isLong = (form: SecretForm | undefined): boolean => form !== undefined && 'key' in form && form.as === 'pem';

/** No text of a project but such a name stands in the shell. */
const isName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** The values of the run: settings in the file that Compose reads, secrets in the files that are mounted. Where the project has such a file, that stays. */
export function startValues(plan: Plan): StartValues {
  const all = runValues(plan).filter(({ name }) => isName(name));
  const fixed = all.flatMap(({ line, name }) => (line === undefined ? [] : [`${name}=${line}`]));
  const random = all.flatMap((runValue) => (runValue.line === undefined ? [runValue] : []));
  const files = Object.values(plan.secrets).flatMap(({ file, target, variable }) =>
    file === undefined || target !== undefined ? [] : [{ file, form: plan.settings[variable]?.form, variable }],
  );
  const env = {
    ...(all.length > 0 || plan.kept?.settingsFile ? { SETTINGS: valuesPath(plan) } : {}),
    ...(fixed.length > 0 ? { VALUES: fixed.join('\n') } : {}),
    ...Object.fromEntries(files.map(({ file }, index) => [`SECRET_${index}`, file])),
  };
  return {
    env,
    written: Object.keys(env).filter((name) => name !== 'VALUES'),
    lines: [
      ...settingsLines(env, random),
      ...files.flatMap(({ form, variable }, index) => secretLines(index, form, variable)),
    ],
  };
}

function settingsLines(
  env: Readonly<Record<string, string>>,
  random: readonly { readonly name: string; readonly form: SecretForm | undefined }[],
): readonly string[] {
  if (env['SETTINGS'] === undefined) return [];
  return [
    '# throwaway values for this run only',
    'if [ ! -e "$SETTINGS" ]; then',
    '  made_SETTINGS=$SETTINGS',
    env['VALUES'] === undefined ? '  : > "$SETTINGS"' : '  printf \'%s\\n\' "$VALUES" > "$SETTINGS"',
    ...random.map(({ name, form }) => {
      const value = isLong(form) ? '"%s"' : '%s';
      return `  printf '${name}=${value}\\n' "$(${maker(form, name)})" >> "$SETTINGS"`;
    }),
    'fi',
  ];
}

/** Compose mounts the file as it is: the user of the image must be able to read it. */
const secretLines = (index: number, form: SecretForm | undefined, variable: string): readonly string[] => [
  `if [ ! -e "$SECRET_${index}" ]; then`,
  `  made_SECRET_${index}=$SECRET_${index}`,
  `  mkdir -p "$(dirname "$SECRET_${index}")"`,
  `  printf '%s' "$(${maker(form, isName(variable) ? variable : `secret-${index}`)})" > "$SECRET_${index}"`,
  `  chmod 644 "$SECRET_${index}"`,
  'fi',
];

/** The services of the author's compose files that run an image of the plan, with the name that it has here. */
export function servicesOver(plan: Plan, names: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const rows = Object.entries(plan.workloads).flatMap(([name, { kept, image }]) => {
    const built = kept ? names.get(image) : undefined;
    return built === undefined ? [] : [[name, built] as const];
  });
  return Object.fromEntries(rows);
}

/** The files that Compose starts, as arguments. With services laid over them each is named. */
export function startArguments(plan: Plan, isOver: boolean): readonly string[] {
  const form = startingForm(plan);
  const found = composeArguments(plan, form);
  if (!isOver || found.length > 0) return found;
  const base = plan.kept && plan.kept.compose.length > 0 ? plan.kept.compose : [plan.compose.file];
  return base.flatMap((file) => ['-f', file]);
}
