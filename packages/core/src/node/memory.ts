/** Memory that is used again before the garbage is collected. */
export { giveBack, keepFreedMemory } from './given-back.ts';
