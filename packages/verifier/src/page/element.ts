/** The one place that makes elements: text always becomes text, never markup. */

/** What an element may hold; undefined is left out. */
export type Child = Node | string | undefined;

/** Attributes by name: a flag is there or not. */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** Makes an element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (typeof value === 'string') made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A button that does something. */
export function button(
  text: string,
  press: () => void,
  attributes: Attributes & { readonly class?: string } = {},
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', press);
  return made;
}
