/**
 * ClickHouse (https://clickhouse.com/docs/install) runs outside the deployment: no container is generated for it. Set its address, and its keys if it
 * requires any. It was not tested on an engine here.
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
