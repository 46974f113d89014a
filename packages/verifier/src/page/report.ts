/** The report of a job: read in a frame that can run nothing, and saved to be printed and kept. */
import type { Language } from '../language.ts';
import { VERIFY_WORDS } from '../words/verify.ts';
import type { MadeFile } from '../work/task.ts';
import { element } from './element.ts';
import { saveLink } from './save.ts';

/** Both ways to it. */
export function reportSection(report: MadeFile, language: Language): readonly Node[] {
  const words = VERIFY_WORDS[language];
  return [
    element('p', {}, saveLink(report, words.saveReport, { type: 'text/html' })),
    element(
      'details',
      { class: 'report' },
      element('summary', {}, words.readReport),
      element('iframe', { sandbox: '', srcdoc: report.text, title: words.reportTitle }),
    ),
  ];
}
