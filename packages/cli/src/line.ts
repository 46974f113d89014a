/** What a command says to people: lines of text, some of them with an emphasis. Colours are print.ts's business. */

/** How a line stands out: a heading, something that holds, something to look at, something that does not hold. */
export type Emphasis = 'heading' | 'good' | 'caution' | 'bad';

/** One line of text, or more with line feeds in it; without the last line feed. */
export type Line = string | { readonly emphasis: Emphasis; readonly text: string };

/** A line that stands out. */
export function emphasised(emphasis: Emphasis, text: string): Line {
  return { emphasis, text };
}
