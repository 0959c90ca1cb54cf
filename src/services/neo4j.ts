/**
 * Neo4j (https://neo4j.com/docs/operations-manual/current/) runs outside of the deployment: no container is made of it, and no file names an image of it. Whoever deploys
 * gives its address, and its keys where it asks for some. It was not tried on an engine here.
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
