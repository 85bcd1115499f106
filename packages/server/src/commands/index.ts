export { type Actor, ADMINS, actorName, EVERY_ROLE, type Permission, SCOPES, type Scope } from './actor.ts';
export { type Answer, CommandBus, type Request } from './bus.ts';
export {
  type AuditDetail,
  type Command,
  type CommandContext,
  defineCommand,
  defineQuery,
  type ForesightContext,
  type Query,
  type QueryContext,
} from './command.ts';
export type { Call, Engine, GroupOutcome, LogEntry, Outcome, QueryCall, QueryOutcome } from './engine.ts';
export { newEpoch } from './ids.ts';
export { readInput } from './outcome.ts';
export { createRegistry, type Registry } from './registry.ts';
export { StoreEngine } from './store-engine.ts';
export { WorkerEngine, type WorkerEngineOptions } from './worker-engine.ts';
