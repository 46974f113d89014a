/** How French is written here, with its special spaces and the typographic apostrophe. */
import { countryNames, sizes, type Typography, typesetter } from './language.ts';

/** A no-break space before a colon and within quotes, a narrow one before `;`, `?` and `!`. */
const text = typesetter('fr-FR', (part) =>
  part
    .replace(/ (?=:)|(?<=«) | (?=»)/g, '\u00a0')
    .replace(/ (?=[;?!])/g, '\u202f')
    .replaceAll("'", '’'),
);
const numbers = new Intl.NumberFormat('fr-FR');
const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ');

/** The first of a month is an ordinal. */
function day(date: string): string {
  const [year = '', month = '', dayOfMonth = ''] = date.slice(0, 10).split('-');
  const number = dayOfMonth === '01' ? '1er' : String(Number(dayOfMonth));
  return `${number}\u00a0${MONTHS[Number(month) - 1] ?? ''}\u00a0${year}`;
}

/** French. */
export const french: Typography = {
  language: 'fr',
  text,
  day,
  number: (count) => numbers.format(count),
  moment: (time) => `${day(time)} à ${Number(time.slice(11, 13))}\u00a0h\u00a0${time.slice(14, 16)} (UTC)`,
  list: (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} et ${words.at(-1) ?? ''}`),
  // In French, 0 and 1 are singular.
  count: (amount, one, many = one.replace(/(?= |$)/g, 's')) =>
    `${numbers.format(amount)}\u00a0${amount < 2 ? one : many}`,
  days: (count) => (count < 2 ? `${count} jour` : text`${count} jours`),
  size: sizes('fr-FR', ['octets', 'ko', 'Mo', 'Go', 'To']),
  country: countryNames('fr'),
};
