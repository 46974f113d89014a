/** Passphrases: chosen twice for a new identity, typed once for one that exists. They are kept for as long as the view needs them. */
import { MIN_PASSPHRASE } from '@sealift/core/identity';
import type { Language } from '../language.ts';
import { PASSPHRASE_WORDS } from '../words/passphrase.ts';
import { field, type Typed } from './form.ts';

/** The two fields of a new passphrase. */
export function newPassphraseFields(typed: Typed, language: Language): readonly HTMLElement[] {
  const words = PASSPHRASE_WORDS[language];
  const attributes = { type: 'password', required: true, autocomplete: 'new-password' };
  return [
    field(typed, { name: 'passphrase', label: words.fresh, remark: words.advice(MIN_PASSPHRASE), attributes }),
    field(typed, { name: 'again', label: words.again, attributes }),
  ];
}

/** What is wrong with a new passphrase; undefined when nothing is. */
export function passphraseFault(typed: Typed, language: Language): string | undefined {
  const words = PASSPHRASE_WORDS[language];
  const passphrase = typed.get('passphrase') ?? '';
  if (Array.from(passphrase.normalize('NFC')).length < MIN_PASSPHRASE) return words.short(MIN_PASSPHRASE);
  return passphrase === typed.get('again') ? undefined : words.differ;
}

/** The field for the passphrase of an identity that exists. */
export function passphraseField(typed: Typed, language: Language, person: string): HTMLElement {
  const { known } = PASSPHRASE_WORDS[language];
  return field(typed, {
    name: 'passphrase',
    label: known(person),
    attributes: { type: 'password', required: true, autocomplete: 'current-password' },
  });
}

/** Forgets what was typed, as soon as it was used. */
export function forgetPassphrase(typed: Typed): void {
  typed.delete('passphrase');
  typed.delete('again');
}
