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
export { useStore } from './use-store.ts';
