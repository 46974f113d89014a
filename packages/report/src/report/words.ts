/** What a language says in a report, beyond claims, troubles and counts, which have their words in ../words. */
import type { Standing } from '@sealift/core/claims';
import type { Dataset, RowCounts } from '@sealift/core/dataset';
import type { Statement } from '@sealift/core/statement';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';
import type { Language, Typography } from '../language/language.ts';
import { englishPage, englishRules } from '../page/english.ts';
import { frenchPage, frenchRules } from '../page/french.ts';
import type { Page, PageFacts } from '../page/page.ts';
import { type Words, wordsOf } from '../words/words.ts';
import type { Milestone, MilestoneName } from './course.ts';
import { englishReport } from './english.ts';
import { frenchReport } from './french.ts';
import type { PersonRole } from './persons.ts';
import type { SealedFile } from './sealed-files.ts';
import type { Checked } from './source.ts';
import type { StepContent } from './steps.ts';
import type { SummaryFacts, Totals } from './summary.ts';

/** The sections, by the names that links go to. */
export type SectionName =
  | 'summary'
  | 'troubles'
  | 'counts'
  | 'datasets'
  | 'steps'
  | 'files'
  | 'claims'
  | 'check'
  | 'instructions'
  | 'words';

/** The headings of tables, on the page and in spreadsheets. */
export type HeadingName =
  | 'dataset'
  | 'read'
  | 'left'
  | 'stayed'
  | 'total'
  | 'field'
  | 'leavesAs'
  | 'asked'
  | 'inSource'
  | 'fieldLeft'
  | 'fieldStayed'
  | 'freeText'
  | 'purpose'
  | 'year'
  | 'countedBy'
  | 'rows'
  | 'entry'
  | 'time'
  | 'step'
  | 'who'
  | 'role'
  | 'detail'
  | 'file'
  | 'bytes'
  | 'digest'
  | 'delivered'
  | 'question'
  | 'standing'
  | 'claim'
  | 'reason'
  | 'organisation'
  | 'country'
  | 'fingerprint'
  | 'undertaking'
  | 'steps';

/** Why rows stayed. */
export type StayReason = Exclude<keyof RowCounts, 'read' | 'kept'>;

/** The words of one language. */
export interface ReportWords {
  /** What kind of document it is. */
  readonly kind: string;
  readonly subject: (job: string, source: string, recipients: readonly string[]) => string;
  readonly contents: string;
  readonly sections: Readonly<Record<Exclude<SectionName, 'troubles'>, string>>;
  readonly headings: Readonly<Record<HeadingName, string>>;
  /** A label before what it labels. */
  readonly labelled: (label: string, text: string) => string;
  readonly yes: string;
  readonly no: string;
  readonly notKnown: string;
  readonly course: string;
  readonly milestones: Readonly<Record<MilestoneName, string>>;
  readonly milestoneStandings: Readonly<Record<Exclude<Milestone['standing'], 'reached'>, string>>;
  readonly figures: (totals: Totals) => Readonly<Record<keyof Totals, string>>;
  readonly summary: (facts: SummaryFacts) => readonly string[];
  readonly totals: TotalWords;
  readonly dataset: DatasetWords;
  readonly stayReasons: Readonly<Record<StayReason, string>>;
  readonly chart: ChartWords;
  readonly steps: StepWords;
  readonly files: FileWords;
  readonly standingCounts: (standing: Standing, count: number) => string;
  readonly entry: (number: number) => string;
  readonly check: CheckWords;
  readonly versions: string;
  /** Terms with what they mean, for a reader of another trade. */
  readonly glossary: readonly (readonly [term: string, meaning: string])[];
  readonly footer: string;
}

/** Words about counts over all datasets. */
export interface TotalWords {
  readonly rows: string;
  readonly fields: string;
  readonly nothing: string;
}

/** Words about one dataset. */
export interface DatasetWords {
  readonly leaving: (count: number) => string;
  readonly staying: (count: number) => string;
  readonly decides: string;
  readonly freeText: string;
  readonly leavesAs: (name: string) => string;
  readonly unread: string;
}

/** Words about the chart of rows by year. */
export interface ChartWords {
  readonly title: (field: string) => string;
  readonly left: string;
  readonly stayed: string;
  /** The same in a sentence, for whoever does not see it. */
  readonly alternative: (facts: {
    readonly first: number;
    readonly last: number;
    readonly left: number;
    readonly stayed: number;
  }) => string;
  readonly ends: (first: string, last: string) => string;
  readonly undated: (rows: number) => string;
  readonly decades: string;
}

/** Words about steps and persons. */
export interface StepWords {
  readonly intro: string;
  readonly titles: Readonly<Record<'instructions' | Statement['kind'], string>>;
  readonly detail: (content: StepContent) => string;
  readonly takenIn: (name: string, time: string) => string;
  readonly again: (times: number, until: string) => string;
  readonly persons: string;
  readonly roles: Readonly<Record<PersonRole, string>>;
}

/** Words about sealed files. */
export interface FileWords {
  readonly intro: string;
  readonly none: string;
  readonly delivered: Readonly<Record<SealedFile['delivered'], string>>;
  readonly server: (host: string, port: string, country: string) => string;
}

/** Words about checking the report. */
export interface CheckWords {
  readonly done: (facts: CheckedFacts) => readonly string[];
  readonly fingerprint: (lab: string) => string;
  readonly intro: string;
  readonly byPage: string;
  readonly byCommand: string;
  readonly byHand: string;
  readonly digests: string;
  readonly signature: (signer: string) => string;
  readonly answers: (answer: string) => string;
  readonly further: string;
}

/** What was checked before the report was written. */
export interface CheckedFacts extends Checked {
  readonly lab: string;
  readonly entries: number;
  readonly head: string;
}

/** A language's report: its words, those of claims and instructions, and how it is set. */
export interface ReportLanguage {
  readonly words: ReportWords;
  readonly said: Words;
  readonly set: Typography;
  readonly rules: (dataset: Dataset) => string[];
  readonly page: (facts: PageFacts) => Page;
}

const ENGLISH: ReportLanguage = {
  words: englishReport,
  said: wordsOf('en'),
  set: english,
  rules: englishRules,
  page: englishPage,
};
const FRENCH: ReportLanguage = {
  words: frenchReport,
  said: wordsOf('fr'),
  set: french,
  rules: frenchRules,
  page: frenchPage,
};

/** A language. */
export function reportLanguage(language: Language): ReportLanguage {
  return language === 'fr' ? FRENCH : ENGLISH;
}
