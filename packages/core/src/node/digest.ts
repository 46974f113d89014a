/** Digests of gigabytes in Node, computed while the caller goes on. */
export { digestText } from '../sha256.ts';
export { BackgroundHash } from './background-hash.ts';
export { nodeKeyedHash } from './keyed-hash.ts';
