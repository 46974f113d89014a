/**
 * Logins known by their making: one word that is built from the name in another cell of the row, such as `mart123` or
 * `jmartin` beside MARTIN.
 */
import { asLatin1, type Cell, HAS } from './cell-shape.ts';

/** Filled cells that are compared, for each column. */
const MOST_COMPARED = 1000;
const FEWEST_COMPARED = 20;
const SHARE = 0.5;
/** Letters of a name that a login has in it. */
const STEM = 4;
const SHORTEST_STEM = 3;
const LONGEST = 32;

/** Counts, for each column, the cells that are built from another cell of their row. */
export class LoginDetector {
  readonly #compared: Int32Array;
  readonly #built: Int32Array;

  constructor(columns: number) {
    this.#compared = new Int32Array(columns);
    this.#built = new Int32Array(columns);
  }

  /** Looks at a row. */
  add(cells: readonly Cell[]): void {
    let stems: string[] | undefined;
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column];
      if (cell === undefined || !mayBeLogin(cell) || (this.#compared[column] ?? 0) >= MOST_COMPARED) continue;
      stems ??= stemsOf(cells);
      const login = asLatin1(cell).toLowerCase();
      this.#compared[column] = (this.#compared[column] ?? 0) + 1;
      if (stems.some((stem) => login.includes(stem))) this.#built[column] = (this.#built[column] ?? 0) + 1;
    }
  }

  /** Whether the column's cells are logins. */
  isLogin(column: number): boolean {
    const compared = this.#compared[column] ?? 0;
    return compared >= FEWEST_COMPARED && (this.#built[column] ?? 0) >= SHARE * compared;
  }
}

/** One word in small letters, or with digits; not an e-mail address. */
function mayBeLogin({ mask, letters, spaces, digits, start, end }: Cell): boolean {
  const length = end - start;
  if (letters < SHORTEST_STEM || spaces > 0 || length <= STEM || length > LONGEST) return false;
  return (mask & HAS.at) === 0 && (digits > 0 || (mask & HAS.upper) === 0);
}

/** The first letters of the row's names: cells of letters that are not themselves written as a login is. */
function stemsOf(cells: readonly Cell[]): string[] {
  const stems: string[] = [];
  for (const cell of cells) {
    if (cell.digits > 0 || cell.letters < SHORTEST_STEM || (cell.mask & HAS.upper) === 0) continue;
    const [stem = ''] = /^[a-z]{3,4}/.exec(asLatin1(cell).toLowerCase().replace(/[ '-]/g, '')) ?? [];
    if (stem !== '') stems.push(stem);
  }
  return stems;
}
