import type { RequirementKind } from '../model/requirement.ts';
import { split } from './words.ts';

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

const people = split(
  'patient customer caller visitor guest passenger people person car vehicle traveler traveller shopper checkout cashier airport boarding hospital triage aircraft judge seeker applicant',
);
const places = split(
  'hiker treasure weapon armoury siege food supply geocache geocacher geocaching forest squirrel tool cellar warehouse shelf tank luggage freezer building museum',
);
const structures = split('element head tail fifo peek pop heap priority');
const client = split('browser cdn client device http header etag phone offline cpu');
const post = split('address carrier postman envelope letter parcel letterbox stamp postcode chain');
/** What else has times: none of our doing. */
export const calendar = split(
  'class flight train bus ferry tram lesson course shift open medication dose appointment tide marathon meeting match',
);
/** goods and energy are imported, exported and generated too */
const goods = split('goods country ship port tariff energy power heat electricity solar revenue income profit');

const ours = 'service|system|server|app|application|backend|process|container';
const must = 'shall|must|should|will';
const restart = 'restart|reboot|redeploy|redeployment';
const party = 'api|provider|gateway|processor|service';
const work =
  'generate|compute|import|export|synchronize|sync|purge|rebuild|recalculate|aggregate|refresh|archive|reindex|delete|remove';
/** done to something, or by a job: "import duties" import nothing */
const done = `be|${ours}|job|task|script ..1 ${work}`;
const period = 'night|hour|day|week|month|minute|morning|evening|midnight';
const often = 'nightly|hourly|daily|weekly|monthly';

export const rules: readonly Rule[] = [
  {
    kind: 'persistence',
    certainty: 'clear',
    patterns: [
      'be persist',
      `${ours} persist`,
      `${ours} ${must} persist`,
      'persist to|in|across ..3 database|disk|storage|restart|reboot',
      'persistent|durable storage|store',
      'store|save|record|write|keep|persist durably|permanently',
      'durably store|save|record|write|keep',
      `survive ..4 ${restart}`,
      `survive ..3 crash|failure of the|a|this ${ours}`,
      `survive ..1 ${ours} crash|failure`,
      'survive ..1 power loss|outage|failure',
      `outlive ..3 ${ours}|restart`,
      'relational|document|sql|persistent database',
      'in|to|into|from the|a database|db',
      'database row|record|table|transaction',
      'commit to disk|storage',
      `available|there|intact ..2 after ..3 ${restart}`,
      `across ${restart}`,
    ],
    // what a queue keeps is the queue's
    unless: [...places, 'snow', 'rain', 'fever', 'symptom', 'patience', 'queue'],
  },
  {
    kind: 'persistence',
    certainty: 'clear',
    negative: true,
    patterns: [
      `no|never ..4 lose ..4 ${restart}`,
      `not|never ..2 lose ..5 ${restart}`,
      `no|never|not ..4 lose ..3 ${ours} crash|restart|fail|stop`,
      'no acknowledge write|transaction|record|change ..3 lose',
    ],
  },
  {
    kind: 'persistence',
    certainty: 'unclear',
    patterns: [
      'be store|save|record|keep|archive|durable|persist',
      `${ours} ${must} store|save|retain|record`,
      `survive ..4 ${restart}`,
      'store|save|record|persist the|a|an|each|every|all',
      'survive ..3 crash|failure',
      'no ..3 lose',
      'database',
      'history of',
      'audit trail|log',
    ],
    unless: [...places, 'life'],
  },
  {
    kind: 'cache',
    certainty: 'clear',
    patterns: [
      'be cache',
      'and cache in|for',
      'from|out ..3 cache',
      'in|into|through|via a|the cache',
      `${ours} cache`,
      `${ours} ${must} cache`,
      'cache entry|key|ttl|hit|miss|expire|expiry|forget|evict',
      'cache be|get invalidate|clear|evict|flush|refresh|update|warm',
    ],
    unless: [...places, ...client],
  },
  { kind: 'cache', certainty: 'unclear', patterns: ['cache', 'memoize|memoise'], unless: [...places, 'header', 'cpu'] },
  {
    kind: 'queue',
    certainty: 'clear',
    patterns: [
      'message|job queue|broker',
      'message bus',
      'enqueue',
      'queue for background|processing|asynchronous',
      'background|asynchronous job|task|worker',
      'dead letter queue|exchange|topic',
      'process asynchronously ..3 worker|queue|job',
      'job|task|message|event|notification ..3 place|put|push|publish ..1 on|to|onto|into the|a queue',
      'consume|retry|poll|dequeue ..4 from ..2 queue',
      'worker ..3 from ..3 queue',
      'background queue',
    ],
    unless: [...people, ...structures],
  },
  {
    kind: 'queue',
    certainty: 'unclear',
    patterns: ['queue', 'asynchronously', 'in the background'],
    unless: [...people, ...structures],
  },
  {
    kind: 'object-storage',
    certainty: 'clear',
    patterns: [
      'object|blob storage|store',
      's3',
      'storage bucket',
      'upload|file|image|photo|document|attachment|report ..5 in|into|to|from ..2 bucket',
    ],
    unless: ['water', 'mop', 'paint', 'sand', 'token', 'leaky', 'rate', 'museum'],
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
      'send|dispatch ..5 email|newsletter',
      'user|member|customer|buyer|owner|subscriber|operator receive|get ..4 email|newsletter',
      'email ..3 be|get send|deliver|dispatch',
      'send|deliver|notify|inform|remind|alert|invite by|via|through email',
      'send|deliver ..4 via|through email',
      'be emailed',
      `${ours} email the|a|an|each|every`,
      `${ours} ${must} email the|a|an|each|every`,
      'notification|confirmation|welcome|reset|reminder email',
    ],
    unless: ['address'],
  },
  {
    kind: 'mail',
    certainty: 'unclear',
    patterns: ['emailed', 'newsletter', 'an|no|any|by|via email', 'email ..3 send', 'send ..5 mail', 'mail be'],
    unless: [...post, ...split('unique format valid field identify login phone password find share')],
  },
  {
    kind: 'mail',
    certainty: 'unclear',
    patterns: ['email notification|alert|reminder|confirmation|receipt|verification', 'reset ..4 by|via|through email'],
    unless: post,
  },
  {
    kind: 'schedule',
    certainty: 'clear',
    patterns: [
      'cron job|task',
      `${often} job|batch|import|export|sync|backup|cleanup`,
      `${often} ..2 report|summary|digest|statistic be generate|compute|create|build|export`,
      `by|in|through a|the schedule job|task`,
      `schedule job|task ${work}`,
      `${done} ..6 ${often}`,
      `${done} ..6 every ${period}`,
      `${done} ..6 at midnight`,
      `${done} ..6 once a|per ${period}`,
      'backup ..3 make|take|create every|each night|day|hour|week',
      `every ${period} ..6 job|batch|import|export|report ..4 be|run|start|generate`,
    ],
    unless: [...calendar, ...goods],
  },
  {
    kind: 'schedule',
    certainty: 'unclear',
    patterns: [often, `every ${period}`, 'periodically', 'schedule job|task', 'on|by a schedule', 'cron expression'],
    unless: calendar,
  },
  {
    kind: 'stateless',
    certainty: 'clear',
    patterns: ['stateless'],
    unless: ['person', 'people', 'refugee', 'citizen', 'visa'],
  },
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
  { kind: 'stateless', certainty: 'unclear', negative: true, patterns: ['no ..1 state|session be keep|hold|store'] },
  {
    kind: 'read-only',
    certainty: 'clear',
    patterns: ['readonly ..1 filesystem|disk|rootf', 'filesystem|disk ..2 be readonly'],
  },
  {
    kind: 'read-only',
    certainty: 'clear',
    negative: true,
    patterns: [`${ours} ..2 never|not write ..1 to disk|filesystem`, 'write nothing to disk|filesystem'],
  },
  {
    kind: 'replicas',
    certainty: 'clear',
    patterns: [
      'two|three|four|five|2|3|4|5 replica|instance ..2 run|answer|serve|share|handle',
      `two|three|four|five|2|3|4|5 replica|instance of the ${ours}|api`,
      `${ours}|api scale horizontally`,
    ],
    unless: ['painting', 'sculpture', 'class', 'museum', 'course', 'exam'],
  },
  {
    kind: 'replicas',
    certainty: 'unclear',
    patterns: [
      'replica',
      'several|multiple|one instance',
      'highly available',
      'high availability',
      'scale horizontally',
    ],
    unless: ['painting', 'sculpture', 'museum', 'ship'],
  },
  {
    kind: 'search',
    certainty: 'clear',
    patterns: ['fulltext search|index', 'full text search|index', 'search index', 'typo tolerant search'],
    unless: ['party', 'rescue', 'warrant'],
  },
  {
    kind: 'external-api',
    certainty: 'clear',
    patterns: [
      `by|through|via|from|to|with|use|call|ask|query ..2 external|remote ..2 ${party}|system`,
      `external|remote ..1 ${party} confirm|resolve|provide|answer|return|validate|verify|handle|authorize|authorise`,
      `thirdparty ${party}`,
      `third party ${party}`,
      'payment processor|gateway confirm|charge|authorize|authorise|capture|settle|decline',
      'by|through|via|with|from|call ..2 payment|sms processor|gateway|provider',
      'sms|payment|weather|shipping|geocoding|maps|translation|tax|currency api',
    ],
    unless: ['caller', 'courtesy', 'exam'],
  },
  {
    kind: 'external-api',
    certainty: 'unclear',
    patterns: [
      `external|remote ${party}|system|geocoder`,
      'payment|sms|weather|shipping provider|gateway|processor',
      'through|via|from ..3 api',
      'from ..4 web service',
      'webhook',
      'partner api',
    ],
  },
];
