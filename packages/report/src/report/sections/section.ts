/** What every section is made from, and its frame. */
import { html, type Markup, type Piece } from '../markup.ts';
import type { ReportSource } from '../source.ts';
import type { ReportLanguage, SectionName } from '../words.ts';

/** A source and the language to write in. */
export interface Writing extends ReportLanguage {
  readonly source: ReportSource;
}

/** The heading over a section. */
export function titleOfSection(name: SectionName, { words, said }: ReportLanguage): string {
  return name === 'troubles' ? said.troubles : words.sections[name];
}

/** A section under its heading. */
export function section(name: SectionName, writing: ReportLanguage, ...content: readonly Piece[]): Markup {
  return html`<section id="${name}" aria-labelledby="${name}-title">
<h2 id="${name}-title">${titleOfSection(name, writing)}</h2>
${content}</section>
`;
}

/** Paragraphs. */
export function paragraphs(texts: readonly string[]): Markup[] {
  return texts.map(
    (text) => html`<p>${text}</p>
`,
  );
}

/** The same text, its first letter a capital. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
