/** Words whose form the suffixes do not give. "emailed" stays apart from "email", which is also a field of a form. */
const irregular: Readonly<Record<string, string>> = {
  are: 'be',
  avoiding: 'avoid',
  been: 'be',
  being: 'be',
  caching: 'cache',
  emailing: 'emailed',
  forbidden: 'forbid',
  got: 'get',
  had: 'have',
  has: 'have',
  held: 'hold',
  is: 'be',
  keeping: 'keep',
  kept: 'keep',
  lost: 'lose',
  mailing: 'mailed',
  persistence: 'persist',
  persisting: 'persist',
  queueing: 'queue',
  queuing: 'queue',
  ran: 'run',
  reading: 'read',
  running: 'run',
  saved: 'save',
  sending: 'send',
  sent: 'send',
  shelves: 'shelf',
  storing: 'store',
  synchronised: 'synchronize',
  used: 'use',
  was: 'be',
  were: 'be',
  writing: 'write',
  written: 'write',
  wrote: 'write',
};

/** The stem of a lower-case word, only as far as needed to compare: stored, stores and store are one. Both sides of a comparison take it. */
export function stem(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined;
  return withoutEnd(known ?? word);
}

function withoutEnd(word: string): string {
  if (/(ss|us|is|s3)$/.test(word) || word.length < 4) return word;
  const base = word.endsWith('mailed') ? word : withoutSuffix(word);
  // a short word keeps its end: a note is not "not"
  return base.endsWith('e') && base.length > 4 ? base.slice(0, -1) : base;
}

function withoutSuffix(word: string): string {
  if (/ie[sd]$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ches|shes|xes|sses)$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s')) return word.slice(0, -1);
  if (!word.endsWith('ed') || word.length <= 5 || word.endsWith('eed')) return word;
  // planned: plan; but called: call, bypassed: bypass
  return word.slice(0, -2).replace(/([^ls])\1$/, '$1');
}
