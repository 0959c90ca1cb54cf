import { Pool } from 'pg';
import { type Log, reason } from './log.ts';
import type { Order } from './order.ts';
import type { OrderStore } from './service.ts';

// One simple query is one transaction: the lock keeps replicas that start together from racing, and goes with the commit.
const schema = `
  SELECT pg_advisory_xact_lock(716253);
  CREATE TABLE IF NOT EXISTS orders (
    id uuid PRIMARY KEY,
    customer text NOT NULL,
    lines jsonb NOT NULL,
    total integer NOT NULL CHECK (total > 0),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'paid', 'declined')),
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS orders_by_time ON orders (created_at DESC);
`;

interface Row extends Omit<Order, 'createdAt'> {
  readonly created_at: Date;
}

function toOrder({ id, customer, lines, total, status, created_at }: Row): Order {
  return { id, customer, lines, total, status, createdAt: created_at.toISOString() };
}

export function createPool(connectionString: string, log: Log): Pool {
  const pool = new Pool({
    connectionString,
    max: 10,
    connectionTimeoutMillis: 2000,
    query_timeout: 5000,
    keepAlive: true,
  });
  // without a listener an idle connection that the server drops would end the process; the pool replaces it
  pool.on('error', (error) => log('warn', 'database connection lost', { reason: reason(error) }));
  return pool;
}

/** Creates what is missing. Waits for a server that is still starting; throws once `attempts` are used up. */
export async function prepareSchema(pool: Pool, log: Log, attempts = 30): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pool.query(schema);
      return;
    } catch (error) {
      if (attempt >= attempts) throw error;
      log('warn', 'waiting for the database', { attempt, reason: reason(error) });
      await Bun.sleep(1000);
    }
  }
}

export function createOrderStore(pool: Pool): OrderStore {
  async function find(id: string): Promise<Order | undefined> {
    const { rows } = await pool.query<Row>('SELECT * FROM orders WHERE id = $1', [id]);
    return rows[0] && toOrder(rows[0]);
  }

  return {
    find,
    async insert(order) {
      await pool.query(
        'INSERT INTO orders (id, customer, lines, total) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING',
        [order.id, order.customer, JSON.stringify(order.lines), order.total],
      );
      const stored = await find(order.id);
      if (!stored) throw new Error(`order ${order.id} was not stored`);
      return stored;
    },
    async settle(id, status) {
      await pool.query("UPDATE orders SET status = $2 WHERE id = $1 AND status = 'pending'", [id, status]);
      const settled = await find(id);
      if (!settled) throw new Error(`order ${id} is gone`);
      return settled;
    },
    async latest(limit) {
      const { rows } = await pool.query<Row>('SELECT * FROM orders ORDER BY created_at DESC LIMIT $1', [limit]);
      return rows.map(toOrder);
    },
  };
}
