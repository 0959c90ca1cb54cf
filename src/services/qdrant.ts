/**
 * Qdrant (https://qdrant.tech/documentation/guides/installation/) runs outside the deployment: no container is generated for it. Set its address, and
 * its keys if it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'qdrant',
  title: 'Qdrant',
  host: 'qdrant',
  clients: ['@qdrant/js-client-rest', '@qdrant/js-client-grpc', '@langchain/qdrant', 'github.com/qdrant/go-client'],
  schemes: [],
  variables: [
    { match: 'QDRANT_URL', part: 'url' },
    { match: 'QDRANT_HOST', part: 'host' },
    { match: 'QDRANT_PORT', part: 'port' },
    { match: 'QDRANT_API_KEY', part: 'password' },
  ],
  words: ['qdrant'],
  serves: [],
  required: true,
  outside: { example: 'https://vectors.example.com:6333' },
  asks: true,
};
