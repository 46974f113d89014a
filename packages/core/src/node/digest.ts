/** Digests of gigabytes in Node, computed while the caller goes on. */
export { BackgroundHash } from './background-hash.ts';
export { nodeKeyedHash } from './keyed-hash.ts';
