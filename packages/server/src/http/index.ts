export type {
  BlobReader,
  Caller,
  Counts,
  HttpNeeds,
  HttpSettings,
  Ingest,
  Ingested,
  ListSince,
  Lists,
  Part,
  PartState,
} from './needs.ts';
export { createHttp, type HttpEdge } from './server.ts';
