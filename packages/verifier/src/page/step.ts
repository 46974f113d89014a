/** A view is a few steps, one below the other, each with its number. */
import { type Child, element } from './element.ts';

/** Where the person is. */
export type StepStanding = 'done' | 'open' | 'waiting';

/** One step; while it waits for another, its content is left out. */
export function step(number: number, title: string, standing: StepStanding, ...content: readonly Child[]): HTMLElement {
  return element(
    'li',
    { class: `step ${standing}`, ...(standing === 'open' ? { 'aria-current': 'step' } : {}) },
    element(
      'h2',
      {},
      element('span', { class: 'number', 'aria-hidden': 'true' }, standing === 'done' ? '✓' : String(number)),
      title,
    ),
    ...(standing === 'waiting' ? [] : [element('div', { class: 'content' }, ...content)]),
  );
}

/** The steps of a view. */
export function steps(...items: readonly HTMLElement[]): HTMLElement {
  // The list says its role itself: some browsers forget it where a list shows no bullets.
  return element('ol', { class: 'steps', role: 'list' }, ...items);
}
