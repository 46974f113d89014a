/** Countries, as far as transfers depend on them (GDPR chapter V, F07). */

/** The European Economic Area: the Union, Iceland, Liechtenstein and Norway (ISO 3166-1 alpha-2). */
const EEA: ReadonlySet<string> = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO'.split(' '),
);

/** Whether a country belongs to the European Economic Area. */
export function isInEea(country: string): boolean {
  return EEA.has(country);
}
