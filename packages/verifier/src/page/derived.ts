/** What follows from files on the desk: worked out once for the same files, and again when they change. */

import type { TaskName, Tasks } from '../work/task.ts';
import { element } from './element.ts';
import { failureNotice } from './notice.ts';
import type { Performed } from './perform.ts';
import type { Page } from './view.ts';

/** `none` while files are missing, `working` while a worker reads them. */
export type DerivedStanding<Name extends TaskName> = 'none' | 'working' | Performed<Name>;

/** One such answer. */
export class Derived<Name extends TaskName> {
  readonly #name: Name;
  #key: readonly unknown[] = [];
  #standing: DerivedStanding<Name> = 'none';

  constructor(name: Name) {
    this.#name = name;
  }

  /**
   * The answer for an input; the page draws again once it is there.
   * @param key what the answer depends on: the same key, the same answer
   */
  of(page: Page, key: readonly unknown[], input: Tasks[Name]['input'] | undefined): DerivedStanding<Name> {
    const isSame = key.length === this.#key.length && key.every((part, index) => part === this.#key[index]);
    if (isSame) return this.#standing;
    this.#key = key;
    this.#standing = 'none';
    if (input !== undefined) {
      this.#standing = 'working';
      void this.#work(page, key, input);
    }
    return this.#standing;
  }

  async #work(page: Page, key: readonly unknown[], input: Tasks[Name]['input']): Promise<void> {
    const performed = await page.perform(this.#name, input);
    // Other files may lie there by now.
    if (this.#key !== key) return;
    this.#standing = performed;
    page.refresh();
  }
}

/** What to say while there is no answer: that it is being worked out, or why there is none. */
export function derivedNotice(page: Page, standing: DerivedStanding<TaskName>, working: string): readonly Node[] {
  if (standing === 'working') return [element('p', { class: 'working' }, working)];
  return typeof standing === 'object' && 'failure' in standing ? [failureNotice(standing.failure, page.language)] : [];
}
