/** Programs that take more memory than most, by a part of the name of their image: what a limit has to leave them. */
const heavy = [
  'elasticsearch',
  'opensearch',
  'kafka',
  'redpanda',
  'clickhouse',
  'mssql',
  'oracle',
  'cassandra',
  'scylla',
  'neo4j',
  'keycloak',
  'sonarqube',
  'gitlab',
  'jenkins',
  'ollama',
  'localstack',
  'logstash',
  'kibana',
];

/** The most memory that a container of an image gets where nobody says it. Measured is none of it: the large ones get enough to start. */
export const memoryOf = (image: string | undefined): string => {
  if (image === undefined) return '1G';
  return heavy.some((name) => image.includes(name)) ? '4G' : '1G';
};
