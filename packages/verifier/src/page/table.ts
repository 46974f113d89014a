/** Tables of rows. */
import type { Language } from '../language.ts';
import { type Child, element } from './element.ts';

/** A column: its heading, and whether it holds numbers. */
export interface ColumnSpec {
  readonly heading: string;
  readonly numeric?: boolean;
}

/** A table whose first cells are the headings of their rows. It scrolls by itself where it is too wide. */
export function table(
  caption: string,
  columns: readonly ColumnSpec[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const classOf = (index: number): { class?: string } => (columns[index]?.numeric === true ? { class: 'numeric' } : {});
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { class: 'visually-hidden' }, caption),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...columns.map(({ heading }, index) => element('th', { scope: 'col', ...classOf(index) }, heading)),
        ),
      ),
      element(
        'tbody',
        {},
        ...rows.map(([first, ...others]) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, first),
            ...others.map((cell, index) => element('td', classOf(index + 1), cell)),
          ),
        ),
      ),
    ),
  );
}

/** A number as the language groups it. */
export function numberText(value: number, language: Language): string {
  return new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB').format(value);
}
