/** Which languages a repository has, and which folder is an application of which. */
import { posix } from 'node:path';
import type { Language, LanguageDetection } from '../languages/contract.ts';
import { languages, loadLanguage } from '../languages/registry.gen.ts';
import type { Facts } from '../model/facts.ts';
import { filesBelow, pathIn } from '../project/paths.ts';
import type { Project } from '../project/project.ts';

/** An application of a repository. */
export type Application = {
  readonly language: Language;
  readonly root: string;
  /** languages that have an application in the same folder, which is not deployed */
  readonly others: readonly LanguageDetection[];
};

/** A language with the folders in which it has an application. */
type Claim = { readonly detection: LanguageDetection; readonly language: Language; readonly roots: readonly string[] };

/** The languages of a repository, each with its applications: a folder is an application of one language. */
export async function languagesIn(
  project: Project,
): Promise<readonly { readonly language: Language; readonly applications: readonly Application[] }[]> {
  const found: Claim[] = [];
  for (const detection of languagesOf(project)) {
    const language = await loadLanguage(detection.name);
    await language?.prepare?.();
    if (language) found.push({ detection, language, roots: language.applications(project) });
  }
  const claims = found.map((claim) => withoutTools(project, claim, found));
  return claims.map((claim) => ({
    language: claim.language,
    applications: claim.roots
      .filter((root) => ownerOf(project, root, claims) === claim)
      .map((root) => ({ language: claim.language, root, others: othersAt(root, claim, claims) })),
  }));
}

const othersAt = (root: string, claim: Claim, all: readonly Claim[]): readonly LanguageDetection[] =>
  all.filter((other) => other !== claim && other.roots.includes(root)).map(({ detection }) => detection);

/** What an owner should know of an application whose folder is one of another language as well, which is not deployed. */
export function notDeployed(project: Project, { root, others }: Application): Facts['notes'] {
  return others.flatMap(({ title, manifests }) => {
    const file = manifests.map((manifest) => pathIn(root, manifest)).find((path) => project.has(path));
    if (file === undefined) return [];
    const message = `${file} is the manifest of an application in ${title}, which is not deployed: each folder is one application. Move it to a separate folder to deploy it too`;
    return [{ code: 'other-language', message, from: [{ file, line: 1, why: `a manifest of ${title}` }] }];
  });
}

/** A manifest of tools alone is an application where no other language has one. */
function withoutTools(project: Project, claim: Claim, all: readonly Claim[]): Claim {
  const { language, roots } = claim;
  if (all.every((item) => item === claim || item.roots.length === 0)) return claim;
  return { ...claim, roots: roots.filter((root) => !language.holdsTools?.(project, root)) };
}

/** The language that a folder is an application of: the first that needs no manifest, else the one with the most sources in it, the first of equals. */
function ownerOf(project: Project, root: string, all: readonly Claim[]): Claim | undefined {
  const claims = all.filter(({ roots }) => roots.includes(root));
  const bare = claims.find(({ detection }) => detection.manifests.length === 0);
  if (claims.length < 2 || bare) return bare ?? claims[0];
  const files = filesBelow(project.files(), root);
  const sources = ({ detection }: Claim) =>
    files.filter((file) => detection.endings.includes(posix.extname(file))).length;
  return claims.reduce((best, claim) => (sources(claim) > sources(best) ? claim : best));
}

/** The languages that a repository has manifests of, else those that it has sources of, else the default one. */
function languagesOf(project: Project): readonly LanguageDetection[] {
  const names = new Set(project.files().map((file) => posix.basename(file)));
  const endings = new Set(project.files().map((file) => posix.extname(file)));
  const withManifest = languages.filter((language) => language.manifests.some((name) => names.has(name)));
  if (withManifest.length > 0) return withManifest;
  const withSources = languages.filter((language) => language.endings.some((ending) => endings.has(ending)));
  return withSources.length > 0 ? withSources : languages.filter((language) => language.isDefault);
}
