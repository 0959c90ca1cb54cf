import { type BuildSecret, placesOf, type SecretOptions } from '../index.ts';
import type { Flags, SecretFlags } from './options.ts';
import { askYes } from './prompts.ts';
import { columns, interactive, style } from './terminal.ts';

/** What a command that builds was told about build secrets, and how to ask where somebody can be asked. */
export const secretOptions = (flags: Flags & SecretFlags): SecretOptions => ({
  ...(flags.buildSecret ? { buildSecrets: flags.buildSecret } : {}),
  ...(interactive() && !flags.json ? { confirmSecret: confirm } : {}),
});

async function confirm(secret: BuildSecret): Promise<boolean> {
  const seen = secret.instructions.join(' and ') || 'no instruction';
  return askYes(
    `${placesOf(secret).join(', ')} asks for the value of ${secret.name} in this shell. ${seen} would see it, and every script that runs there. Hand it over?`,
  );
}

/** The build secrets in the preview: what asks for each, which instructions see it, and whether its value needs a consent. */
export const secretLines = (secrets: readonly BuildSecret[]): string[] =>
  columns(
    secrets.map((secret) => [
      secret.name,
      placesOf(secret).join(', '),
      secret.needsConsent
        ? `handed over only with --build-secret ${secret.name}`
        : 'a token of a registry: build and verify hand it over',
      secret.instructions.join('; '),
    ]),
  ).map((line, index) => (secrets[index]?.needsConsent ? style.warn(line) : line));
