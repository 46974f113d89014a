/** Lines of plain language as paragraphs and lists. */
import { html, type Markup } from '../markup.ts';

/** Sentences become paragraphs, lines that begin with a dash items. */
export function plainText(lines: readonly string[]): Markup[] {
  return blocksOf(lines).map(blockOf);
}

/** A sentence, or the items of a list. */
type Block = string | string[];

/** Lines that begin with a dash are items; those that follow each other, of one list. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (!line.startsWith('- ')) blocks.push(line);
    else if (typeof last === 'object') last.push(line.slice(2));
    else blocks.push([line.slice(2)]);
  }
  return blocks;
}

function blockOf(block: Block): Markup {
  if (typeof block === 'string')
    return html`<p>${block}</p>
`;
  return html`<ul class="${isShort(block) ? 'short' : 'long'}">${block.map((item) => html`<li>${item}</li>`)}</ul>
`;
}

/** Many names of fields read better in columns. */
function isShort(items: readonly string[]): boolean {
  return items.length > 5 && items.every((item) => item.length <= 32);
}
