/** The laboratory's identifier, as France numbers laboratories and companies. */

/** FINESS (a health establishment) or SIREN (a legal entity); `value` has 9 characters. */
export interface LabId {
  readonly scheme: 'finess' | 'siren';
  readonly value: string;
}

/** The identifier as one word, `finess-670012345`, safe in file names. */
export function labKey(id: LabId): string {
  return `${id.scheme}-${id.value.toLowerCase()}`;
}

/** Whether two identifiers name the same laboratory. */
export function sameLab(a: LabId, b: LabId): boolean {
  return a.scheme === b.scheme && a.value === b.value;
}

/** Whether a SIREN satisfies the Luhn formula (ISO/IEC 7812-1 annex B); a FINESS number has no check digit to test. */
export function isPlausibleLabId(id: LabId): boolean {
  if (id.scheme === 'finess') return true;
  let sum = 0;
  for (let i = 0; i < id.value.length; i++) {
    const digit = id.value.charCodeAt(id.value.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
