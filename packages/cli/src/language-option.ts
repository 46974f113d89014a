/** The language of what is printed for people who sign. */
import { SealiftError } from '@sealift/core';
import type { Language } from '@sealift/report';
import type { Context } from './context.ts';
import type { Input } from './input.ts';

/** What `--lang` asks for, else French where the system speaks it. @throws E_USAGE for another language */
export function languageOf(input: Input, { env }: Context): Language {
  const asked = input.optional('lang');
  if (asked === 'fr' || asked === 'en') return asked;
  if (asked !== undefined) {
    throw new SealiftError('E_USAGE', `there is no page in "${asked}"`, { hint: 'choose --lang fr or --lang en' });
  }
  return (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '').startsWith('fr') ? 'fr' : 'en';
}
