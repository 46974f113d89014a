/** Identities from fixed seeds, so that a failing test fails again in the same way. */
import { identityFromSeed, type SecretIdentity } from '../src/identity.ts';
import { parseUtcTime } from '../src/ids.ts';

export const CREATED = parseUtcTime('2026-01-02T03:04:05Z');

/** The seed of a number. */
export function seedOf(number: number): Uint8Array {
  return new Uint8Array(32).fill(number);
}

/** The person of a number. Needs `await ready()`. */
export function person(number: number): SecretIdentity {
  return identityFromSeed(seedOf(number), `Person ${number}`, CREATED);
}
