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
    `${placesOf(secret).join(', ')} requests the value of ${secret.name} from this shell. ${seen} and every script that runs there would see it. Pass it on?`,
  );
}

/** The build secrets in the preview: what asks for each, which instructions see it, and whether its value needs a consent. */
export const secretLines = (secrets: readonly BuildSecret[]): string[] =>
  columns(
    secrets.map((secret) => [
      secret.name,
      placesOf(secret).join(', '),
      secret.needsConsent
        ? `passed only with --build-secret ${secret.name}`
        : 'a registry token: build and verify pass it',
      secret.instructions.join('; '),
    ]),
  ).map((line, index) => (secrets[index]?.needsConsent ? style.warn(line) : line));
