/** Where a value stands in a JSON text: JSON Pointers (RFC 6901), lines and columns. */

/** Line and column, each from 1; columns count UTF-16 code units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The JSON Pointer of a path of member names and indexes; the root is the empty string. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The line and column of an offset; LF, CRLF and CR end a line. */
export function lineAndColumn(text: string, offset: number): TextPosition {
  const newline = /\r\n?|\n/g;
  let line = 1;
  let start = 0;
  for (let found = newline.exec(text); found !== null && newline.lastIndex <= offset; found = newline.exec(text)) {
    line += 1;
    start = newline.lastIndex;
  }
  return { line, column: offset - start + 1 };
}

/**
 * The offset of the value at a JSON Pointer in a text that {@link parseJson} accepted; where the pointer leads
 * nowhere, that of the last value on its way.
 */
export function offsetOf(text: string, pointer: string): number {
  const steps = pointer.split('/').slice(1);
  let at = skipSpace(text, 0);
  for (const step of steps) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = text.charAt(at) === '{' ? memberAt(text, at, name) : elementAt(text, at, name);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/** The offset of a member's value in the object that begins at `at`. */
function memberAt(text: string, at: number, name: string): number | undefined {
  for (let next = skipSpace(text, at + 1); text.charAt(next) === '"'; ) {
    const nameEnd = skipValue(text, next);
    const value = skipSpace(text, skipSpace(text, nameEnd) + 1);
    if (JSON.parse(text.slice(next, nameEnd)) === name) return value;
    next = afterValue(text, value);
  }
  return undefined;
}

/** The offset of an element in the array that begins at `at`. */
function elementAt(text: string, at: number, index: string): number | undefined {
  if (text.charAt(at) !== '[') return undefined;
  let next = skipSpace(text, at + 1);
  for (let passed = 0; next < text.length && text.charAt(next) !== ']'; passed += 1) {
    if (String(passed) === index) return next;
    next = afterValue(text, next);
  }
  return undefined;
}

/** The offset of what follows the comma after a value, or of the closing bracket. */
function afterValue(text: string, at: number): number {
  const end = skipSpace(text, skipValue(text, at));
  return text.charAt(end) === ',' ? skipSpace(text, end + 1) : end;
}

/** The offset behind a value: brackets are counted, strings are passed as one token. */
function skipValue(text: string, at: number): number {
  const token = /"(?:[^"\\]|\\.)*"|[[{]|[\]}]|[^\s"[\]{},:]+/g;
  token.lastIndex = at;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (/^[[{]/.test(found[0])) depth += 1;
    else if (/^[\]}]/.test(found[0])) depth -= 1;
    if (depth === 0) break;
  }
  return token.lastIndex;
}

function skipSpace(text: string, at: number): number {
  const space = /[ \t\r\n]*/y;
  space.lastIndex = at;
  space.exec(text);
  return space.lastIndex;
}
