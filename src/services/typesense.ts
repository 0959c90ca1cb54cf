/**
 * Typesense (https://typesense.org/docs/guide/install-typesense.html) runs outside the deployment: no container is generated for it. Set its address,
 * and its keys if it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'typesense',
  title: 'Typesense',
  host: 'typesense',
  clients: ['typesense', 'github.com/typesense/typesense-go'],
  schemes: [],
  variables: [
    { match: 'TYPESENSE_URL', part: 'url' },
    { match: 'TYPESENSE_HOST', part: 'host' },
    { match: 'TYPESENSE_PORT', part: 'port' },
    { match: 'TYPESENSE_API_KEY', part: 'password' },
    { match: 'TYPESENSE_ADMIN_API_KEY', part: 'password' },
  ],
  words: ['typesense'],
  serves: [],
  required: true,
  outside: { example: 'search.example.com' },
  asks: true,
};
