/**
 * @typedef {object} Owner
 * @property {(method: string, path: string, body?: object) => Promise<any>} ask
 * @property {(path: string, bytes: string) => Promise<any>} send  the bytes as they are
 */

/**
 * Who may do everything on a server that was started for a bench.
 *
 * @param {{port: number, roost: (...args: string[]) => string}} server
 * @returns {Promise<Owner>}
 */
export async function ownerOf({ port, roost }) {
  const token = roost('token', 'create', '--name', 'owner', '--scopes', 'read,write,ingest,admin');
  const call = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {string | undefined} */ body,
    type = 'application/json',
  ) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    ask: (method, path, body) => call(method, path, body === undefined ? undefined : JSON.stringify(body)),
    send: (path, bytes) => call('POST', path, bytes, 'application/octet-stream'),
  };
}

/**
 * @template T
 * @param {number} deadlineMs
 * @param {number} everyMs
 * @param {() => Promise<T | null>} look
 * @returns {Promise<T>}  the first that is not null
 */
export async function until(deadlineMs, everyMs, look) {
  const startedAt = performance.now();
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() - startedAt > deadlineMs) throw new Error(`Nothing came of it in ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
