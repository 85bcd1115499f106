export { type Blobs, openBlobs, SWEEP_MIN_AGE_MS } from './blobs.ts';
export type { Digest } from './place.ts';
export type { IsReferenced, Swept } from './sweep.ts';
