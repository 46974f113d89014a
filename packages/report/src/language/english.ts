/** How English is written here: British. */
import { countryNames, sizes, type Typography, typesetter } from './language.ts';

const text = typesetter('en-GB', (part) => part);
const numbers = new Intl.NumberFormat('en-GB');
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

function day(date: string): string {
  const [year = '', month = '', dayOfMonth = ''] = date.slice(0, 10).split('-');
  return `${Number(dayOfMonth)}\u00a0${MONTHS[Number(month) - 1] ?? ''}\u00a0${year}`;
}

/** English. */
export const english: Typography = {
  language: 'en',
  text,
  day,
  number: (count) => numbers.format(count),
  moment: (time) => `${day(time)} at ${time.slice(11, 16)}\u00a0UTC`,
  list: (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`),
  count: (amount, one, many = `${one}s`) => `${numbers.format(amount)} ${amount === 1 ? one : many}`,
  days: (count) => (count === 1 ? '1 day' : text`${count} days`),
  size: sizes('en-GB', ['bytes', 'kB', 'MB', 'GB', 'TB']),
  country: countryNames('en'),
};
