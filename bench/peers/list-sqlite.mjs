/**
 * A list as many servers answer it: read the page, and make its ETag of what was read. `304` saves the way to the
 * client, not the reading. Works on the database of Roost, read-only, without asking who is there.
 */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { listen } from './listen.mjs';

const database = new Database(process.env.PEER_DATABASE ?? '', { readonly: true });
const { org } = /** @type {{org: string}} */ (database.prepare('select org from head').get());
const page = database.prepare('select "row" from message where org = ? order by id desc limit 200').pluck();

listen(
  () => {},
  (request) => {
    if (!request.url?.startsWith('/page')) return null;
    const body = `{"rows":[${page.all(org).join(',')}]}`;
    const etag = `"${createHash('sha1').update(body).digest('base64')}"`;
    return request.headers['if-none-match'] === etag
      ? { status: 304, body: '', etag }
      : { status: 200, body, etag };
  },
);
