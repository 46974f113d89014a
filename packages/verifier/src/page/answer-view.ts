/** The laboratory answers an extraction: approves it, validates the result, or ends the job. */
import type { Failure } from '../failure.ts';
import { ANSWER_WORDS } from '../words/answer.ts';
import type { Answered, AnswerKind, Question } from '../work/answer.ts';
import { Derived, derivedNotice } from './derived.ts';
import { dropArea } from './drop.ts';
import { button, element } from './element.ts';
import { extractionTables } from './extraction-tables.ts';
import { fingerprintBlock } from './fingerprint.ts';
import { choice, field, form, submitButton, type Typed } from './form.ts';
import { failureNotice, notice } from './notice.ts';
import { forgetPassphrase, passphraseField } from './passphrase.ts';
import { saveLink } from './save.ts';
import { step, steps } from './step.ts';
import type { Page, View } from './view.ts';

interface AnswerState {
  readonly typed: Typed;
  readonly question: Derived<'question'>;
  busy: boolean;
  failure?: Failure | undefined;
  /** What was signed, and the question that it answers. */
  answered?: { readonly output: Answered; readonly asked: Question } | undefined;
}

/** The view with its memory. */
export function createAnswerView(): View {
  const state: AnswerState = { typed: new Map(), question: new Derived('question'), busy: false };
  return { id: 'answer', draw: (page) => [draw(page, state)] };
}

function draw(page: Page, state: AnswerState): HTMLElement {
  const words = ANSWER_WORDS[page.language];
  const [manifest, roster] = [page.desk.get('manifest')?.file, page.desk.get('roster')?.file];
  const input = manifest === undefined || roster === undefined ? undefined : { manifest, roster };
  const read = state.question.of(page, [manifest, roster], input);
  const asked = typeof read === 'object' && 'output' in read ? read.output : undefined;
  const answered = state.answered?.asked === asked ? state.answered?.output : undefined;
  return steps(
    step(
      1,
      words.files,
      asked === undefined ? 'open' : 'done',
      files(page, asked),
      ...derivedNotice(page, read, words.reading),
    ),
    step(2, words.read, asked === undefined ? 'waiting' : 'open', ...(asked === undefined ? [] : reading(page, asked))),
    step(
      3,
      words.answer,
      asked === undefined ? 'waiting' : answered === undefined ? 'open' : 'done',
      ...(asked === undefined
        ? []
        : answered === undefined
          ? answering(page, state, asked)
          : answeredLine(page, state, answered)),
    ),
    step(4, words.hand, answered === undefined ? 'waiting' : 'open', ...handing(page, answered)),
  );
}

function files(page: Page, asked: Question | undefined): HTMLElement {
  const words = ANSWER_WORDS[page.language];
  // Another signer's statement of the kind that comes next, or of whatever kind lies there.
  const formers =
    asked === undefined || asked.threshold === 1
      ? []
      : asked.possible.filter((kind, index) => index === 0 || page.desk.get(kind) !== undefined);
  return dropArea(page, 'answer-files', [
    { kind: 'manifest', purpose: words.manifestPurpose },
    { kind: 'roster', purpose: words.rosterPurpose },
    { kind: 'secret-identity', purpose: words.identityPurpose },
    ...formers.map((kind) => ({ kind, purpose: words.formerPurpose, optional: true })),
  ]);
}

function reading(page: Page, asked: Question): readonly Node[] {
  const words = ANSWER_WORDS[page.language];
  return [
    element('p', {}, words.stateOf(asked.job, asked.lab), ' ', element('strong', {}, words.states[asked.state]), '.'),
    ...extractionTables(asked.datasets, page.language),
    fingerprintBlock(words.rosterFingerprint(asked.lab), asked.fingerprint, words.rosterRemark),
  ];
}

function answering(page: Page, state: AnswerState, asked: Question): readonly Node[] {
  const words = ANSWER_WORDS[page.language];
  const identity = page.desk.get('secret-identity');
  if (asked.possible.length === 0) return [notice('plain', words.nothing)];
  if (identity === undefined) return [notice('caution', words.identityMissing)];
  const kind = kindOf(state, asked);
  state.typed.set('kind', kind);
  return [
    form(
      () => void sign(page, state, asked),
      choice(
        state.typed,
        { name: 'kind', label: words.what },
        (['approval', 'validation', 'revocation'] as const).map((value) => ({
          value,
          ...words.kinds[value],
          disabled: !asked.possible.includes(value),
        })),
        () => page.refresh(),
      ),
      ...(kind === 'revocation'
        ? [
            field(state.typed, {
              name: 'reason',
              label: words.reason,
              attributes: { required: true, maxlength: '2000' },
            }),
          ]
        : []),
      ...(identity.recognised.locked ? [passphraseField(state.typed, page.language, identity.recognised.person)] : []),
      ...(state.failure === undefined ? [] : [failureNotice(state.failure, page.language)]),
      submitButton(words.sign[kind], state.busy ? words.signing : undefined),
    ),
  ];
}

/** What was answered, instead of the form. */
function answeredLine(page: Page, state: AnswerState, { kind }: Answered): readonly Node[] {
  const words = ANSWER_WORDS[page.language];
  const again = button(
    words.again,
    () => {
      state.answered = undefined;
      page.refresh();
    },
    { class: 'quiet' },
  );
  return [element('p', {}, `${words.kinds[kind].label}. `, again)];
}

/** What is chosen, as long as it is possible. */
function kindOf({ typed }: AnswerState, { possible }: Question): AnswerKind {
  const chosen = typed.get('kind');
  return possible.find((kind) => kind === chosen) ?? possible[0] ?? 'approval';
}

async function sign(page: Page, state: AnswerState, asked: Question): Promise<void> {
  const [manifest, roster, identity] = [
    page.desk.get('manifest'),
    page.desk.get('roster'),
    page.desk.get('secret-identity'),
  ];
  if (state.busy || manifest === undefined || roster === undefined || identity === undefined) return;
  const words = ANSWER_WORDS[page.language];
  const kind = kindOf(state, asked);
  const former = page.desk.get(kind)?.file;
  state.busy = true;
  state.failure = undefined;
  state.answered = undefined;
  page.announce(words.signing);
  page.refresh();
  const performed = await page.perform('answer', {
    manifest: manifest.file,
    roster: roster.file,
    identity: identity.file,
    passphrase: state.typed.get('passphrase') ?? '',
    kind,
    reason: state.typed.get('reason') ?? '',
    ...(former === undefined ? {} : { former }),
  });
  state.busy = false;
  forgetPassphrase(state.typed);
  if ('failure' in performed) state.failure = performed.failure;
  else state.answered = { output: performed.output, asked };
  page.announce(state.failure?.message ?? words.signed[kind]);
  page.refresh();
}

function handing(page: Page, answered: Answered | undefined): readonly Node[] {
  if (answered === undefined) return [];
  const words = ANSWER_WORDS[page.language];
  return [
    notice('good', words.signed[answered.kind]),
    ...(answered.missing === 0 ? [] : [notice('caution', words.missing(answered.missing))]),
    element('p', {}, saveLink(answered, words.save(answered.name), { primary: true })),
    element('p', {}, answered.missing === 0 ? words.next : words.nextSigner),
  ];
}
