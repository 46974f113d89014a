import type { Language } from '@sealift/report';

export type { Language };

/** Texts in both languages. */
export type InBoth<Words> = Readonly<Record<Language, Words>>;

/** French where the browser speaks it. */
export function languageOfBrowser(): Language {
  return navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

/** French spaces: no-break before a colon and within quotes, narrow before `;`, `?` and `!`; and the typographic apostrophe. */
export function french(text: string): string {
  return text
    .replace(/ (?=:)|(?<=«) | (?=»)/g, '\u00a0')
    .replace(/ (?=[;?!])/g, '\u202f')
    .replaceAll("'", '’');
}
