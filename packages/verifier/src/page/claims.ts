/** Claims under the questions that they answer, each with how far it goes and why. */
import { wordsOf } from '@sealift/report';
import type { Language } from '../language.ts';
import { VERIFY_WORDS } from '../words/verify.ts';
import type { ShownClaim } from '../work/verify.ts';
import { element } from './element.ts';

/** Every claim, grouped, and what the three words mean. */
export function claimSections(claims: readonly ShownClaim[], language: Language): readonly Node[] {
  const words = wordsOf(language);
  const groups = [...new Set(claims.map(({ group }) => group))];
  const meanings = (['proven', 'attested', 'unknown'] as const).flatMap((standing) => [
    element('dt', { class: `standing ${standing}` }, words.standings[standing]),
    element('dd', {}, words.meanings[standing]),
  ]);
  return [
    element('dl', { class: 'meanings' }, ...meanings),
    ...groups.flatMap((group) => [
      element('h3', {}, words.groups[group]),
      element(
        'ul',
        { class: 'claims', role: 'list' },
        ...claims.filter((claim) => claim.group === group).map((claim) => claimItem(claim, language)),
      ),
    ]),
  ];
}

function claimItem({ claim, reason, standing, entry }: ShownClaim, language: Language): HTMLElement {
  const rests = entry === undefined ? reason : `${reason} (${VERIFY_WORDS[language].entry(entry)})`;
  return element(
    'li',
    {},
    element('span', { class: `standing ${standing}` }, wordsOf(language).standings[standing]),
    element('p', {}, claim, element('small', {}, rests)),
  );
}
