/**
 * ClickHouse (https://clickhouse.com/docs/install) runs outside of the deployment: no container is made of it, and no file names an image of it. Whoever deploys
 * gives its address, and its keys where it asks for some. It was not tried on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'clickhouse',
  title: 'ClickHouse',
  host: 'clickhouse',
  clients: ['@clickhouse/client', 'clickhouse', 'github.com/ClickHouse/clickhouse-go', 'gorm.io/driver/clickhouse'],
  schemes: ['clickhouse'],
  variables: [
    { match: 'CLICKHOUSE_URL', part: 'url' },
    { match: 'CLICKHOUSE_HOST', part: 'url' },
    { match: 'CLICKHOUSE_USER', part: 'user' },
    { match: 'CLICKHOUSE_USERNAME', part: 'user' },
    { match: 'CLICKHOUSE_PASSWORD', part: 'password' },
    { match: 'CLICKHOUSE_DATABASE', part: 'name' },
    { match: 'CLICKHOUSE_DB', part: 'name' },
  ],
  words: ['clickhouse'],
  serves: [],
  required: true,
  outside: { example: 'https://events.example.com:8443' },
  asks: true,
};
