export {
  type OneConversation,
  type Thread,
  type Typing,
  useCannedReplies,
  useConversation,
  useConversations,
  useInboxes,
  useLabels,
  useMembers,
  usePresence,
  useSend,
  useThread,
  useTyping,
  useUnread,
} from './conversations.ts';
export {
  type LiveRows,
  type OneMessage,
  useConnection,
  useInbox,
  useList,
  useMe,
  useMessage,
  useUnreadMail,
} from './hooks.ts';
export { RoostProvider, useRoost } from './provider.tsx';
export { useEvent } from './use-event.ts';
export { useStore } from './use-store.ts';
