/** What a view of the page is, and what it may ask of the page. */
import type { Language } from '../language.ts';
import type { Desk } from './desk.ts';
import type { Perform } from './perform.ts';

/** The page, as its views know it. */
export interface Page {
  readonly language: Language;
  readonly desk: Desk;
  readonly perform: Perform;
  /** Draws the open view again, after something changed. */
  refresh(): void;
  /** Tells something to people who can't see the page change. */
  announce(text: string): void;
}

/** One of the things that can be done here. */
export interface View {
  /** Its name in the address, after the `#`. */
  readonly id: 'verify' | 'sign' | 'answer' | 'found';
  /** Draws it; whatever was typed or made is the view's to remember. */
  draw(page: Page): readonly Node[];
}
