import { setAutoReply } from './commands.ts';

export { answerByItself } from './answer.ts';
export { autoReplyOf } from './store.ts';

/** What an inbox answers by itself. */
export const autoReplyCommands = { setAutoReply } as const;
