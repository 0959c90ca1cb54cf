/**
 * Qdrant (https://qdrant.tech/documentation/guides/installation/) runs outside of the deployment: no container is made of it, and no file names an image of it. Whoever deploys
 * gives its address, and its keys where it asks for some. It was not tried on an engine here.
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
