/**
 * OpenSearch (https://docs.opensearch.org/latest/install-and-configure/) runs outside the deployment: no container is generated for it. Set its address,
 * and its keys if it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'opensearch',
  title: 'OpenSearch',
  host: 'opensearch',
  clients: ['@opensearch-project/opensearch', 'github.com/opensearch-project/opensearch-go'],
  schemes: [],
  variables: [
    { match: 'OPENSEARCH_URL', part: 'url' },
    { match: 'OPENSEARCH_NODE', part: 'url' },
    { match: 'OPENSEARCH_HOST', part: 'host' },
    { match: 'OPENSEARCH_PORT', part: 'port' },
    { match: 'OPENSEARCH_USERNAME', part: 'user' },
    { match: 'OPENSEARCH_USER', part: 'user' },
    { match: 'OPENSEARCH_PASSWORD', part: 'password' },
  ],
  words: ['opensearch'],
  serves: [],
  required: true,
  outside: { example: 'https://search.example.com:9200' },
  asks: true,
};
