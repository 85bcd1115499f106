import { Failure } from '@roost/protocol';

/**
 * Names what the machine did to us: disk full, connection lost or never made, server going down, a statement that
 * took too long, a lock not given. Anything else is a fault of ours and goes on as it is.
 */
export function asFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (code === '53100') return new Failure('store.full', undefined, { cause: error });
  const machine =
    typeof code === 'string' ? MACHINE_CODES.test(code) : error instanceof Error && LOST.test(error.message);
  return machine ? new Failure('store.unavailable', undefined, { cause: error }) : error;
}

/** SQLSTATE classes, and the names Node gives to errors of the network. */
const MACHINE_CODES =
  /^(08|53|57|58|40|25P03|25006|28|3D000|55P03|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET)/;

/** How the driver puts it where it gives no code. */
const LOST = /connection|terminated|timeout|not queryable|after calling end/i;
