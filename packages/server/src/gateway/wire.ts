/** A connection's way out, as narrow as the gateway needs it: a real socket, or one of a simulated world. */
export interface Wire {
  /** Writes whole frames; several leave together. */
  write(bytes: readonly Buffer[]): void;
  /** Bytes handed over that the network has not taken yet. */
  readonly queuedBytes: number;
  /** While paused nothing is read: a reader that does not drain may not ask for more either. */
  pause(): void;
  resume(): void;
  /** Says goodbye with a code, then ends; by force if the other side does not answer. Resolves when it is over. */
  close(code: number, reason: string): Promise<void>;
}
