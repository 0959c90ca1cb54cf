import { isSecretName } from '../catalog/secret-names.ts';

/** What stands for a value that is a secret, as in documents. */
const hiddenValue = '********';

/** A name with its value, as a compose file, a Dockerfile or an env file has them. */
const assignment = /([A-Za-z_][\w.-]{0,99})(["']?[ \t]*[:=][ \t]*)("[^"]*"|'[^']*'|[^\s,}\]#"']+)/g;
/** The default of a variable of a compose file. */
const fallback = /(\$\{([A-Za-z_]\w{0,99}):?-)([^{}$]+)(?=\})/g;
/** The older form of ENV: a name, a space, and the rest of the line. */
const olderForm = /^([-+ \t]*(?:ENV|ARG)[ \t]+)([A-Za-z_]\w*)([ \t]+)(?!\S*=)(\S.*)$/i;
/** The password in an address. */
const credentials = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/'"]{0,100}:)([^\s@/'"]+)(?=@)/gi;
/** A password that a program gets as an argument. */
const option = /(--?(?:requirepass|password|pass|token|secret)(?:["']?,[ \t]*["']?|[= \t]+))([^\s"',\]]+)/gi;

/** What stands for itself: a variable, or what Compose says of a missing one. */
const isOpen = (value: string): boolean => /^["']?(?:\$[{(A-Za-z_]|\?)/.test(value) || /^(["'])\1$/.test(value);

const hidden = (value: string): string => {
  if (isOpen(value)) return value;
  return /^["']/.test(value) ? `${value[0]}${hiddenValue}${value[0]}` : hiddenValue;
};

/** A line of a Docker file, a compose file or an env file as it may be shown: a password that is written out is not. */
const maskedLine = (line: string): string =>
  line
    .replace(credentials, (_, before: string, password: string) => before + (isOpen(password) ? password : hiddenValue))
    .replace(option, (_, before: string, password: string) => before + (isOpen(password) ? password : hiddenValue))
    .replace(fallback, (whole, before: string, name: string) => (isSecretName(name) ? before + hiddenValue : whole))
    .replace(olderForm, (whole, before: string, name: string, gap: string) =>
      isSecretName(name) ? `${before}${name}${gap}${hiddenValue}` : whole,
    )
    .replace(assignment, (whole, name: string, sign: string, value: string) =>
      isSecretName(name) ? `${name}${sign}${hidden(value)}` : whole,
    );

/** Files of a deployment, in which passwords stand by the names of variables; in the source of an application the same words mean other things. */
const holdsSettings = (path: string): boolean =>
  /(^|\/)([\w.-]*(Docker|Container)file[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|\.env[\w.-]*)$/i.test(path);

/** The text of a file as it may be shown, by its path. */
export const maskedText = (path: string, text: string): string =>
  holdsSettings(path) ? text.split('\n').map(maskedLine).join('\n') : text;
