/** Short messages that stand out: what holds, what to look at, what went wrong. */
import type { Failure } from '../failure.ts';
import type { Language } from '../language.ts';
import { failureWords } from '../words/failure.ts';
import { type Child, element } from './element.ts';

/** How a notice stands out. */
export type Tone = 'good' | 'caution' | 'bad' | 'plain';

/** A notice. */
export function notice(tone: Tone, title: string, ...content: readonly Child[]): HTMLElement {
  return element('div', { class: `notice ${tone}` }, element('p', { class: 'title' }, title), ...content);
}

/** A failure: sentence, next step, code; in French with the English sentence, which says most, below. */
export function failureNotice(failure: Failure, language: Language): HTMLElement {
  const { sentence, hint, detail } = failureWords(failure, language);
  return notice('bad', sentence, element('p', {}, hint), failureDetail(failure, detail));
}

/** The code, the exact sentence where it stands nowhere else, and the place. */
export function failureDetail({ code, message, place }: Failure, detail: string | undefined = message): HTMLElement {
  return element(
    'p',
    { class: 'detail' },
    element('code', {}, code),
    ...(detail === undefined ? [] : [' ', element('span', { lang: 'en' }, detail)]),
    ...(place === undefined ? [] : [' ', element('code', {}, place)]),
  );
}
