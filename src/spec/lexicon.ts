import type { RequirementKind } from '../model/requirement.ts';

/**
 * What sentences say about a deployment. A pattern is a row of words; `a|b` is either, `..3` up to three words of any kind. Words are
 * compared by their stem, so that one form stands for all. Precision comes first: what other domains also say is `unclear` at most.
 */
export type Rule = {
  readonly kind: RequirementKind;
  readonly certainty: 'clear' | 'unclear';
  readonly patterns: readonly string[];
  /** words that tell another domain: with one of them in the sentence the rule is silent */
  readonly unless?: readonly string[];
  /** the patterns hold a negation of their own ("no order is lost"), which does not turn them around */
  readonly negative?: boolean;
};

const people =
  'patient customer caller visitor guest passenger people person car vehicle traveler traveller shopper checkout cashier airport boarding hospital triage'.split(
    ' ',
  );
const places =
  'hiker treasure weapon food supply geocache forest squirrel tool cellar warehouse shelf tank hold luggage freezer'.split(
    ' ',
  );
const work =
  'run|execute|generate|compute|import|export|synchronize|sync|purge|clean|rebuild|recalculate|aggregate|start|refresh|collect|archive';
const client = 'browser cdn client device http header etag phone offline cpu'.split(' ');

export const rules: readonly Rule[] = [
  {
    kind: 'persistence',
    certainty: 'clear',
    patterns: [
      'persist',
      'persistent|durable|permanent storage|store|record',
      'durably',
      'store|save|record|write|keep durably|permanently',
      'survive ..4 restart|crash|reboot|redeploy',
      'outlive ..3 process|restart',
      'relational|document|sql|persistent database',
      'in|to|into|from the|a database|db',
      'database row|record|table|transaction',
      'commit to disk|storage',
      'available after ..3 restart|reboot',
      'across restart|reboot',
    ],
    unless: [...places, 'snow', 'fever', 'symptom', 'patience'],
  },
  {
    kind: 'persistence',
    certainty: 'clear',
    negative: true,
    patterns: [
      'no|never ..4 lose|lost ..3 restart|crash|failure',
      'not|never ..2 lose|lost when|if|after ..4 restart|crash|stop',
    ],
  },
  {
    kind: 'persistence',
    certainty: 'unclear',
    patterns: [
      'be store|save|record|keep|archive',
      'store|save|record the|a|an|each|every|all',
      'database',
      'history of',
      'audit trail|log',
    ],
    unless: places,
  },
  { kind: 'cache', certainty: 'clear', patterns: ['cache'], unless: [...places, ...client] },
  { kind: 'cache', certainty: 'unclear', patterns: ['cache', 'memoize|memoise'], unless: places },
  {
    kind: 'queue',
    certainty: 'clear',
    patterns: [
      'message|job|work|task|event|delivery queue',
      'enqueue',
      'queue for background|processing|delivery|asynchronous',
      'background|asynchronous job|task|worker',
      'message broker|bus',
      'dead letter',
      'process asynchronously ..3 worker|queue|job',
      'publish|put|push|place on|to|onto the|a queue',
      'consume from ..3 queue',
      'background queue',
    ],
    unless: people,
  },
  {
    kind: 'queue',
    certainty: 'unclear',
    patterns: ['queue', 'asynchronously', 'in the background', 'worker'],
    unless: people,
  },
  {
    kind: 'object-storage',
    certainty: 'clear',
    patterns: [
      'object|blob storage|store',
      's3',
      'storage bucket',
      'upload|file|image|photo|document|attachment ..5 bucket',
    ],
    unless: ['water', 'mop', 'paint', 'token', 'leaky', 'rate'],
  },
  {
    kind: 'object-storage',
    certainty: 'unclear',
    patterns: ['upload file|image|photo|document|attachment', 'file|image|photo|document|attachment ..3 be upload'],
  },
  {
    kind: 'mail',
    certainty: 'clear',
    patterns: [
      'smtp',
      'send|deliver|receive|get|dispatch ..5 email|newsletter',
      'email ..3 be|get send|deliver|dispatch',
      'by|via|through email',
      'be email',
      'email the|a|an|each|every',
      'notification|confirmation|welcome|reset|reminder email',
    ],
    unless: ['address', 'carrier', 'postman', 'envelope', 'letter', 'parcel', 'letterbox'],
  },
  {
    kind: 'mail',
    certainty: 'unclear',
    patterns: ['email', 'mail'],
    unless: [
      'address',
      'carrier',
      'postman',
      'envelope',
      'letter',
      'parcel',
      'letterbox',
      'unique',
      'format',
      'valid',
      'field',
      'chain',
    ],
  },
  {
    kind: 'schedule',
    certainty: 'clear',
    patterns: [
      'cron',
      'nightly|hourly|daily|weekly|monthly job|run|batch|report|import|export|sync|backup|cleanup|task',
      'schedule job|task|run|batch',
      `${work} ..6 nightly|hourly|daily|weekly|monthly`,
      `${work} ..6 every night|hour|day|week|month|minute|morning|evening`,
      `${work} ..6 at midnight`,
      `${work} ..6 once a|per night|hour|day|week|month`,
      'every night|hour|day|week|month|midnight ..6 job|batch|import|export|report ..4 be|run|start|generate',
    ],
    unless: [
      'class',
      'flight',
      'train',
      'bus',
      'lesson',
      'course',
      'shift',
      'open',
      'medication',
      'dose',
      'appointment',
      'tide',
      'marathon',
    ],
  },
  {
    kind: 'schedule',
    certainty: 'unclear',
    patterns: ['nightly|hourly|daily', 'every night|hour|day|week|month|minute', 'periodically', 'schedule'],
    unless: [
      'class',
      'flight',
      'train',
      'bus',
      'lesson',
      'course',
      'shift',
      'open',
      'medication',
      'dose',
      'tide',
      'marathon',
    ],
  },
  { kind: 'stateless', certainty: 'clear', patterns: ['stateless'] },
  {
    kind: 'stateless',
    certainty: 'clear',
    negative: true,
    patterns: [
      'keep|hold|have|store|share no ..2 state',
      'no ..2 state between|across request',
      'no session state',
      'no shared state',
    ],
    unless: ['federal', 'solid', 'country'],
  },
  {
    kind: 'read-only',
    certainty: 'clear',
    patterns: ['readonly file|filesystem|disk|root', 'filesystem|disk ..2 be readonly'],
  },
  {
    kind: 'read-only',
    certainty: 'clear',
    negative: true,
    patterns: [
      'no|never|not ..2 write|touch ..3 disk|filesystem|file',
      'write no ..2 file',
      'write nothing to disk|filesystem|file',
    ],
    unless: ['log', 'author', 'letter'],
  },
  {
    kind: 'replicas',
    certainty: 'clear',
    patterns: [
      'two|three|four|five|2|3|4|5 ..2 replica|instance',
      'scale horizontally',
      'highly available',
      'high availability',
    ],
    unless: ['painting', 'sculpture', 'class', 'museum'],
  },
  {
    kind: 'replicas',
    certainty: 'unclear',
    patterns: ['replica', 'several instance', 'multiple instance'],
    unless: ['painting', 'sculpture', 'museum'],
  },
  {
    kind: 'search',
    certainty: 'clear',
    patterns: ['fulltext search|index', 'full text search|index', 'search index', 'typo tolerant search'],
    unless: ['party', 'rescue', 'warrant', 'library', 'book'],
  },
  {
    kind: 'external-api',
    certainty: 'clear',
    patterns: [
      'external|thirdparty|remote api|service|provider|gateway|processor|system',
      'third party api|service|provider|gateway|processor',
      'payment provider|gateway|processor',
      'sms|payment|weather|shipping|geocoding|maps|translation|tax|currency api|provider|gateway',
      'call ..3 api',
    ],
    unless: ['caller', 'courtesy'],
  },
  { kind: 'external-api', certainty: 'unclear', patterns: ['provider', 'webhook', 'exchange rate', 'partner api'] },
];

/** Words that turn a sentence around, for what follows them in the same clause. */
export const negators = new Set(
  'no not never without neither nor none nothing nobody cannot cant dont doesnt isnt wont arent mustnt shouldnt nowhere'.split(
    ' ',
  ),
);

/** Words that turn a match before them around, behind a form of "be": "caching is forbidden". */
export const refusals = new Set(
  'forbid prohibit disable avoid unnecessary bypass disallow unused needless reject remove drop'.split(' '),
);

/** Words that make a wish of a requirement, or speak of another time. */
export const wishes = new Set(
  'may might could optionally optional someday later future eventually would planned perhaps maybe possibly consider'.split(
    ' ',
  ),
);

/** Words that make a condition of what follows them in their clause: "if the cache is down". */
export const conditions = new Set('if unless when whenever while once where'.split(' '));

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
