/** What the summary says, as facts; the languages make sentences of them. */
import type { UtcTime } from '@sealift/core/ids';
import { currentInstructions, type Story } from '@sealift/core/journal';
import type { Statement } from '@sealift/core/statement';
import { sealedFilesOf } from './sealed-files.ts';
import { type Step, stepsOf } from './steps.ts';

/** Something that was done, when and by whom. */
export interface Deed {
  readonly time: UtcTime;
  readonly by: readonly string[];
}

/** The facts of a job that somebody wants to know first. */
export interface SummaryFacts {
  readonly lab: string;
  readonly processor: string;
  readonly recipients: readonly string[];
  readonly source: string;
  readonly datasets: number;
  /** Fields asked for, over all datasets. */
  readonly fields: number;
  readonly signed: Deed;
  readonly extracted?: Deed & Totals;
  readonly approved?: Deed;
  readonly delivered?: Deed & {
    readonly host: string;
    readonly country: string;
    readonly files: number;
    readonly bytes: number;
  };
  readonly receipts: readonly Deed[];
  readonly imports: readonly Deed[];
  readonly validated?: Deed;
  readonly purged?: Deed & { readonly copies: number; readonly basis: 'statements' | 'deadline' | 'ended' };
  readonly ended?: Deed & { readonly how: 'revoked' | 'aborted'; readonly reason: string };
  /** Steps that were refused, and alerts that were raised. */
  readonly refusals: number;
}

/** Rows and columns over all datasets. */
export interface Totals {
  readonly rowsLeft: number;
  readonly rowsStayed: number;
  readonly columnsLeft: number;
  readonly columnsStayed: number;
}

/** The facts of a story. */
export function summaryOf(story: Story): SummaryFacts {
  const { signed } = currentInstructions(story);
  const steps = stepsOf(story);
  const deeds = (kind: Statement['kind']): Deed[] => steps.filter(isOf(kind)).map(deedOf);
  const deed = (kind: Statement['kind']): Deed | undefined => deeds(kind)[0];
  const { progress } = story;
  const [extracted, approved, delivered, validated, purged, ended] = [
    deed('extraction'),
    deed('approval'),
    deed('delivery'),
    deed('validation'),
    deed('purge'),
    deed('revocation') ?? deed('abort'),
  ];
  const totals = totalsOf(story);
  return {
    lab: signed.lab.name,
    processor: signed.processor.name,
    recipients: signed.recipients.map(({ name }) => name),
    source: `${signed.source.product} ${signed.source.version}`,
    datasets: signed.datasets.length,
    fields: signed.datasets.reduce((sum, { fields }) => sum + fields.length, 0),
    signed: deedOf(steps.findLast(({ content }) => content.kind === 'instructions') ?? { time: signed.issued, by: [] }),
    ...(extracted === undefined || totals === undefined ? {} : { extracted: { ...extracted, ...totals } }),
    ...(approved === undefined ? {} : { approved }),
    ...(delivered === undefined || progress.delivery === undefined
      ? {}
      : { delivered: { ...delivered, ...destination(story, progress.delivery.server.host) } }),
    receipts: deeds('receipt'),
    imports: completeImports(steps, story),
    ...(validated === undefined ? {} : { validated }),
    ...(purged === undefined || progress.purge === undefined
      ? {}
      : {
          purged: {
            ...purged,
            copies: progress.purge.local.length + progress.purge.remote.length,
            basis: progress.purge.basis,
          },
        }),
    ...(ended === undefined || progress.ended === undefined
      ? {}
      : { ended: { ...ended, how: progress.ended, reason: reasonOf(steps) } }),
    refusals: steps.filter(isOf('refusal')).length + steps.filter(isOf('alert')).length,
  };
}

/** What left and what stayed, over all datasets; undefined before the extraction. */
export function totalsOf({ progress: { extraction } }: Story): Totals | undefined {
  if (extraction === undefined) return undefined;
  const { datasets } = extraction.statement;
  const sum = (of: (dataset: (typeof datasets)[number]) => number): number =>
    datasets.reduce((total, dataset) => total + of(dataset), 0);
  return {
    rowsLeft: sum(({ counts }) => counts.kept),
    rowsStayed: sum(({ counts }) => counts.read - counts.kept),
    columnsLeft: sum(({ columns }) => columns.kept.length),
    columnsStayed: sum(({ columns }) => columns.withheld.length),
  };
}

function destination(
  story: Story,
  host: string,
): { readonly host: string; readonly country: string; readonly files: number; readonly bytes: number } {
  const files = sealedFilesOf(story);
  const { country } = currentInstructions(story).signed.endpoint;
  return { host, country, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Imports of every row that was received; others are a discrepancy. */
function completeImports(steps: readonly Step[], { progress }: Story): Deed[] {
  return steps
    .filter(isOf('import'))
    .filter(({ by }) => by.some(({ fingerprint }) => progress.imports.has(fingerprint)))
    .map(deedOf);
}

function reasonOf(steps: readonly Step[]): string {
  for (const { content } of steps) {
    if (content.kind !== 'statement') continue;
    if (content.statement.kind === 'abort') return content.statement.reason;
    if (content.statement.kind === 'revocation') return content.statement.document.signed.reason;
  }
  return '';
}

const isOf =
  (kind: Statement['kind']) =>
  ({ content }: Step): boolean =>
    content.kind === 'statement' && content.statement.kind === kind;

function deedOf({ time, by }: Pick<Step, 'time' | 'by'>): Deed {
  return { time, by: by.map(({ name }) => name) };
}
