import { updateSettings } from './commands.ts';

export { settingsOf } from './store.ts';

/** How an inbox behaves, as its people set it. */
export const settingsCommands = { updateSettings } as const;
