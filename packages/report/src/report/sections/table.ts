/** Tables of a report. */
import { html, type Markup, type Piece } from '../markup.ts';

/** A column: its heading, and whether it holds numbers. */
export interface Column {
  readonly heading: Piece;
  readonly kind?: 'number' | 'mark';
}

/** A table whose first cells are the headings of their rows; the last row may be the sum of the others. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Piece[])[],
  sum?: readonly Piece[],
): Markup {
  const kind = (index: number): string => columns[index]?.kind ?? 'text';
  const row = ([first, ...others]: readonly Piece[], role = 'one'): Markup =>
    html`<tr class="${role}"><th scope="row">${first}</th>${others.map((cell, index) => html`<td class="${kind(index + 1)}">${cell}</td>`)}</tr>
`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="plain">
<caption>${caption}</caption>
<thead><tr>${columns.map(({ heading }, index) => html`<th scope="col" class="${kind(index)}">${heading}</th>`)}</tr></thead>
<tbody>
${rows.map((cells) => row(cells))}${sum === undefined ? undefined : row(sum, 'sum')}</tbody>
</table></div>
`;
}
