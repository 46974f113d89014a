/** Instructions in plain language, and their signature. */
import type { Failure } from '../failure.ts';
import { SIGN_WORDS } from '../words/sign.ts';
import type { ReadInstructions, SignedInstructions } from '../work/instructions.ts';
import { Derived, derivedNotice } from './derived.ts';
import { dropArea } from './drop.ts';
import { element } from './element.ts';
import { fingerprintBlock } from './fingerprint.ts';
import { consent, form, submitButton, type Typed } from './form.ts';
import { failureNotice, notice } from './notice.ts';
import { forgetPassphrase, passphraseField } from './passphrase.ts';
import { plainPage } from './plain-page.ts';
import { saveLink } from './save.ts';
import { step, steps } from './step.ts';
import type { Page, View } from './view.ts';

interface SignState {
  readonly typed: Typed;
  readonly read: Derived<'instructions'>;
  busy: boolean;
  fault?: string | undefined;
  failure?: Failure | undefined;
  /** What was signed, and the draft that it was. */
  signed?: { readonly output: SignedInstructions; readonly draft: File } | undefined;
}

/** The view with its memory. */
export function createSignView(): View {
  const state: SignState = { typed: new Map(), read: new Derived('instructions'), busy: false };
  return { id: 'sign', draw: (page) => [draw(page, state)] };
}

function draw(page: Page, state: SignState): HTMLElement {
  const words = SIGN_WORDS[page.language];
  const [draft, roster] = [page.desk.get('instructions')?.file, page.desk.get('roster')?.file];
  const { language } = page;
  const input = draft === undefined || roster === undefined ? undefined : { draft, roster, language };
  const standing = state.read.of(page, [draft, roster, language], input);
  const read = typeof standing === 'object' && 'output' in standing ? standing.output : undefined;
  const signed = state.signed?.draft === draft ? state.signed?.output : undefined;
  return steps(
    step(
      1,
      words.files,
      read === undefined ? 'open' : 'done',
      files(page),
      ...derivedNotice(page, standing, words.reading),
    ),
    step(2, words.read, read === undefined ? 'waiting' : 'open', ...(read === undefined ? [] : reading(page, read))),
    step(
      3,
      words.sign,
      read === undefined ? 'waiting' : signed === undefined ? 'open' : 'done',
      ...(read === undefined || signed !== undefined ? [] : signing(page, state, read)),
    ),
    step(
      4,
      words.hand,
      signed === undefined ? 'waiting' : 'open',
      ...(signed === undefined ? [] : handing(page, signed)),
    ),
  );
}

function files(page: Page): HTMLElement {
  const words = SIGN_WORDS[page.language];
  return dropArea(page, 'sign-files', [
    { kind: 'instructions', purpose: words.draftPurpose },
    { kind: 'roster', purpose: words.rosterPurpose },
    { kind: 'secret-identity', purpose: words.identityPurpose },
  ]);
}

function reading(page: Page, read: ReadInstructions): readonly Node[] {
  const words = SIGN_WORDS[page.language];
  return [
    plainPage(read),
    element('p', { class: 'remark' }, words.digest, ' ', element('code', {}, read.digest)),
    fingerprintBlock(words.rosterFingerprint(read.lab), read.fingerprint, words.rosterRemark),
  ];
}

function signing(page: Page, state: SignState, read: ReadInstructions): readonly Node[] {
  const words = SIGN_WORDS[page.language];
  const identity = page.desk.get('secret-identity');
  if (read.problem !== undefined) return [notice('bad', words.problem), failureNotice(read.problem, page.language)];
  if (read.status.state === 'complete') return [notice('good', words.complete)];
  if (identity === undefined) return [notice('caution', words.identityMissing)];
  return [
    form(
      () => void sign(page, state),
      consent(state.typed, { name: 'consent', label: words.consent(read.lab) }),
      ...(identity.recognised.locked ? [passphraseField(state.typed, page.language, identity.recognised.person)] : []),
      ...(state.fault === undefined ? [] : [notice('bad', state.fault)]),
      ...(state.failure === undefined ? [] : [failureNotice(state.failure, page.language)]),
      submitButton(words.button, state.busy ? words.signing : undefined),
    ),
  ];
}

async function sign(page: Page, state: SignState): Promise<void> {
  const [draft, roster] = [page.desk.get('instructions')?.file, page.desk.get('roster')?.file];
  const identity = page.desk.get('secret-identity')?.file;
  if (state.busy || draft === undefined || roster === undefined || identity === undefined) return;
  const words = SIGN_WORDS[page.language];
  state.failure = undefined;
  state.fault = state.typed.get('consent') === 'yes' ? undefined : words.consentMissing;
  if (state.fault === undefined) {
    state.busy = true;
    page.announce(words.signing);
    page.refresh();
    const passphrase = state.typed.get('passphrase') ?? '';
    const performed = await page.perform('sign', { draft, roster, identity, passphrase });
    state.busy = false;
    forgetPassphrase(state.typed);
    if ('failure' in performed) state.failure = performed.failure;
    else state.signed = { output: performed.output, draft };
  }
  page.announce(state.fault ?? state.failure?.message ?? words.hand);
  page.refresh();
}

function handing(page: Page, signed: SignedInstructions): readonly Node[] {
  const words = SIGN_WORDS[page.language];
  return [
    notice('good', words.signed(signed.signers.join(', '))),
    ...(signed.missing === 0 ? [] : [notice('caution', words.missing(signed.missing))]),
    element('p', {}, saveLink(signed, words.save(signed.name), { primary: true })),
    element('p', {}, signed.missing === 0 ? words.next : words.nextSigner),
  ];
}
