/** Columns of help and of texts for people. */
export const WIDTH = 80;

/** Breaks a text at ordinary spaces into lines of at most `width` characters; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A paragraph of at most {@link WIDTH} columns: its first line after one indent, the others after another. */
export function paragraph(text: string, first: string, rest: string = ' '.repeat(first.length)): string[] {
  const width = WIDTH - Math.max(first.length, rest.length);
  return wrap(text, width).map((line, index) => `${index === 0 ? first : rest}${line}`);
}
