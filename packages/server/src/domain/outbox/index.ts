import { claimOutgoing } from './claim.ts';
import { cancelSending, markSent, sendAgain } from './decide.ts';
import { dropOldOutgoing } from './drop-old.ts';
import { dueOutgoing, overdueOutgoing } from './queries.ts';
import { giveUpOutgoing, settleOutgoing } from './settle.ts';

export type { Claimed } from './claim.ts';
export type { Carrier, Outgoing, OutgoingPayload } from './outgoing.ts';
export type { Due } from './queries.ts';
export type { OutgoingOutcome } from './settle.ts';

export const outboxCommands = {
  claimOutgoing,
  settleOutgoing,
  giveUpOutgoing,
  sendAgain,
  markSent,
  cancelSending,
  dropOldOutgoing,
} as const;

export const outboxQueries = { dueOutgoing, overdueOutgoing } as const;
