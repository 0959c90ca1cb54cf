import type { Language } from '../languages/contract.ts';
import { languages, loadLanguage } from '../languages/registry.gen.ts';
import type { Facts } from '../model/facts.ts';

/** The language of an app. */
export async function languageOf({ details }: Facts): Promise<Language> {
  const language = await loadLanguage(details.language);
  if (!language) throw new Error(`facts of an unknown language: ${details.language}`);
  return language;
}

/** What an owner does so that the command of the tests is known. */
export function testsHint({ details }: Facts): string {
  const own = languages.find(({ name }) => name === details.language)?.testsHint;
  return `${own === undefined ? 'add' : `${own}, or`} the key "test" to dockwright.json`;
}

/** The manifests of all languages, as people list them. */
export const manifestNames = (): string => languages.flatMap(({ manifests }) => manifests).join(', ');
