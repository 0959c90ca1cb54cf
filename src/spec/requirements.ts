import type { Requirement, RequirementKind } from '../model/requirement.ts';
import { momentOf } from './cron.ts';
import { calendar } from './lexicon.ts';
import { manifestFile, type ReadManifest } from './manifest.ts';
import { mentions, names, readSentence } from './sentences.ts';
import { tags } from './words.ts';

/** A service's name in a sentence, and what it can be asked for. */
export type ServiceName = {
  readonly word: string;
  readonly service: string;
  readonly kinds: readonly RequirementKind[];
};

type Place = Requirement['from'][number];
type Found = {
  readonly kind: RequirementKind;
  readonly service?: string;
  readonly name?: string;
  readonly certainty: 'clear' | 'unclear';
  readonly assertion?: string;
  readonly place: Place;
};

/** Assertions that count: a denied, refined or deferred one asks for nothing. */
const dead = new Set(['denied', 'refined', 'deferred']);

/**
 * What the specification asks of a deployment, in the order of the kinds. Assertions, boundaries, constraints and tags are read in this
 * order; an assertion that is not confirmed, and a sentence that only wishes, make a requirement unclear. See docs/specification.md.
 */
export function deriveRequirements(
  { manifest, line }: ReadManifest,
  words: readonly ServiceName[],
): readonly Requirement[] {
  const found: Found[] = [];
  for (const [index, assertion] of manifest.assertions.entries()) {
    const status = assertion.status ?? 'proposed';
    if (dead.has(status)) continue;
    const key = assertion.natural === undefined ? 'text' : 'natural';
    const sentence = assertion.natural ?? assertion.text ?? '';
    const at = (path: string, text: string, why: string): Place => ({
      file: manifestFile,
      path: `assertions[${index}].${path}`,
      line: line(['assertions', index, path]),
      text,
      why,
    });
    const cap = (item: Found): Found => ({
      ...item,
      assertion: assertion.id,
      certainty: status === 'confirmed' ? item.certainty : 'unclear',
    });
    found.push(...inSentence(sentence, words, at(key, sentence, `assertion ${assertion.id}`)).map(cap));
    for (const tag of assertion.tags ?? [])
      found.push(...byTag(tag, words, at('tags', tag, `a tag of ${assertion.id}`)).map(cap));
  }
  for (const [index, boundary] of (manifest.boundaries ?? []).entries()) {
    found.push(
      ...inBoundary(boundary, words, {
        file: manifestFile,
        path: `boundaries[${index}]`,
        line: line(['boundaries', index]),
        text: boundary,
        why: 'a boundary',
      }),
    );
  }
  for (const [index, constraint] of (manifest.constraints ?? []).entries()) {
    const place = {
      file: manifestFile,
      path: `constraints[${index}]`,
      line: line(['constraints', index]),
      text: constraint,
      why: 'a constraint',
    };
    found.push(...inSentence(constraint.replaceAll('-', ' '), words, place));
  }
  return merge(found);
}

/** What a sentence says, with the technology that it names. */
function inSentence(sentence: string, words: readonly ServiceName[], place: Place): Found[] {
  const matched = readSentence(sentence);
  const named = words.flatMap((word) => {
    const certainty = names(sentence, word.word);
    return certainty ? [{ ...word, certainty }] : [];
  });
  // "persisted to Redis": where no word fits the technology, only a reader can tell what is meant
  const apart = named.length > 0 && !matched.some(({ kind }) => named.some((item) => item.kinds.includes(kind)));
  const plain = matched.map(({ kind, certainty }): Found => {
    const technology = named.find((item) => item.kinds.includes(kind));
    // a technology that serves one purpose says what a weak word leaves open
    const sure = technology?.certainty === 'clear' && technology.kinds.length === 1;
    return {
      kind,
      certainty: sure ? 'clear' : apart ? 'unclear' : certainty,
      place,
      ...(technology ? { service: technology.service } : {}),
      ...(kind === 'external-api' ? nameOf(sentence) : {}),
    };
  });
  // a technology whose use no other word tells: clear where it serves one purpose only
  const alone = named.flatMap((item): Found[] => {
    const [kind] = item.kinds;
    if (!kind || matched.some((each) => item.kinds.includes(each.kind))) return [];
    return [{ kind, service: item.service, certainty: item.kinds.length === 1 ? item.certainty : 'unclear', place }];
  });
  return [...plain, ...alone, ...inTime(sentence, matched, place)];
}

/** A sentence that tells a time that comes again, in words that speak of no schedule otherwise: only a reader can tell whether it is one. */
const inTime = (sentence: string, said: ReturnType<typeof readSentence>, place: Place): Found[] =>
  !said.some(({ kind }) => kind === 'schedule') && !mentions(sentence, calendar) && momentOf(sentence)
    ? [{ kind: 'schedule', certainty: 'unclear', place }]
    : [];

/** The name of an API in a sentence: the words before "provider", "gateway" and the like. */
function nameOf(sentence: string): { name?: string } {
  const match = /\b([a-z]+(?:[ -][a-z]+)?)[ -](provider|gateway|processor|api)\b/i.exec(sentence);
  const words = match?.[1]
    ?.toLowerCase()
    .split(/[ -]/)
    .filter(
      (word) =>
        ![
          'the',
          'a',
          'an',
          'external',
          'third',
          'party',
          'our',
          'its',
          'by',
          'from',
          'with',
          'of',
          'to',
          'remote',
        ].includes(word),
    );
  const last = match?.[2]?.toLowerCase();
  return words && words.length > 0 && last ? { name: [...words, last].join('-') } : {};
}

function byTag(tag: string, words: readonly ServiceName[], place: Place): Found[] {
  const name = tag.toLowerCase().replace(/[\s_]+/g, '-');
  const kind = Object.hasOwn(tags, name) ? tags[name] : undefined;
  if (kind) return [{ kind, certainty: 'clear', place }];
  const word = words.find((word) => word.word === name);
  const [first] = word?.kinds ?? [];
  return word && first
    ? [{ kind: first, service: word.service, certainty: word.kinds.length === 1 ? 'clear' : 'unclear', place }]
    : [];
}

/** A boundary is a system outside: named as external it is an API; else its words say what it is. */
function inBoundary(boundary: string, words: readonly ServiceName[], place: Place): Found[] {
  const name = boundary
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const external = /^(external|third-party|remote)-(.+)$/.exec(name)?.[2];
  const spoken = inSentence(name.replaceAll('-', ' '), words, place).filter(
    (found) => found.kind !== 'external-api' && found.certainty === 'clear',
  );
  if (spoken.length > 0) return spoken;
  if (external) return [{ kind: 'external-api', name: external, certainty: 'clear', place }];
  return /-(api|service|provider|gateway|processor)$/.test(name)
    ? [{ kind: 'external-api', name, certainty: 'clear', place }]
    : [];
}

/** When a schedule runs, where its sentences say one time, and nothing that could not be read. */
function scheduleOf(kind: Found['kind'], all: readonly Found[]): { value?: string } {
  if (kind !== 'schedule') return {};
  const moments = all.flatMap((found) => momentOf(found.place.text) ?? []);
  const [first] = moments;
  if (!first || !('cron' in first)) return {};
  return moments.every((moment) => 'cron' in moment && moment.cron === first.cron) ? { value: first.cron } : {};
}

/** One requirement for each kind, service and name, with all its places. Grouped first: a specification may have 10^5 sentences. */
function merge(found: readonly Found[]): Requirement[] {
  const groups = new Map<string, { readonly first: Found; readonly all: Found[] }>();
  for (const item of found) {
    const key = [item.kind, item.service ?? '', item.name ?? ''].join(' ');
    const group = groups.get(key);
    if (group) group.all.push(item);
    else groups.set(key, { first: item, all: [item] });
  }
  return [...groups.values()].map(({ first, all }) => ({
    kind: first.kind,
    ...(first.service ? { service: first.service } : {}),
    ...(first.name ? { name: first.name } : {}),
    ...scheduleOf(first.kind, all),
    certainty: all.some((item) => item.certainty === 'clear') ? 'clear' : 'unclear',
    assertions: [...new Set(all.flatMap((item) => (item.assertion ? [item.assertion] : [])))].sort(),
    from: all.map((item) => item.place),
  }));
}
