/** What is counted of one column while the rows pass. Nothing of a cell is kept but counts and a hash. */
import { asLatin1, type Cell, HAS, isBlank } from './cell-shape.ts';
import { containsEmail, containsPhone, isEmail, isPhone } from './contact.ts';
import { DateDetector } from './date-detection.ts';
import { DistinctCount } from './distinct.ts';
import { containsNir, matchNir } from './nir.ts';
import { isPasswordHash, isUuid, TokenShape } from './secret.ts';

const STREET =
  /(?:^|[\s,\d])(?:rue|avenue|av|bd|bld|boulevard|place|pl|all.{1,2}e|chemin|ch|impasse|quai|route|rte|cours|square|faubourg|lotissement|r.{1,2}sidence|street|st|road|rd|lane|drive|dr|suite|apt|unit)[\s.]/i;
const NUMBER = /^[<>=~]{0,2} ?[+-]?\d[\d ]*(?:[.,]\d+)?(?:[eE][+-]?\d+)? ?%?$/;
const NIR_DIGITS = 13;
const PHONE_DIGITS = 9;
/** Streets and numbers are looked for in the first cells of a column, and then in every 64th. */
const SAMPLED = 5000;
const SAMPLING = 63;

/** The counts of one column. */
export class ColumnTally {
  readonly distinct: DistinctCount = new DistinctCount();
  readonly dates: DateDetector = new DateDetector();
  readonly tokens: TokenShape = new TokenShape();
  /** Cells that are not blank; the other counts are of these. */
  filled = 0;
  /** Bytes of the shortest and of the longest. */
  shortest: number = Number.POSITIVE_INFINITY;
  longest = 0;
  nir = 0;
  nirWithoutKey = 0;
  email = 0;
  phone = 0;
  passwordHash = 0;
  uuid = 0;
  /** Five digits. */
  postal = 0;
  /** Digits alone. */
  integer = 0;
  /** More letters than digits. */
  textual = 0;
  /** Letters, and what stands between names: spaces, hyphens, apostrophes. */
  wordsOnly = 0;
  /** Without spaces. */
  token = 0;
  /** Words in all. */
  words = 0;
  /** Cells in which something is hidden among other text. */
  readonly hidden = { nir: 0, email: 0, phone: 0 };
  /** Of the cells that were sampled: with a street, and with a number of any writing. */
  sampled = 0;
  street = 0;
  number = 0;

  /** Counts one cell. */
  add(cell: Cell): void {
    if (isBlank(cell)) return;
    const length = cell.end - cell.start;
    this.filled++;
    this.distinct.add(cell.hash);
    if (length < this.shortest) this.shortest = length;
    if (length > this.longest) this.longest = length;
    this.words += cell.spaces + 1;
    if (cell.spaces === 0) this.#token(cell);
    if (cell.letters > cell.digits) this.textual++;
    if (cell.digits > 0) this.#withDigits(cell, length);
    else if (cell.letters > 1 && (cell.mask & HAS.at) === 0) this.wordsOnly++;
    if ((cell.mask & HAS.at) !== 0) this.#withAt(cell);
    if (this.filled <= SAMPLED || (this.filled & SAMPLING) === 0) this.#sample(cell);
  }

  #token(cell: Cell): void {
    this.token++;
    this.tokens.add(cell);
    if (isPasswordHash(cell)) this.passwordHash++;
    if (isUuid(cell)) this.uuid++;
  }

  #withDigits(cell: Cell, length: number): void {
    const { digits } = cell;
    if (digits === length) this.integer++;
    if (digits === 5 && length === 5) this.postal++;
    const whole = this.dates.add(cell) || (digits >= PHONE_DIGITS - 1 && this.#wholeNumber(cell));
    // Numbers alone, such as coordinates, hold ten digits that begin with 0 by chance.
    const plain = cell.letters < 2 && cell.spaces === 0;
    if (whole || plain || digits < PHONE_DIGITS || isUuid(cell)) return;
    const text = asLatin1(cell);
    if (digits >= NIR_DIGITS && containsNir(text)) this.hidden.nir++;
    else if (containsPhone(text)) this.hidden.phone++;
  }

  #wholeNumber(cell: Cell): boolean {
    const nir = matchNir(cell);
    if (nir === 'key') this.nir++;
    if (nir === 'no key') this.nirWithoutKey++;
    const phone = nir === 'none' && isPhone(cell);
    if (phone) this.phone++;
    return phone || nir !== 'none';
  }

  #withAt(cell: Cell): void {
    if (isEmail(cell)) this.email++;
    else if (containsEmail(asLatin1(cell))) this.hidden.email++;
  }

  #sample(cell: Cell): void {
    this.sampled++;
    if (cell.digits > 0 && cell.letters < 2 && NUMBER.test(asLatin1(cell))) this.number++;
    else if (cell.letters > 3 && cell.spaces > 0 && STREET.test(asLatin1(cell))) this.street++;
  }
}
