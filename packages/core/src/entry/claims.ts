/** What a verified manifest says: claims, how the job came out, and the counts of its parties beside each other. */
export type { Claim, ClaimGroup, Fact, Standing } from '../journal/claim.ts';
export { claimsOf } from '../journal/claims.ts';
export { isRepeat, missingSteps, type Outcome, outcomeOf, type Trouble, troublesOf } from '../journal/outcome.ts';
export {
  type Agreement,
  type Count,
  type Counted,
  countColumns,
  type Difference,
  type Reconciled,
  type Recount,
  reconcile,
} from '../journal/reconciliation.ts';
