import type { RequirementKind } from '../model/requirement.ts';
import { stem } from './stem.ts';

/** A row of words as stems. */
export const split = (words: string): readonly string[] => words.split(' ').map(stem);

/** Words that turn a sentence around, for what follows them in the same clause. */
export const negators: ReadonlySet<string> = new Set(
  split(
    'no not never without neither nor none nothing nobody cannot cant dont doesnt isnt wont arent mustnt shouldnt nowhere instead rather unlike avoid forbid prohibit disallow refuse refrain lack omit stop',
  ),
);

/** Words that turn a match before them around, behind a form of "be": "caching is forbidden". */
export const refusals: ReadonlySet<string> = new Set(
  split('forbid prohibit disable avoid unnecessary bypass disallow unused needless reject remove drop'),
);

/** Words that make a wish of a requirement, or speak of another time, another system or a question. */
export const wishes: ReadonlySet<string> = new Set(
  split(
    'may might could optionally optional someday later future eventually would planned plan perhaps maybe possibly consider ideally hope desirable preferably potentially roadmap evaluate investigate legacy formerly previously mock fake ?',
  ),
);

/** Words that make a condition of what follows them in their clause: "if the cache is down". */
export const conditions: ReadonlySet<string> = new Set(split('if unless when whenever while once where'));

/** Conditions that leave a choice to whoever deploys, for the whole sentence: "if a cache is configured, answers are cached". */
export const choices: readonly string[] = ['if|where|when ..6 be configure|enable|available|install|present'];

/** Words that take a part of a refusal back: "never emailed without consent". */
export const exceptions: ReadonlySet<string> = new Set(
  split('unless except without until outside other besides beyond before twice'),
);

/** Words before a match that allow it, and ask for nothing: "prices can be cached". */
export const permissions: ReadonlySet<string> = new Set(split('can allow permit able'));

/** Words that begin another thought, where a negation behind a match ends. */
export const stops: ReadonlySet<string> = new Set(split('and so because that which who since'));

/** Subjects that read, teach or imitate a technology, and do not need it to run: "the linter checks SQL for PostgreSQL". */
export const technologyWords: ReadonlySet<string> = new Set(
  split(
    'parser linter lexer tokenizer validator compiler transpiler formatter highlighter simulator exam quiz lesson tutorial textbook',
  ),
);

/** Words of products that are about a technology, and do not need it to run. */
export const subjects: ReadonlySet<string> = new Set(
  split('support dialect syntax compatible migrate convert migration like unlike versus'),
);

/** Tags that say a requirement by name. */
export const tags: Readonly<Record<string, RequirementKind>> = {
  persistence: 'persistence',
  persistent: 'persistence',
  durability: 'persistence',
  database: 'persistence',
  storage: 'persistence',
  cache: 'cache',
  caching: 'cache',
  queue: 'queue',
  messaging: 'queue',
  'background-job': 'queue',
  email: 'mail',
  mail: 'mail',
  'object-storage': 'object-storage',
  'external-api': 'external-api',
  schedule: 'schedule',
  scheduled: 'schedule',
  cron: 'schedule',
  stateless: 'stateless',
  'read-only': 'read-only',
  replicas: 'replicas',
  'high-availability': 'replicas',
  search: 'search',
};
