/** The page: its frame, its views, and the language that both are in. */
import { type Language, languageOfBrowser } from '../language.ts';
import { FRAME_WORDS } from '../words/frame.ts';
import { createAnswerView } from './answer-view.ts';
import { Desk } from './desk.ts';
import { take } from './drop.ts';
import { element } from './element.ts';
import { createFoundView } from './found-view.ts';
import { pageFrame } from './frame.ts';
import { performer } from './perform.ts';
import { createSignView } from './sign-view.ts';
import { createVerifyView } from './verify-view.ts';
import type { Page, View } from './view.ts';

/** Starts the page; `script` is the text that workers are made from. */
export function startPage(script: string): void {
  const perform = performer(script);
  const views: readonly View[] = [createVerifyView(), createSignView(), createAnswerView(), createFoundView()];
  const status = element('p', { role: 'status', class: 'visually-hidden' });
  const host = element('div', { class: 'page' });
  let language = languageOfBrowser();
  const page: Page = {
    get language() {
      return language;
    },
    desk: new Desk(perform),
    perform,
    refresh: () => keepingFocus(() => draw()),
    announce: (text) => {
      status.textContent = text;
    },
  };
  const speak = (chosen: Language): void => {
    language = chosen;
    page.refresh();
  };
  const draw = (): void => {
    const view = views.find(({ id }) => location.hash === `#${id}`);
    document.documentElement.lang = language;
    document.title = titleOf(view, language);
    host.replaceChildren(...pageFrame(page, views, view, speak));
  };
  document.body.append(host, status);
  acceptDrops(page);
  addEventListener('hashchange', () => {
    draw();
    scrollTo(0, 0);
    document.querySelector<HTMLElement>('h1')?.focus();
  });
  draw();
}

function titleOf(view: View | undefined, language: Language): string {
  const words = FRAME_WORDS[language];
  return view === undefined ? `Sealift · ${words.title}` : `${words.views[view.id].title} · Sealift`;
}

/** Files may be dropped anywhere; without this a browser would open them instead. */
function acceptDrops(page: Page): void {
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    void take(page, event.dataTransfer?.files ?? []);
  });
}

/** Drawing again makes new elements: whoever was typing or pressing goes on in the one with the same id. */
function keepingFocus(draw: () => void): void {
  const { id } = document.activeElement ?? { id: '' };
  draw();
  if (id !== '') document.getElementById(id)?.focus();
}
