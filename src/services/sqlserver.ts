/**
 * SQL Server (https://learn.microsoft.com/sql/linux/) runs outside the deployment: no container is generated for it. Set its address, and its keys if it
 * requires any. It was not tested on an engine here.
 */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'sqlserver',
  title: 'SQL Server',
  host: 'sqlserver',
  clients: [
    'mssql',
    'tedious',
    '@prisma/adapter-mssql',
    'github.com/microsoft/go-mssqldb',
    'github.com/denisenkom/go-mssqldb',
    'gorm.io/driver/sqlserver',
  ],
  schemes: ['sqlserver', 'mssql'],
  variables: [
    { match: 'MSSQL_URL', part: 'url' },
    { match: 'SQLSERVER_URL', part: 'url' },
    { match: 'MSSQL_HOST', part: 'host' },
    { match: 'MSSQL_SERVER', part: 'host' },
    { match: 'SQL_SERVER', part: 'host' },
    { match: 'MSSQL_PORT', part: 'port' },
    { match: 'MSSQL_USER', part: 'user' },
    { match: 'MSSQL_PASSWORD', part: 'password' },
    { match: 'MSSQL_DATABASE', part: 'name' },
  ],
  words: ['sql server', 'mssql'],
  serves: [],
  required: true,
  outside: { example: 'database.example.com' },
};
