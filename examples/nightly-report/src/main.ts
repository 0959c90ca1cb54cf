import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { dayBefore, makeReport, type Order } from './report.ts';

const folder = process.env.REPORT_DIR ?? './reports';
const day = process.env.REPORT_DAY ?? dayBefore(new Date());

const client = new pg.Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5000 });
await client.connect();
try {
  await client.query(
    'CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, customer text NOT NULL, total bigint NOT NULL, placed_on date NOT NULL)',
  );
  const { rows } = await client.query<{ id: string; customer: string; total: string }>(
    'SELECT id, customer, total FROM orders WHERE placed_on = $1 ORDER BY id',
    [day],
  );
  const orders = rows.map((row): Order => ({ ...row, total: Number(row.total) }));
  const report = makeReport(day, orders);
  await mkdir(folder, { recursive: true });
  // whole at any moment: who reads it never sees half a report
  const file = join(folder, `${day}.json`);
  await writeFile(`${file}.part`, `${JSON.stringify(report, null, 2)}\n`);
  await rename(`${file}.part`, file);
  console.log(JSON.stringify({ written: file, orders: report.orders, total: report.total }));
} finally {
  await client.end();
}
