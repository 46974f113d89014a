/** What the laboratory's signers do: drafts of instructions, their signature, statements that need several (doc/format.md sections 6 and 7). */
export { type Draft, readDraft } from '../draft.ts';
export {
  countersign,
  requireOfRoster,
  requireSignable,
  requireSigner,
  type SeenDocument,
  type SignedDraft,
  signDraft,
} from '../signing.ts';
