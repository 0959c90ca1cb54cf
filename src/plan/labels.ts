import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Proof, Specification } from '../model/requirement.ts';

/** A proof as a label says it: `true` only with evidence. */
const verified = (proof: Proof): string => String(proof.status === 'verified');

/** Labels of the image: OCI annotations, and what the evidence says of the specification (nothing that changes with time). */
export function planLabels(facts: Facts, specification: Specification | undefined): Record<string, string> {
  // no value of the language can hold a line break
  const description = (specification?.description ?? facts.description?.value)?.replace(/\s+/g, ' ').trim();
  return {
    'org.opencontainers.image.title': facts.title.value,
    ...(description ? { 'org.opencontainers.image.description': description } : {}),
    ...(facts.version ? { 'org.opencontainers.image.version': facts.version.value } : {}),
    ...(specification
      ? {
          'com.spec-driven.assertions': String(specification.counted),
          'com.spec-driven.verified': verified(specification.verified),
          ...(specification.verified.status === 'verified' && specification.verified.at
            ? { 'com.spec-driven.verified-at': specification.verified.at }
            : {}),
          ...(specification.dafny.status === 'absent'
            ? {}
            : { 'com.spec-driven.dafny-verified': verified(specification.dafny) }),
          ...(specification.tlc.status === 'absent'
            ? {}
            : { 'com.spec-driven.tlc-verified': verified(specification.tlc) }),
        }
      : {}),
  };
}

/** What the headers of the artifacts say of the specification. */
export function summarise(specification: Specification | undefined): Plan['specification'] {
  if (!specification) return undefined;
  const { verified: proof, confirmed, counted } = specification;
  return {
    file: specification.file,
    assertions: specification.assertions
      .filter((assertion) => assertion.status === 'confirmed')
      .map((assertion) => assertion.id),
    verified: proof.status === 'verified',
    ...(proof.at ? { at: proof.at } : {}),
    summary: `${confirmed} of ${counted} assertions confirmed; ${proof.status === 'verified' ? `verified${proof.at ? ` ${proof.at}` : ''}` : 'not verified'}`,
  };
}
