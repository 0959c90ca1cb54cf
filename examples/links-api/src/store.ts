import pg from 'pg';
import type { Link, NewLink } from './link.ts';

export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.DATABASE_POOL ?? 10),
});

// a lost idle connection is replaced by the pool, and must not end the process
pool.on('error', (error) => console.error('database:', error.message));

type Row = { id: string; url: string; title: string; tags: string[]; created_at: Date };

const linkOf = (row: Row): Link => ({
  id: row.id,
  url: row.url,
  title: row.title,
  tags: row.tags,
  createdAt: row.created_at.toISOString(),
});

/** The newest links, of one tag or of all. */
export async function findLinks(tag: string | undefined): Promise<Link[]> {
  const { rows } = await pool.query<Row>(
    'SELECT * FROM links WHERE $1::text IS NULL OR tags @> ARRAY[$1::text] ORDER BY created_at DESC LIMIT 100',
    [tag ?? null],
  );
  return rows.map(linkOf);
}

/** Keeps a link; the same address again changes its title and tags. */
export async function keepLink(link: NewLink): Promise<Link> {
  const { rows } = await pool.query<Row>(
    `INSERT INTO links (url, title, tags) VALUES ($1, $2, $3)
     ON CONFLICT (url) DO UPDATE SET title = excluded.title, tags = excluded.tags RETURNING *`,
    [link.url, link.title, link.tags],
  );
  const [row] = rows;
  if (!row) throw new Error('the link was not kept');
  return linkOf(row);
}
