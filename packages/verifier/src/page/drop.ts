/** Where files are dropped or chosen, and the list of those that lie there. */
import type { Language } from '../language.ts';
import { DROP_WORDS, fileWords, KIND_WORDS } from '../words/files.ts';
import type { DeskFile, FileKind, FileOf } from './desk.ts';
import { button, type Child, element } from './element.ts';
import { failureDetail, notice } from './notice.ts';
import type { Page } from './view.ts';

/** A kind of file that a step asks for. */
export interface Wanted {
  readonly kind: FileKind;
  /** What it is for, in a few words. */
  readonly purpose: string;
  readonly optional?: boolean;
}

/** The drop area, and one line for each file that is wanted: what is there, or what is still missing. */
export function dropArea(page: Page, id: string, wanted: readonly Wanted[]): HTMLElement {
  const words = DROP_WORDS[page.language];
  const input = element('input', { type: 'file', multiple: true, id, class: 'visually-hidden' });
  const area = element(
    'label',
    { class: 'drop', for: id },
    element('span', { class: 'invitation' }, words.drop),
    element('span', { class: 'button' }, words.choose),
  );
  input.addEventListener('change', () => void take(page, input.files ?? []));
  return element(
    'div',
    { class: 'files' },
    input,
    area,
    element('ul', { class: 'wanted', role: 'list' }, ...wanted.flatMap((one) => wantedLines(page, one))),
    ...page.desk.all('other').map((one) => otherFile(page, one)),
  );
}

/** Takes files onto the desk and says what they are. */
export async function take(page: Page, files: Iterable<File>): Promise<void> {
  const added = await page.desk.add([...files]);
  page.announce(added.map(({ recognised }) => fileWords(recognised, page.language)).join('. '));
  page.refresh();
}

function wantedLines(page: Page, { kind, purpose, optional = false }: Wanted): HTMLElement[] {
  const found = page.desk.all(kind);
  const name = KIND_WORDS[page.language][kind];
  if (found.length === 0) {
    return [
      element(
        'li',
        { class: optional ? 'missing optional' : 'missing' },
        element('span', { class: 'kind' }, name),
        element('span', { class: 'purpose' }, optional ? `${purpose} ${DROP_WORDS[page.language].optional}` : purpose),
      ),
    ];
  }
  return found.map((one) =>
    element(
      'li',
      { class: 'there' },
      element('span', { class: 'kind' }, name),
      element('span', { class: 'facts' }, ...factsOf(one, page.language)),
      removal(page, one),
    ),
  );
}

/** What it is and its name; of a sealed file nothing is known but its name. */
function factsOf({ recognised, file }: DeskFile, language: Language): readonly Child[] {
  if (recognised.kind === 'sealed') return [file.name];
  return [fileWords(recognised, language), element('small', {}, file.name)];
}

function otherFile(page: Page, one: FileOf<'other'>): HTMLElement {
  return element(
    'div',
    { class: 'other' },
    notice(
      'caution',
      DROP_WORDS[page.language].other(one.file.name),
      element('p', {}, DROP_WORDS[page.language].known, ' ', removal(page, one)),
      failureDetail(one.recognised.failure),
    ),
  );
}

function removal(page: Page, one: DeskFile): HTMLButtonElement {
  const text = DROP_WORDS[page.language].remove;
  return button(
    text,
    () => {
      page.desk.remove(one);
      page.refresh();
    },
    { class: 'quiet', 'aria-label': `${text} ${one.file.name}` },
  );
}
