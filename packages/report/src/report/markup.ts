/** HTML as a value: whatever is put between the written parts becomes text, so that a name in a document is never an element. */

/** What may stand between the written parts. */
export type Piece = Markup | string | undefined | readonly Piece[];

/** HTML that was written here. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The tag of templates: written parts stay, everything else is escaped unless it is {@link Markup}. */
  static html(this: void, parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
    return new Markup(parts.map((part, index) => `${part}${written(pieces[index])}`).join(''));
  }

  /** A text that is HTML already: the style, which holds no name of anybody. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** Short for {@link Markup.html}. */
export const html: typeof Markup.html = Markup.html;

function written(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string') return escaped(piece);
  return piece instanceof Markup ? piece.toString() : piece.map(written).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, and those that turn a line around: shown by their number, for a name must not rewrite a sentence. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(STEERING, (character) =>
      character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
