/** What people read of a job, in French and English; runs in Node and browsers. */
export { englishPage } from './page/english.ts';
export { frenchPage } from './page/french.ts';
export type { Page, PageFacts, PageLanguage, Section, SignatureStatus, SignedBy } from './page/page.ts';
