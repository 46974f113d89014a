/** A page of plain language: headings, sentences, and lists of the lines that begin with a dash. */
import type { Page as PlainPage, Section } from '@sealift/report';
import { element } from './element.ts';

/** The page on a sheet of its own. */
export function plainPage({ title, sections }: PlainPage): HTMLElement {
  return element(
    'article',
    { class: 'sheet' },
    element('h3', { class: 'sheet-title' }, title),
    ...sections.flatMap(sectionOf),
  );
}

function sectionOf({ title, lines }: Section): Node[] {
  const blocks: Node[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (!line.startsWith('- ')) blocks.push(element('p', {}, line));
    else if (last instanceof HTMLUListElement) last.append(element('li', {}, line.slice(2)));
    else blocks.push(element('ul', {}, element('li', {}, line.slice(2))));
  }
  for (const block of blocks) if (block instanceof HTMLUListElement && isShort(block)) block.classList.add('short');
  return [element('h4', {}, title), ...blocks];
}

/** Many names of fields read better in columns. */
function isShort({ children }: HTMLUListElement): boolean {
  return children.length > 5 && [...children].every(({ textContent }) => (textContent ?? '').length <= 32);
}
