/** What a manifest proves, as a text of 80 columns for an archive: no time but those of the signed documents stands in it. */
import { groupsOfFour } from '@sealift/core';
import { claimsOf, outcomeOf, reconcile, troublesOf } from '@sealift/core/claims';
import type { Story } from '@sealift/core/journal';
import type { VerifiedRoster } from '@sealift/core/roster';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';
import type { Language } from '../language/language.ts';
import { countSentences, countTable } from '../words/counts.ts';
import { wordsOf } from '../words/words.ts';

/** The text in a language. */
export function verificationText(story: Story, roster: VerifiedRoster, language: Language): string {
  const words = wordsOf(language);
  const { text } = language === 'fr' ? french : english;
  const colon = (label: string, says: string): string =>
    language === 'fr' ? text`${label} : ${says}` : text`${label}: ${says}`;
  const claims = claimsOf(story);
  const groups = [...new Set(claims.map(({ group }) => group))];
  const now = story.chain.time;
  const troubles = now === undefined ? [] : troublesOf(story, now);
  const reconciled = reconcile(story);
  return lines(
    ...heading(story, roster, language),
    words.outcomes[outcomeOf(story)],
    ...groups.flatMap((group) => [
      '',
      underlined(words.groups[group]),
      ...claims
        .filter((claim) => claim.group === group)
        .map((claim) => {
          const { claim: says, reason } = words.claim(claim);
          const entry = claim.entry === undefined ? '' : ` [${claim.entry}]`;
          return `- ${colon(words.standings[claim.standing], says)}${entry}\n  ${reason}`;
        }),
    ]),
    ...(troubles.length === 0 ? [] : ['', underlined(words.troubles)]),
    ...troubles.map((trouble) => `- ${colon(words.marks[trouble.trouble], words.trouble(trouble))}`),
    '',
    underlined(words.counts.title),
    ...countTable(reconciled, language),
    ...countSentences(reconciled, language).map((sentence) => `- ${sentence}`),
    '',
    ...(['proven', 'attested', 'unknown'] as const).map((standing) =>
      colon(words.standings[standing], words.meanings[standing]),
    ),
  );
}

function heading({ chain, versions }: Story, { document, fingerprint }: VerifiedRoster, language: Language): string[] {
  const { text: en, moment } = english;
  const { text: fr } = french;
  const { name } = document.signed.lab;
  const version = versions.at(-1)?.signed.version ?? 1;
  const { time } = chain;
  const groups = groupsOfFour(fingerprint);
  return language === 'fr'
    ? [
        underlined(fr`Migration ${chain.job}, ${name}`),
        fr`Registre : ${groups}`,
        fr`Instructions : version ${version} ; entrées : ${chain.seq}${time === undefined ? '' : fr` ; dernière : ${french.moment(time)}`}`,
      ]
    : [
        underlined(en`Job ${chain.job}, ${name}`),
        en`Roster: ${groups}`,
        en`Instructions: version ${version}; entries: ${chain.seq}${time === undefined ? '' : en`; the last: ${moment(time)}`}`,
      ];
}

function underlined(title: string): string {
  return `${title}\n${'='.repeat(title.length)}`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
