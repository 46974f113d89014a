/** What stands around every view: the name, the language, the way to the other views, and what the page promises. */
import type { InBoth, Language } from '../language.ts';
import { FRAME_WORDS } from '../words/frame.ts';
import { button, element } from './element.ts';
import type { Page, View } from './view.ts';

const LANGUAGES: InBoth<string> = { fr: 'Français', en: 'English' };

/** The whole page with one view open, or with the choice of views. */
export function pageFrame(
  page: Page,
  views: readonly View[],
  open: View | undefined,
  speak: (language: Language) => void,
): readonly Node[] {
  const words = FRAME_WORDS[page.language];
  return [
    element('a', { class: 'skip', href: '#main' }, words.skip),
    element(
      'header',
      {},
      element('a', { class: 'wordmark', href: '#' }, 'Sealift'),
      element('p', { class: 'promise' }, words.promise),
      languageChoice(page.language, speak),
    ),
    ...(open === undefined ? [] : [navigation(page.language, views, open)]),
    element('main', { id: 'main' }, ...(open === undefined ? welcome(page.language, views) : viewOf(page, open))),
    footer(page.language),
  ];
}

function languageChoice(current: Language, speak: (language: Language) => void): HTMLElement {
  const choices = (['fr', 'en'] as const).map((language) =>
    button(LANGUAGES[language], () => speak(language), {
      id: `language-${language}`,
      lang: language,
      class: 'quiet',
      'aria-pressed': String(language === current),
    }),
  );
  return element(
    'div',
    { class: 'languages', role: 'group', 'aria-label': FRAME_WORDS[current].languages },
    ...choices,
  );
}

function navigation(language: Language, views: readonly View[], open: View): HTMLElement {
  const links = views.map(({ id }) =>
    element(
      'li',
      {},
      element(
        'a',
        { href: `#${id}`, ...(id === open.id ? { 'aria-current': 'page' } : {}) },
        FRAME_WORDS[language].views[id].short,
      ),
    ),
  );
  return element('nav', { 'aria-label': FRAME_WORDS[language].tasks }, element('ul', { role: 'list' }, ...links));
}

function welcome(language: Language, views: readonly View[]): readonly Node[] {
  const words = FRAME_WORDS[language];
  const cards = views.map(({ id }) =>
    element(
      'li',
      {},
      element(
        'a',
        { class: 'card', href: `#${id}` },
        element('strong', {}, words.views[id].title),
        element('span', {}, words.views[id].summary),
      ),
    ),
  );
  return [
    element('h1', { tabindex: '-1' }, words.title),
    element('p', { class: 'lead' }, words.lead),
    element('ul', { class: 'cards', role: 'list' }, ...cards),
  ];
}

function viewOf(page: Page, view: View): readonly Node[] {
  const { title, summary } = FRAME_WORDS[page.language].views[view.id];
  return [element('h1', { tabindex: '-1' }, title), element('p', { class: 'lead' }, summary), ...view.draw(page)];
}

function footer(language: Language): HTMLElement {
  const words = FRAME_WORDS[language];
  return element(
    'footer',
    {},
    element(
      'details',
      {},
      element('summary', {}, words.about.title),
      ...words.about.paragraphs.map((text) => element('p', {}, text)),
    ),
  );
}
