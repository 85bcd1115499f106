const POLL_MS = 25;

/**
 * Asks again and again until the service answers.
 *
 * @param {string} name  for the error
 * @param {import('./guarded.mjs').Guarded} service
 * @param {() => Promise<unknown>} ask  throws as long as the service is not ready
 * @param {number} deadlineMs
 * @throws when the service ends or the deadline passes, with what the service printed
 */
export async function untilReady(name, service, ask, deadlineMs) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      const problem = service.running() ? null : 'ended while starting';
      const late = Date.now() > deadline ? `did not answer within ${deadlineMs} ms` : null;
      if (problem ?? late) throw new Error(`${name} ${problem ?? late}:\n${service.output()}`, { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Another process may take a free port before our service binds it, so a failed start is tried again with a
 * new one. A service that cannot start for another reason fails every time, and its last error is thrown.
 *
 * @template T
 * @param {() => Promise<T>} start
 * @param {number} attempts
 * @returns {Promise<T>}
 */
export async function withRetries(start, attempts) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}
