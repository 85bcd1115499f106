import type { Ephemeron } from '../ephemera.ts';

/**
 * What nodes tell each other. A log hint says how far an organisation's log has come; lost, doubled, reordered or late
 * it changes nothing, for whoever hears it reads the log. Ephemeral signals are last-value-wins by themselves.
 */
export type Hint =
  | { readonly kind: 'log'; readonly org: string; readonly offset: number }
  /** Somebody of this organisation lost a session or a role: what nodes keep at hand of its people may be untrue. */
  | { readonly kind: 'revoked'; readonly org: string }
  | { readonly kind: 'ephemeral'; readonly org: string; readonly signal: Ephemeron };

/** Carries hints between nodes. Never throws, never waits: a hint that cannot be sent is dropped. */
export interface Fanout {
  publish(hint: Hint): void;
  /** Hears every other node's hints, and never one's own. */
  onHint(handler: (hint: Hint) => void): void;
  /** False while hints do not travel; the nodes then find changes by looking at the heads. */
  isHealthy(): boolean;
  close(): Promise<void>;
}
