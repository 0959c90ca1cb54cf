import { createHash } from 'node:crypto';
import type { Facts } from '../model/facts.ts';
import { evidenceOf } from '../model/known.ts';
import type { Plan, SourceEdit, SourceOffer } from '../model/plan.ts';
import type { ApplicationRecipes } from '../model/recipe.ts';
import type { Decide } from './decide.ts';
import type { PlanInput } from './input.ts';

/** An app that listens on the loopback address alone is reached by nobody outside its container: the edit is offered. */
export function loopback(
  facts: Facts,
  recipes: ApplicationRecipes,
  read: PlanInput['read'],
  decide: Decide,
): Pick<Plan, 'edits' | 'manual'> {
  const { host } = facts;
  if (!host || host.value.variable || !['localhost', '127.0.0.1', '::1'].includes(host.value.address))
    return { edits: [], manual: [] };
  const why = `the app only listens on ${host.value.address}, so no request from outside its container reaches it`;
  const { file, line } = host.from[0] ?? {};
  const text = file === undefined ? undefined : read(file);
  const wiring = file !== undefined && text !== undefined ? recipes.bindAllInterfaces?.(file, text, line) : undefined;
  if (file === undefined || text === undefined || !wiring?.ok) {
    const decision = decide('workloads.app.host', { choice: 'left to you', why, ...evidenceOf(host) });
    const lines = wiring && !wiring.ok ? [...wiring.lines] : ["hostname: '0.0.0.0'"];
    const place = file === undefined ? {} : { file, ...(line === undefined ? {} : { line }) };
    return { edits: [], manual: [{ why, ...place, lines, decision }] };
  }
  const decision = decide('edits.host', { choice: 'listen on all interfaces', why, ...evidenceOf(host) });
  const hash = createHash('sha256').update(text).digest('hex');
  return {
    edits: [{ file, hash, edits: wiring.edits.map((edit) => ({ ...edit })), why: wiring.why, decision }],
    manual: [],
  };
}

/** Changes of its settings that the owner may want: none is needed, and none is made without a yes to it. */
export function offeredSettings(
  facts: Facts,
  recipes: ApplicationRecipes,
  read: PlanInput['read'],
  decide: Decide,
): Pick<Plan, 'offers'> {
  const offers = (recipes.offers?.(facts, read) ?? []).map(({ name, file, what, offer, from }): SourceOffer => {
    const isMade = offer.ok && offer.edits.length === 0;
    const decision = decide(`offers.${name}`, {
      choice: isMade ? `${what} is set` : `offered: ${what}`,
      why: offer.why,
      from,
    });
    const hash = createHash('sha256')
      .update(read(file) ?? '')
      .digest('hex');
    const edits = offer.ok ? offer.edits.map((edit) => ({ ...edit })) : [];
    return { file, hash, edits, what, lines: offer.ok ? [] : [...offer.lines], why: offer.why, decision };
  });
  return offers.length > 0 ? { offers } : {};
}

/** Edits of one file become one: each was worked out on the text as it is. */
export function together(edits: readonly SourceEdit[]): SourceEdit[] {
  const byFile = new Map<string, SourceEdit>();
  for (const edit of edits) {
    const other = byFile.get(edit.file);
    byFile.set(
      edit.file,
      other ? { ...other, edits: [...other.edits, ...edit.edits], why: `${other.why}; ${edit.why}` } : edit,
    );
  }
  return [...byFile.values()];
}
