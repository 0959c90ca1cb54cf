/**
 * Neo4j (https://neo4j.com/docs/operations-manual/current/) runs outside the deployment: no container is generated for it. Set its address, and its keys
 * if it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'neo4j',
  title: 'Neo4j',
  host: 'neo4j',
  clients: ['neo4j-driver', 'neo4j-driver-lite', 'github.com/neo4j/neo4j-go-driver'],
  schemes: ['neo4j', 'neo4j+s', 'bolt', 'bolt+s'],
  variables: [
    { match: 'NEO4J_URI', part: 'url' },
    { match: 'NEO4J_URL', part: 'url' },
    { match: 'NEO4J_HOST', part: 'host' },
    { match: 'NEO4J_USER', part: 'user' },
    { match: 'NEO4J_USERNAME', part: 'user' },
    { match: 'NEO4J_PASSWORD', part: 'password' },
    { match: 'NEO4J_DATABASE', part: 'name' },
  ],
  words: ['neo4j'],
  serves: [],
  required: true,
  outside: { example: 'neo4j://graph.example.com:7687' },
};
