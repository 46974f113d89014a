/** What people read of a job, in French and English; runs in Node and browsers. */

export { type EvidenceFile, evidenceFiles } from './evidence/evidence.ts';
export type { Language } from './language/language.ts';
export { englishPage } from './page/english.ts';
export { frenchPage } from './page/french.ts';
export type { Page, PageFacts, Section, SignatureStatus, SignedBy } from './page/page.ts';
export { signatureStatus } from './page/signature-status.ts';
export { type PlanAction, type PlannedStep, type PlanRole, planOf, type StepName } from './plan/plan.ts';
export { type PlanWords, planWords } from './plan/words.ts';
export { reportHtml } from './report/report.ts';
export type { Checked, ReportSource } from './report/source.ts';
export { stayReasons } from './report/stay-reasons.ts';
export { REPORT_STYLE } from './report/style.ts';
export { type Cell, type ReportTable, reportTables } from './report/tables.ts';
export { CLAIMS_STYLE, PALETTE } from './style/shared.ts';
export { countSentences, countTable } from './words/counts.ts';
export { type ClaimWords, type Words, wordsOf } from './words/words.ts';
