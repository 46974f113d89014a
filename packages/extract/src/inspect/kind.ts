/** What a column holds (F02: `inspect` classifies every column). */

/** The kinds, in the words of the findings. `unknown` is for a person to look at. */
export type Kind =
  | 'credential'
  | 'nir'
  | 'identifier'
  | 'name'
  | 'birth date'
  | 'date'
  | 'phone'
  | 'e-mail'
  | 'address'
  | 'postal code'
  | 'city'
  | 'free text'
  | 'result'
  | 'code'
  | 'unknown';

/** What a kind was concluded from. */
export type Evidence = 'name' | 'values' | 'name and values' | 'none';
