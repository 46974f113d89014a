/** Verifies a manifest under the roster that was dropped, and shows what it proves. */
import { wordsOf } from '@sealift/report';
import { VERIFY_WORDS } from '../words/verify.ts';
import type { Verified } from '../work/verify.ts';
import { claimSections } from './claims.ts';
import { countsTable } from './counts-table.ts';
import { Derived, derivedNotice } from './derived.ts';
import { dropArea } from './drop.ts';
import { element } from './element.ts';
import { extractionTables } from './extraction-tables.ts';
import { fingerprintBlock } from './fingerprint.ts';
import { failureNotice, notice } from './notice.ts';
import { reportSection } from './report.ts';
import { step, steps } from './step.ts';
import type { Page, View } from './view.ts';

/** The view with its memory. */
export function createVerifyView(): View {
  const verified = new Derived('verify');
  return { id: 'verify', draw: (page) => [draw(page, verified)] };
}

function draw(page: Page, derived: Derived<'verify'>): HTMLElement {
  const { language } = page;
  const words = VERIFY_WORDS[language];
  const roster = page.desk.get('roster');
  const manifest = page.desk.get('manifest')?.file;
  const sealed = page.desk.all('sealed').map(({ file }) => file);
  const input =
    manifest === undefined || roster === undefined ? undefined : { manifest, roster: roster.file, sealed, language };
  const standing = derived.of(page, [manifest, roster?.file, language, ...sealed], input);
  const isAnswered = typeof standing === 'object';
  return steps(
    step(
      1,
      words.files,
      isAnswered ? 'done' : 'open',
      dropArea(page, 'verify-files', [
        { kind: 'manifest', purpose: words.manifestPurpose },
        { kind: 'roster', purpose: words.rosterPurpose },
        { kind: 'sealed', purpose: words.sealedPurpose, optional: true },
      ]),
      ...(standing === 'working' ? derivedNotice(page, standing, words.reading) : []),
    ),
    step(
      2,
      words.compare,
      roster === undefined ? 'waiting' : 'open',
      ...(roster === undefined
        ? []
        : [
            fingerprintBlock(
              words.rosterFingerprint(roster.recognised.lab),
              roster.recognised.fingerprint,
              words.rosterRemark,
            ),
          ]),
    ),
    step(3, words.result, isAnswered ? 'open' : 'waiting', ...(isAnswered ? resultOf(page, standing) : [])),
  );
}

function resultOf(page: Page, standing: Exclude<ReturnType<Derived<'verify'>['of']>, string>): readonly Node[] {
  if ('output' in standing) return holds(page, standing.output);
  return [
    element('p', { class: 'verdict bad' }, VERIFY_WORDS[page.language].failed),
    failureNotice(standing.failure, page.language),
  ];
}

function holds(page: Page, verified: Verified): readonly Node[] {
  const { language } = page;
  const words = VERIFY_WORDS[language];
  const { outcomes, troubles, counts } = wordsOf(language);
  const tone = verified.outcome === 'complete' ? 'good' : 'caution';
  return [
    notice(
      tone,
      words.holds(verified.job, verified.lab),
      element('p', {}, words.entries(verified.entries, outcomes[verified.outcome])),
    ),
    ...reportSection(verified.report, language),
    ...extractionTables(verified.datasets, language),
    ...(verified.troubles.length === 0
      ? []
      : [
          element('h3', {}, troubles),
          element(
            'ul',
            { class: 'claims', role: 'list' },
            ...verified.troubles.map(({ mark, says }) =>
              element('li', { class: 'trouble' }, element('span', { class: 'standing' }, mark), element('p', {}, says)),
            ),
          ),
        ]),
    ...claimSections(verified.claims, language),
    element('h3', {}, counts.title),
    ...countsTable(verified.counts, language),
    ...sealedFiles(page, verified),
  ];
}

function sealedFiles(page: Page, { files }: Verified): readonly Node[] {
  if (files.length === 0) return [];
  const words = VERIFY_WORDS[page.language];
  return [
    element('h3', {}, words.sealedTitle),
    ...files.map(({ name, found }) => notice(found === 'same' ? 'good' : 'bad', `${name} ${words.found[found]}.`)),
  ];
}
