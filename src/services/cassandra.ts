/**
 * Apache Cassandra (https://cassandra.apache.org/doc/latest/) runs outside the deployment: no container is generated for it. Set its address, and its
 * keys if it requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'cassandra',
  title: 'Apache Cassandra',
  host: 'cassandra',
  clients: ['cassandra-driver', 'github.com/gocql/gocql', 'github.com/apache/cassandra-gocql-driver'],
  schemes: [],
  variables: [
    { match: 'CASSANDRA_CONTACT_POINTS', part: 'url' },
    { match: 'CASSANDRA_CONTACTPOINTS', part: 'url' },
    { match: 'CASSANDRA_HOSTS', part: 'url' },
    { match: 'CASSANDRA_HOST', part: 'host' },
    { match: 'CASSANDRA_PORT', part: 'port' },
    { match: 'CASSANDRA_USERNAME', part: 'user' },
    { match: 'CASSANDRA_USER', part: 'user' },
    { match: 'CASSANDRA_PASSWORD', part: 'password' },
    { match: 'CASSANDRA_KEYSPACE', part: 'name' },
  ],
  words: ['cassandra'],
  serves: [],
  required: true,
  outside: { example: 'node1.example.com' },
};
