/**
 * Meilisearch (https://www.meilisearch.com/docs/learn/self_hosted/) runs outside the deployment: no container is generated for it. Set its address, and
 * its keys if it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'meilisearch',
  title: 'Meilisearch',
  host: 'meilisearch',
  clients: ['meilisearch', '@meilisearch/instant-meilisearch', 'github.com/meilisearch/meilisearch-go'],
  schemes: [],
  variables: [
    { match: 'MEILI_HOST', part: 'url' },
    { match: 'MEILI_URL', part: 'url' },
    { match: 'MEILISEARCH_HOST', part: 'url' },
    { match: 'MEILISEARCH_URL', part: 'url' },
    { match: 'MEILI_MASTER_KEY', part: 'password' },
    { match: 'MEILI_API_KEY', part: 'password' },
    { match: 'MEILISEARCH_API_KEY', part: 'password' },
    { match: 'MEILISEARCH_KEY', part: 'password' },
    { match: 'MEILISEARCH_MASTER_KEY', part: 'password' },
    { match: 'MEILI_KEY', part: 'password' },
  ],
  words: ['meilisearch'],
  serves: [],
  required: true,
  outside: { example: 'https://search.example.com:7700' },
  asks: true,
};
