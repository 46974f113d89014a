/** Makes an identity, and the laboratory's roster with it; both exist in the page alone until they are saved. */
import type { Failure } from '../failure.ts';
import { FOUND_WORDS } from '../words/found.ts';
import type { Founded, Tasks } from '../work/task.ts';
import { button, element } from './element.ts';
import { fingerprintBlock } from './fingerprint.ts';
import { choice, field, form, group, submitButton, type Typed } from './form.ts';
import { failureNotice, notice } from './notice.ts';
import { forgetPassphrase, newPassphraseFields, passphraseFault } from './passphrase.ts';
import { saveLink } from './save.ts';
import { step, steps } from './step.ts';
import type { Page, View } from './view.ts';

interface FoundState {
  readonly typed: Typed;
  busy: boolean;
  /** What is wrong with what was typed. */
  fault?: string | undefined;
  failure?: Failure | undefined;
  founded?: Founded | undefined;
  /** Whether the secret identity was saved. */
  saved: boolean;
}

/** The view with its memory. */
export function createFoundView(): View {
  const state: FoundState = {
    typed: new Map([
      ['who', 'lab'],
      ['country', 'FR'],
      ['scheme', 'siren'],
    ]),
    busy: false,
    saved: false,
  };
  addEventListener('beforeunload', (event) => {
    if (state.founded !== undefined && !state.saved) event.preventDefault();
  });
  return { id: 'found', draw: (page) => [draw(page, state)] };
}

function draw(page: Page, state: FoundState): HTMLElement {
  const words = FOUND_WORDS[page.language];
  const { founded } = state;
  return steps(
    step(
      1,
      words.describe,
      founded === undefined ? 'open' : 'done',
      founded === undefined ? description(page, state) : summary(page, state, founded),
    ),
    step(
      2,
      words.save,
      founded === undefined ? 'waiting' : 'open',
      ...(founded === undefined ? [] : files(page, state, founded)),
    ),
    step(
      3,
      words.compare,
      founded === undefined ? 'waiting' : 'open',
      ...(founded === undefined ? [] : comparison(page, founded)),
    ),
  );
}

function description(page: Page, state: FoundState): HTMLElement {
  const words = FOUND_WORDS[page.language];
  const { typed, fault, failure } = state;
  const forLab = typed.get('who') === 'lab';
  const who = choice(
    typed,
    { name: 'who', label: words.who },
    [
      { value: 'lab', label: words.lab, remark: words.labRemark },
      { value: 'person', label: words.person, remark: words.personRemark },
    ],
    () => page.refresh(),
  );
  return form(
    () => void make(page, state),
    who,
    ...(forLab ? [laboratoryFields(page, typed)] : []),
    group(
      forLab ? words.signer : words.who,
      field(typed, {
        name: 'person',
        label: words.personName,
        remark: words.signerRemark,
        attributes: { required: true, maxlength: '200' },
      }),
      ...newPassphraseFields(typed, page.language),
    ),
    ...(forLab ? [officerFields(page, typed)] : []),
    ...(fault === undefined ? [] : [notice('bad', fault)]),
    ...(failure === undefined ? [] : [failureNotice(failure, page.language)]),
    submitButton(words.make, state.busy ? words.making : undefined),
  );
}

function laboratoryFields({ language }: Page, typed: Typed): HTMLElement {
  const words = FOUND_WORDS[language];
  return group(
    words.laboratory,
    field(typed, { name: 'lab', label: words.labName, attributes: { required: true, maxlength: '200' } }),
    choice(typed, { name: 'scheme', label: words.scheme }, [
      { value: 'siren', label: 'SIREN', remark: words.siren },
      { value: 'finess', label: 'FINESS', remark: words.finess },
    ]),
    element(
      'div',
      { class: 'pair' },
      field(typed, { name: 'number', label: words.number, remark: words.numberRemark, attributes: { required: true } }),
      field(typed, {
        name: 'country',
        label: words.country,
        remark: words.countryRemark,
        attributes: { required: true, pattern: '[A-Z]{2}', maxlength: '2' },
      }),
    ),
  );
}

function officerFields({ language }: Page, typed: Typed): HTMLElement {
  const words = FOUND_WORDS[language];
  return group(
    words.officer,
    field(typed, { name: 'officer', label: words.personName, attributes: { required: true, maxlength: '200' } }),
    element(
      'div',
      { class: 'pair' },
      field(typed, { name: 'email', label: words.email, attributes: { required: true, type: 'email' } }),
      field(typed, { name: 'phone', label: words.phone, attributes: { type: 'tel' } }),
    ),
  );
}

/** What was made, instead of the form. */
function summary(page: Page, state: FoundState, { identity, roster }: Founded): HTMLElement {
  const text = [identity.person, roster?.lab].filter((part) => part !== undefined).join(', ');
  const again = button(
    FOUND_WORDS[page.language].over,
    () => {
      state.founded = undefined;
      page.refresh();
    },
    { class: 'quiet' },
  );
  return element('p', {}, text, ' ', again);
}

async function make(page: Page, state: FoundState): Promise<void> {
  if (state.busy) return;
  const words = FOUND_WORDS[page.language];
  state.failure = undefined;
  state.fault = numberFault(state.typed, words.numberFault) ?? passphraseFault(state.typed, page.language);
  if (state.fault === undefined) {
    state.busy = true;
    page.announce(words.making);
    page.refresh();
    const performed = await page.perform('found', inputOf(state.typed));
    state.busy = false;
    if ('failure' in performed) state.failure = performed.failure;
    else await keep(page, state, performed.output);
  }
  page.announce(state.fault ?? state.failure?.message ?? FOUND_WORDS[page.language].made);
  page.refresh();
}

/** What was made lies on the desk at once, so that the next view can work with it. */
async function keep(page: Page, state: FoundState, founded: Founded): Promise<void> {
  state.founded = founded;
  state.saved = false;
  forgetPassphrase(state.typed);
  const made = [founded.identity, founded.roster].filter((file) => file !== undefined);
  await page.desk.add(made.map(({ name, text }) => new File([text], name)));
}

/** Numbers are often written in groups. */
const plainNumber = (typed: Typed): string => (typed.get('number') ?? '').replaceAll(/\s/g, '').toUpperCase();

function numberFault(typed: Typed, fault: string): string | undefined {
  return typed.get('who') === 'lab' && plainNumber(typed).length !== 9 ? fault : undefined;
}

function inputOf(typed: Typed): Tasks['found']['input'] {
  const text = (name: string): string => (typed.get(name) ?? '').trim();
  const person = { person: text('person'), passphrase: typed.get('passphrase') ?? '' };
  if (typed.get('who') !== 'lab') return person;
  const value = plainNumber(typed);
  const phone = text('phone');
  return {
    ...person,
    lab: {
      lab: {
        id: { scheme: typed.get('scheme') === 'finess' ? 'finess' : 'siren', value },
        name: text('lab'),
        country: text('country'),
      },
      contact: { name: text('officer'), email: text('email'), ...(phone === '' ? {} : { phone }) },
    },
  };
}

function files(page: Page, state: FoundState, { identity, publicIdentity, roster }: Founded): readonly Node[] {
  const words = FOUND_WORDS[page.language];
  const saved = (): void => {
    state.saved = true;
    page.refresh();
  };
  const row = (link: Node, remark: string): HTMLElement =>
    element('li', {}, link, element('p', { class: 'remark' }, remark));
  return [
    ...(state.saved ? [] : [notice('caution', words.unsaved)]),
    element(
      'ul',
      { class: 'made', role: 'list' },
      row(saveLink(identity, words.secretFile, { primary: !state.saved, saved }), words.secretRemark),
      roster === undefined
        ? row(saveLink(publicIdentity, words.publicFile), words.publicRemark)
        : row(saveLink(roster, words.rosterFile), words.rosterRemark),
    ),
  ];
}

function comparison(page: Page, { identity, roster }: Founded): readonly Node[] {
  const words = FOUND_WORDS[page.language];
  const [label, fingerprint, lines] =
    roster === undefined
      ? [words.identityFingerprint(identity.person), identity.fingerprint, words.comparePerson]
      : [words.rosterFingerprint(roster.lab), roster.fingerprint, words.compareRoster];
  return [fingerprintBlock(label, fingerprint), ...lines.map((line) => element('p', {}, line))];
}
