export type { Entry } from './entry.ts';
export { Ephemera, type Ephemeron } from './ephemera.ts';
export { errorText } from './frames.ts';
export {
  type Deliver,
  type FetchRequest,
  Hub,
  type Since,
  type SubscribeRequest,
  TAIL_INTERVAL_MS,
} from './hub.ts';
export type { EncodeFrame, Identity, LogReader, RowsRequest } from './needs.ts';
export type { RowsAt } from './opening.ts';
export type { Reader, Subscription } from './reader.ts';
