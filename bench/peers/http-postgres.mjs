/** The least that stores a message in PostgreSQL: one insert and one commit a request, on a pool of connections. */
import pg from 'pg';
import { listen } from './listen.mjs';

const POOL_CONNECTIONS = 16;

const pool = new pg.Pool({ connectionString: process.env.PEER_DATABASE_URL, max: POOL_CONNECTIONS });
pool.on('error', () => {}); // the bench stops the database after us
await pool.query(
  'create table peer_message (id bigserial primary key, at bigint, sender text, subject text, body text)',
);

listen(async (messages) => {
  const places = messages.map(
    (_, row) => `($${row * 4 + 1}, $${row * 4 + 2}, $${row * 4 + 3}, $${row * 4 + 4})`,
  );
  await pool.query({
    name: `insert ${messages.length}`,
    text: `insert into peer_message (at, sender, subject, body) values ${places.join(', ')}`,
    values: messages.flatMap(({ from, subject, text }) => [Date.now(), from, subject, text]),
  });
});
