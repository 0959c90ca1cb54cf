import type { Proof, Specification } from '../model/requirement.ts';
import type { Project } from '../project/project.ts';
import { declaredProof, proofOf, readEvidence } from './evidence.ts';
import { archetypeOf, manifestFile, type Problem, readManifest } from './manifest.ts';
import { deriveRequirements, type ServiceName } from './requirements.ts';

/** Reads the specification: the manifest, what it asks for, and how far it is proved. Undefined where there is none. */
export function readSpecification(
  project: Project,
  words: readonly ServiceName[],
): { readonly specification: Specification; readonly problems: readonly Problem[] } | undefined {
  const read = readManifest(project);
  if (!read) return undefined;
  const { manifest, line } = read;
  const assertions = manifest.assertions.map((assertion, index) => ({
    id: assertion.id,
    text: assertion.natural ?? assertion.text ?? '',
    status: assertion.status ?? 'proposed',
    ...(assertion.category ? { category: assertion.category } : {}),
    line: line(['assertions', index]),
  }));
  const counting = assertions.filter((assertion) => !['denied', 'refined', 'deferred'].includes(assertion.status));
  const confirmed = counting.filter((item) => item.status === 'confirmed').length;
  const own = declaredProof(manifest, counting.length > 0 && confirmed === counting.length);
  const evidence = readEvidence(project);
  const dafny = proofOf(project, 'dafny', evidence, own);
  const tlc = proofOf(project, 'tlc', evidence, own);
  const written = manifest.archetype;
  const archetype = written === undefined ? undefined : archetypeOf(written);
  const specification: Specification = {
    file: manifestFile,
    ...(manifest.version ? { version: manifest.version } : {}),
    ...(written === undefined
      ? {}
      : { archetype: { text: written, ...(archetype ? { value: archetype } : {}), line: line(['archetype']) } }),
    ...(manifest.description ? { description: manifest.description } : {}),
    assertions,
    confirmed,
    counted: counting.length,
    requirements: [...deriveRequirements(read, words)],
    dafny,
    tlc,
    verified: whole(own, [dafny, tlc], counting.length > 0 && confirmed === counting.length),
  };
  return { specification, problems: read.problems };
}

/** The whole is verified when every assertion is confirmed and every proof that the project has is; without proofs, by its own word. */
function whole(own: Proof, proofs: readonly Proof[], allConfirmed: boolean): Proof {
  const present = proofs.filter((proof) => proof.status !== 'absent');
  if (present.length === 0) return own;
  const files = present.flatMap((proof) => proof.files).sort();
  const open = present.find((proof) => proof.status !== 'verified');
  if (open) return { status: 'not-verified', by: open.by, why: open.why, files };
  if (!allConfirmed) return { status: 'not-verified', by: 'none', why: 'not all assertions are confirmed', files };
  const times = present.flatMap((proof) => (proof.at ? [proof.at] : [])).sort();
  const recorded = present.every((proof) => proof.by === 'recorded');
  const at = times[0];
  return {
    status: 'verified',
    by: recorded ? 'recorded' : 'manifest',
    why: present.map((proof) => proof.why).join('; '),
    ...(at ? { at } : {}),
    files,
  };
}
