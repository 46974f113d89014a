/** Control characters, and those that reorder a line. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Shows what would steer a terminal as `\uXXXX`, all but the line feed: a name from a document must not move the cursor
 * or turn a line around. In JSON the same change is another spelling of the same value.
 */
export function visible(text: string): string {
  return text.replace(STEERING, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
