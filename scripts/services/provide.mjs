import { findPostgres, findRedis } from './find.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

/**
 * Vitest's global set-up: one PostgreSQL and one Redis for the whole run. `ROOST_TEST_POSTGRES=0` and
 * `ROOST_TEST_REDIS=0` leave one out.
 *
 * @param {import('vitest/node').TestProject} project
 */
export default async function provide({ provide }) {
  const started = await Promise.allSettled([
    isWanted('ROOST_TEST_POSTGRES', findPostgres) ? startPostgres() : null,
    isWanted('ROOST_TEST_REDIS', findRedis) ? startRedis() : null,
  ]);
  const stopAll = async () => {
    for (const service of started) if (service.status === 'fulfilled') await service.value?.stop();
  };
  const failed = started.find((service) => service.status === 'rejected');
  if (failed) {
    await stopAll();
    throw failed.reason;
  }
  const [postgres, redis] = started.map((service) => (service.status === 'fulfilled' ? service.value : null));
  provide('postgresUrl', postgres?.url ?? null);
  provide('redisUrl', redis?.url ?? null);
  return stopAll;
}

/**
 * @param {string} env
 * @param {() => unknown} find
 */
function isWanted(env, find) {
  return process.env[env] !== '0' && Boolean(find());
}
