/** The course of a job: its milestones in order, and how far it came. */
import type { UtcTime } from '@sealift/core/ids';
import { currentInstructions, type Story } from '@sealift/core/journal';
import type { Statement } from '@sealift/core/statement';
import { type Step, stepsOf } from './steps.ts';

/** What a job passes, or where it ends before its goal. */
export type MilestoneName =
  | 'signed'
  | 'extracted'
  | 'approved'
  | 'delivered'
  | 'received'
  | 'imported'
  | 'validated'
  | 'revoked'
  | 'aborted'
  | 'purged';

/** One milestone: reached; reached by some of several recipients; still to come; or not to come any more. */
export interface Milestone {
  readonly name: MilestoneName;
  readonly standing: 'reached' | 'partly' | 'ahead' | 'missed';
  /** When, by its signer's clock; of several the last. */
  readonly time?: UtcTime;
}

/** The milestones that the instructions ask for, and those that were reached beside them. */
export function courseOf(story: Story): Milestone[] {
  const { gates } = currentInstructions(story).signed;
  const { progress } = story;
  const steps = stepsOf(story);
  const isOver = progress.ended !== undefined || progress.purge !== undefined;
  const milestone = (name: MilestoneName, kind: Statement['kind'], standing?: Milestone['standing']): Milestone => {
    const time = timeOf(steps, kind);
    const plain = time !== undefined ? 'reached' : isOver ? 'missed' : 'ahead';
    return { name, standing: standing ?? plain, ...(time === undefined ? {} : { time }) };
  };
  const all = (name: MilestoneName, kind: 'receipt' | 'import', done: number): Milestone => {
    const isPartial = done > 0 && done < currentInstructions(story).recipients.size;
    const isShort = done === 0 && timeOf(steps, kind) !== undefined;
    return milestone(name, kind, isPartial || isShort ? 'partly' : undefined);
  };
  const optional = (isAsked: boolean, found: Milestone): Milestone[] =>
    isAsked || found.time !== undefined ? [found] : [];
  return [
    { name: 'signed', standing: 'reached', time: steps[0]?.time ?? currentInstructions(story).signed.issued },
    milestone('extracted', 'extraction'),
    ...optional(gates.delivery.includes('approval'), milestone('approved', 'approval')),
    milestone('delivered', 'delivery'),
    all('received', 'receipt', progress.receipts.size),
    ...optional(gates.purge.includes('import'), all('imported', 'import', progress.imports.size)),
    ...optional(gates.purge.includes('validation'), milestone('validated', 'validation')),
    ...(progress.ended === undefined
      ? []
      : [milestone(progress.ended, progress.ended === 'revoked' ? 'revocation' : 'abort')]),
    milestone('purged', 'purge'),
  ];
}

/** When a statement of a kind was signed last; the first extraction, delivery or purge is the only one. */
function timeOf(steps: readonly Step[], kind: Statement['kind']): UtcTime | undefined {
  return steps.findLast(({ content }) => content.kind === 'statement' && content.statement.kind === kind)?.time;
}
