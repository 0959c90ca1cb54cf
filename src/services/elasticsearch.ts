/**
 * Elasticsearch (https://www.elastic.co/docs/deploy-manage) runs outside the deployment: no container is generated for it. Set its address, and its keys
 * if it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'elasticsearch',
  title: 'Elasticsearch',
  host: 'elasticsearch',
  clients: [
    '@elastic/elasticsearch',
    'elasticsearch',
    '@nestjs/elasticsearch',
    'github.com/elastic/go-elasticsearch',
    'github.com/olivere/elastic',
  ],
  schemes: [],
  variables: [
    { match: 'ELASTICSEARCH_URL', part: 'url' },
    { match: 'ELASTICSEARCH_NODE', part: 'url' },
    { match: 'ELASTICSEARCH_NODES', part: 'url' },
    { match: 'ELASTIC_URL', part: 'url' },
    { match: 'ELASTICSEARCH_HOST', part: 'host' },
    { match: 'ELASTIC_HOST', part: 'host' },
    { match: 'ELASTICSEARCH_PORT', part: 'port' },
    { match: 'ELASTICSEARCH_USERNAME', part: 'user' },
    { match: 'ELASTICSEARCH_USER', part: 'user' },
    { match: 'ELASTICSEARCH_PASSWORD', part: 'password' },
    { match: 'ELASTIC_PASSWORD', part: 'password' },
    { match: 'ELASTICSEARCH_API_KEY', part: 'password' },
    { match: 'ELASTIC_API_KEY', part: 'password' },
  ],
  words: ['elasticsearch'],
  serves: [],
  required: true,
  outside: { example: 'https://search.example.com:9200' },
  asks: true,
};
